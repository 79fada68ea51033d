// Recording in a browser: chunks are sent while it records, so that nothing is lost when it dies. A session takes them
// in any order and more than once; it can be gone on with after a break, and what has come of one that was left can be
// saved. Minutes are held of the plan when it starts, and settled by what the recording turns out to be.
//
// A simple recorder knows of no session (recording_unnamed.cpp). It sends chunks as they come, without a number: they
// belong to the recording that was begun last, or begin one in the podcast that was.
//
// Sessions that nobody finishes go a week after their last chunk, and hold no minutes for longer than an hour after it.
#pragma once

#include "products/podcasts/shows.hpp"
#include "products/podcasts/sound/processing_options.hpp"

namespace odeon::podcasts {

inline constexpr std::uint64_t kLargestChunk = 64 << 20;
inline constexpr std::int64_t kMostChunks = 100'000;
inline constexpr std::int64_t kMostMinutes = 360;  // what is longer nobody works on: media::RecordingOptions

struct StartRecording {
  std::optional<Text<1, 64>> podcast_id;        // an episode is begun in it when the recording is finished
  std::optional<Text<1, 64>> episode_id;        // or the one that it is for
  Text<0, 255> title;                           // of the episode that is begun
  Text<0, 100> mime_type;                       // of MediaRecorder; its usual one where it is left out
  std::optional<Int<1, kMostMinutes>> minutes;  // at the most; usually an hour
};
BOOST_DESCRIBE_STRUCT(StartRecording, (), (podcast_id, episode_id, title, mime_type, minutes))

struct UploadChunk {
  std::optional<Text<1, 64>> session_id;          // usually the recording that was begun last
  std::optional<Int<0, kMostChunks - 1>> number;  // from 0 on; usually behind those that have come
  http::Upload chunk;
};
BOOST_DESCRIBE_STRUCT(UploadChunk, (), (session_id, number, chunk))

// With what is to be done with its sound.
struct FinishRecording : ProcessingOptions {
  std::optional<Text<1, 64>> session_id;      // usually the recording that was begun last
  std::optional<Int<1, kMostChunks>> chunks;  // how many were sent; up to the last that came, if that is left out
  std::optional<bool> salvage;                // makes do with those before the first that is missing
  Text<0, 255> title;
  std::optional<http::Upload> audio;  // all of it once more: what is heard where a chunk has not come
};
BOOST_DESCRIBE_STRUCT(FinishRecording, (ProcessingOptions), (session_id, chunks, salvage, title, audio))

enum class RecordingStatus { recording, joining, finished };
BOOST_DESCRIBE_ENUM(RecordingStatus, recording, joining, finished)

struct RecordingShown {
  std::string session_id;
  RecordingStatus status = RecordingStatus::recording;
  std::string podcast_id;
  Nullable<std::string> episode_id;
  Nullable<std::string> job_id;       // that joins it: for /api/jobs/{id} and its events
  std::int64_t chunks = 0;            // that have come
  std::int64_t salvageable = 0;       // of them, before the first that is missing
  std::vector<std::int64_t> missing;  // numbers below the greatest that has come, the first thousand
  std::int64_t bytes = 0;
  std::int64_t limit_seconds = 0;  // what is held of the plan for it, or was until it was left
  Instant started_at;
  Instant expires_at;  // unless something comes
};
BOOST_DESCRIBE_STRUCT(RecordingShown, (),
                      (session_id, status, podcast_id, episode_id, job_id, chunks, salvageable, missing, bytes,
                       limit_seconds, started_at, expires_at))

struct ChunkKept {
  std::string session_id;
  std::int64_t number = 0;
  bool known = false;      // it was here before
  std::int64_t bytes = 0;  // of all that have come
};
BOOST_DESCRIBE_STRUCT(ChunkKept, (), (session_id, number, known, bytes))

struct RecordingRequest {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(RecordingRequest, (), (id))
struct RecordingList {
  std::vector<RecordingShown> recordings;
};
BOOST_DESCRIBE_STRUCT(RecordingList, (), (recordings))

inline constexpr Endpoint<StartRecording, Created<RecordingShown>> start_recording{
    {.method = Method::post,
     .path = "/api/recording/start",
     .summary = "Begin to record",
     .description = "Names a podcast or an episode of yours. 403 RECORDING_LIMIT_REACHED where the plan has no minutes "
                    "left; `limit_seconds` is what it has for this recording.",
     .auth = Auth::user,
     .rate = kChanging}};
inline constexpr Endpoint<UploadChunk, ChunkKept> upload_chunk{
    {.method = Method::post,
     .path = "/api/recording/upload",
     .summary = "A chunk of a recording",
     .description =
         "Chunks are numbered from 0 and may come in any order, and again. Without `number` it is the next one, and "
         "without `session_id` one of the recording that was begun last; the first of a file begins one in your newest "
         "podcast if there is none. 409 CHUNK_DIFFERS where another one has that number, RECORDING_FINISHED where the "
         "recording takes no more, NO_RECORDING and NO_PODCAST where there is nothing that it could belong to.",
     .auth = Auth::user,
     .rate = {1200, http::per_minute},
     .max_body = kLargestChunk}};
inline constexpr Endpoint<FinishRecording, http::Accepted<RecordingShown>> finish_recording{
    {.method = Method::post,
     .path = "/api/recording/finish",
     .summary = "The recording is whole",
     .description = "Joins its chunks into the sound of `episode_id`. 409 CHUNKS_MISSING names what has not come; "
                    "`salvage` makes do with what came before that. In a form, `audio` may be the whole recording: it "
                    "is taken where a chunk has not come. May be sent again (without `session_id`, within five "
                    "minutes), and with what is to be done with the sound.",
     .auth = Auth::user,
     .rate = {120, http::per_hour},
     .max_body = kLargestSource}};
inline constexpr Endpoint<Nothing, RecordingList> list_recordings{
    {.method = Method::get,
     .path = "/api/recording",
     .summary = "Recordings that nobody has finished, the newest first",
     .auth = Auth::user,
     .rate = kReading}};
inline constexpr Endpoint<RecordingRequest, RecordingShown> read_recording{
    {.method = Method::get,
     .path = "/api/recording/{id}",
     .summary = "What has come of a recording, and what is missing",
     .auth = Auth::user,
     .rate = kReading}};
inline constexpr Endpoint<RecordingRequest, http::NoContent> delete_recording{
    {.method = Method::delete_,
     .path = "/api/recording/{id}",
     .summary = "Throw away a recording that is not finished",
     .auth = Auth::user,
     .rate = kChanging}};

// Thread-safe; what it is given outlives it.
class Recording {
 public:
  struct Rooms {
    database::Database& database;
    storage::Storage& storage;
    jobs::Queue& queue;
    Intakes& intakes;
    const Clock& clock;
  };
  explicit Recording(Rooms rooms) : rooms_(rooms) {}

