// What was said in an episode, as its owner asks for it, reads and corrects it. The work is a durable job that goes on
// where it was cut off; a job whose episode has another source or another job by then ends without effect.
//
//   processing.on_processed([&](Transaction& tx, ProcessedEpisode episode) { return transcripts.processed(tx, episode);
//   });
//
// A transcript that cannot be made costs nothing else: the sound is finished, the episode says what went wrong, and
// POST …/transcribe tries again.
#pragma once

#include <expected>
#include <variant>

#include "engine/billing/allowances.hpp"
#include "products/podcasts/episodes.hpp"
#include "products/podcasts/sound/processing.hpp"
#include "products/podcasts/texts/heard_pieces.hpp"
#include "products/podcasts/texts/notes_work.hpp"

namespace odeon::podcasts {

struct TranscribeEpisode {
  static constexpr std::string_view kind = "podcasts.transcribe";
  static constexpr auto weight = jobs::Weight::heavy;
  std::string episode_id;
  std::string source_id;
  std::string audio_id;
  std::string language;
  bool show_notes = false;                 // follow
  std::optional<std::string> reservation;  // of minutes of transcription
};
BOOST_DESCRIBE_STRUCT(TranscribeEpisode, (), (episode_id, source_id, audio_id, language, show_notes, reservation))

// What was begun of an episode's texts.
struct TextWork {
  std::string episode_id;
  ProcessingStatus processing_status = ProcessingStatus::transcribing;
  std::string job_id;  // for /api/jobs/{id} and its events
};
BOOST_DESCRIBE_STRUCT(TextWork, (), (episode_id, processing_status, job_id))

struct TranscribeRequest {
  std::string id;
  std::optional<Text<0, 35>> language;  // that is spoken; left out or empty: as it was chosen, or the podcast's
};
BOOST_DESCRIBE_STRUCT(TranscribeRequest, (), (id, language))

enum class TranscriptFormat { json, vtt, srt, txt };
BOOST_DESCRIBE_ENUM(TranscriptFormat, json, vtt, srt, txt)
struct ReadTranscript {
  std::string id;
  std::optional<TranscriptFormat> format;
};
BOOST_DESCRIBE_STRUCT(ReadTranscript, (), (id, format))
struct RewriteTranscript {
  std::string id;
  Text<1, 1'000'000> text;
};
BOOST_DESCRIBE_STRUCT(RewriteTranscript, (), (id, text))

inline constexpr Endpoint<TranscribeRequest, http::Accepted<TextWork>> transcribe_episode{
    {.method = Method::post,
     .path = "/api/episodes/{id}/transcribe",
     .summary = "Write down what is said in an episode",
     .description = "Work that is under way is told of again, and so is what would only be written down a second time: "
                    "`processing_status` is complete then. 409 AUDIO_NOT_READY until the sound is finished, 403 "
                    "TRANSCRIPTION_LIMIT_REACHED where the plan has no minutes left.",
     .auth = Auth::user,
     .rate = {20, http::per_hour}}};
inline constexpr Endpoint<ReadTranscript, http::Content> read_transcript_of{
    {.method = Method::get,
     .path = "/api/episodes/{id}/transcript",
     .summary = "What is said in an episode",
     .description = "As `format` says: json (with the time of every word), vtt, srt or txt.",
     .auth = Auth::user,
     .rate = kReading}};
inline constexpr Endpoint<RewriteTranscript, http::Content> rewrite_transcript{
    {.method = Method::put,
     .path = "/api/episodes/{id}/transcript",
     .summary = "Correct what is said in an episode",
     .description = "`text` is all of it. Words that stay keep their times, others get what is left between them. "
                    "Answers with the new transcript as JSON.",
     .auth = Auth::user,
     .rate = kChanging,
     .max_body = 8 << 20}};

// Thread-safe; what it is given outlives it.
class Transcripts {
 public:
  struct Rooms {
    database::Database& database;
    jobs::Queue& queue;
    billing::Subscriptions& subscriptions;
    billing::Allowances& allowances;
    HeardPieces& pieces;
    NotesWork& notes;
    Announcements& announcements;
    ThreadPool& heavy;
    const Clock& clock;
  };
  explicit Transcripts(Rooms rooms) : rooms_(rooms) {}

  Task<http::Accepted<TextWork>> transcribe(http::Caller caller, TranscribeRequest request);
  Task<http::Content> read(http::Caller caller, ReadTranscript request);
  Task<http::Content> rewrite(http::Caller caller, RewriteTranscript request);
  void mount(http::Api& api);

  // For Processing::on_processed. A transcript of the same recording, and what its owner has corrected in it, moves
  // along with what is cut otherwise now; one in another language than is wanted now stays until there is a new one. Of
  // another recording it goes, and the new one is transcribed.
  Task<bool> processed(Transaction& tx, ProcessedEpisode episode);
  void install(jobs::Worker& worker);

 private:
  // Work that somebody pays for and nobody did before.
  Task<std::expected<std::string, billing::Refusal>> begin(Transaction& tx, TranscribeEpisode job, EpisodeRow episode,
                                                           TraceContext trace);
  // Whether the same sound was written down so already, and nobody has touched that since.
  Task<bool> is_written(Transaction& tx, std::string episode_id, std::string language);
  Task<void> run(TranscribeEpisode job, jobs::Job& handle);
  Task<std::optional<TimedTranscript>> hear(TranscribeEpisode job, EpisodeRow episode, jobs::Job& handle);
  // False: nobody wants it any more.
  Task<bool> finish(TranscribeEpisode job, TimedTranscript transcript, jobs::Job& handle);
  // What was held for it: it was heard, or not.
  enum class Heard { all, nothing };
  Task<void> count(Transaction& tx, TranscribeEpisode job, Heard heard);
  Task<void> count(TranscribeEpisode job, Heard heard);
  Task<void> failed(TranscribeEpisode job, Transaction& tx, std::string error);
  enum class Moved { nothing, all, in_another_language };
  Task<Moved> move_along(Transaction& tx, ProcessedEpisode episode);
  // True: that is a job now.
  Task<bool> write_down(Transaction& tx, ProcessedEpisode episode, Moved before);
  Task<TimedTranscript> kept(Executor& executor, std::string episode_id);

  Rooms rooms_;
};

// The plan has none of it.
Error upgrade_required(std::string_view what, std::string upgrade_url);

// Holds an episode, which has source and sound, to the end of the transaction; what works on its texts already, if
// something does. Throws Error{not_found} for what is not theirs, {conflict} AUDIO_NOT_READY while its sound is not
// finished.
Task<std::variant<EpisodeRow, TextWork>> hold_finished(Transaction& tx, std::string user_id, std::string id,
                                                       const Clock& clock);

}  // namespace odeon::podcasts