  Task<Created<RecordingShown>> start(http::Caller caller, StartRecording request);
  Task<ChunkKept> upload(http::Caller caller, UploadChunk request);
  Task<http::Accepted<RecordingShown>> finish(http::Caller caller, FinishRecording request);
  Task<RecordingList> list(http::Caller caller);
  Task<RecordingShown> read(http::Caller caller, RecordingRequest request);
  Task<http::NoContent> remove(http::Caller caller, RecordingRequest request);

  void mount(http::Api& api);

 private:
  struct Ended {
    std::string session;
    bool took_audio = false;  // its object is a source's
  };
  Task<Ended> end(http::Caller caller, FinishRecording request);
  // The one that was begun last, of those that are open or ended a moment ago.
  Task<std::optional<IntakeRow>> newest(std::string user_id);
  // Each gives the id of a recording of theirs.
  Task<std::string> newest_session(std::string user_id);
  Task<std::string> session_for(http::Caller caller, http::Upload chunk);
  Task<std::string> session_of(http::Caller caller, http::Upload whole);
  Task<bool> is_of(IntakeRow row, http::Upload whole);
  Task<std::string> head_of(std::string key);
  Task<std::string> begin_unnamed(http::Caller caller, std::string content_type);
  Task<IntakeRow> own(std::string user_id, std::string id);
  Task<void> hold_again(Transaction& tx, std::string id);
  Task<ChunkKept> keep(http::Caller caller, UploadChunk request);
  Task<RecordingShown> shown(IntakeRow row);

  Rooms rooms_;
};

}  // namespace odeon::podcasts
