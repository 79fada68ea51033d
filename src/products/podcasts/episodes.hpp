// Episodes: begun, changed, listed, deleted with their sound.
#pragma once

#include "engine/storage/files.hpp"
#include "products/podcasts/shows.hpp"

namespace odeon::podcasts {

// How long the address of a sound plays that is not published.
inline constexpr std::chrono::hours kAddressLifetime{6};

struct NewEpisode {
  std::string id;  // of the podcast
  Text<1, 255> title;
  std::optional<Text<0, 4000>> description;
  std::optional<Int<0, 100'000>> episode_number, season_number;  // 0: none
  std::optional<EpisodeType> type;
  std::optional<Text<0, 2000>> artwork_url;
};
BOOST_DESCRIBE_STRUCT(NewEpisode, (), (id, title, description, episode_number, season_number, type, artwork_url))

// What is left out stays as it is.
struct ChangeEpisode {
  std::string id;
  std::optional<Text<1, 255>> title;
  std::optional<Text<0, 4000>> description;
  std::optional<Int<0, 100'000>> episode_number, season_number;
  std::optional<EpisodeType> type;
  std::optional<Text<0, 2000>> artwork_url;
  std::optional<Text<0, 100'000>> show_notes;
};
BOOST_DESCRIBE_STRUCT(ChangeEpisode, (),
                      (id, title, description, episode_number, season_number, type, artwork_url, show_notes))

// As lists have it.
struct EpisodeShown {
  std::string id;
  std::string podcast_id;
  std::string user_id;
  std::string guid;
  std::string title;
  Nullable<std::string> description;
  Nullable<std::int64_t> episode_number, season_number;
  EpisodeType type = EpisodeType::full;
  Nullable<std::int64_t> audio_file_size_bytes;
  Nullable<std::string> audio_file_url;  // plays without headers; until the world may hear it, for a while
  Nullable<std::int64_t> duration_seconds;
  Nullable<std::string> artwork_url;
  Nullable<Instant> published_at, scheduled_for;
  EpisodeStatus status = EpisodeStatus::draft;
  Nullable<ProcessingStatus> processing_status;
  Nullable<std::string> processing_error;
  Instant created_at, updated_at;
};
BOOST_DESCRIBE_STRUCT(EpisodeShown, (),
                      (id, podcast_id, user_id, guid, title, description, episode_number, season_number, type,
                       audio_file_size_bytes, audio_file_url, duration_seconds, artwork_url, published_at,
                       scheduled_for, status, processing_status, processing_error, created_at, updated_at))

struct Episode : EpisodeShown {
  Nullable<std::string> transcript;
  json::value transcript_json;
  Nullable<std::string> show_notes;
  json::value show_notes_json;
};
BOOST_DESCRIBE_STRUCT(Episode, (EpisodeShown), (transcript, transcript_json, show_notes, show_notes_json))

struct EpisodeRequest {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(EpisodeRequest, (), (id))
struct ListEpisodes {
  std::string id;
  std::optional<EpisodeStatus> status;
  Clamped<1, 100> limit = 50;
  Text<0, 64> cursor;
};
BOOST_DESCRIBE_STRUCT(ListEpisodes, (), (id, status, limit, cursor))
struct EpisodeList {
  std::vector<EpisodeShown> episodes;
  Nullable<std::string> next_cursor;  // null at the end
};
BOOST_DESCRIBE_STRUCT(EpisodeList, (), (episodes, next_cursor))

inline constexpr Endpoint<ListEpisodes, EpisodeList> list_episodes{
    {.method = Method::get,
     .path = "/api/podcasts/{id}/episodes",
     .summary = "The episodes of a podcast of yours, the newest first",
     .description = "Without their transcripts and notes.",
     .auth = Auth::user,
     .rate = kReading}};
inline constexpr Endpoint<NewEpisode, Created<Episode>> create_episode{{.method = Method::post,
                                                                        .path = "/api/podcasts/{id}/episodes",
                                                                        .summary = "Begin an episode",
                                                                        .auth = Auth::user,
                                                                        .rate = kChanging}};
inline constexpr Endpoint<EpisodeRequest, Episode> read_episode{{.method = Method::get,
                                                                 .path = "/api/episodes/{id}",
                                                                 .summary = "An episode of yours",
                                                                 .auth = Auth::user,
                                                                 .rate = kReading}};
inline constexpr Endpoint<ChangeEpisode, Episode> change_episode{
    {.method = Method::put,
     .path = "/api/episodes/{id}",
     .summary = "Change an episode",
     .description = "What is left out stays as it is; an empty text or the number 0 is none.",
     .auth = Auth::user,
     .rate = kChanging}};
inline constexpr Endpoint<EpisodeRequest, http::NoContent> delete_episode{{.method = Method::delete_,
                                                                           .path = "/api/episodes/{id}",
                                                                           .summary = "Delete an episode and its sound",
                                                                           .auth = Auth::user,
                                                                           .rate = kChanging}};

// Thread-safe; what it is given outlives it.
class Episodes {
 public:
  struct Rooms {
    database::Database& database;
    const storage::FileSigner& signer;
    jobs::Queue& queue;
    Audio& audio;
    Artwork& artwork;
    Intakes& intakes;
    const Clock& clock;
  };
  explicit Episodes(Rooms rooms) : rooms_(rooms) {}

  Task<EpisodeList> list(http::Caller caller, ListEpisodes request);
  Task<Created<Episode>> create(http::Caller caller, NewEpisode request);
  Task<Episode> read(http::Caller caller, EpisodeRequest request);
  Task<Episode> change(http::Caller caller, ChangeEpisode request);
  Task<http::NoContent> remove(http::Caller caller, EpisodeRequest request);

  void mount(http::Api& api);

  // With its texts, as its owner sees it.
  Task<Episode> described(EpisodeRow row, http::Caller caller);

 private:
  EpisodeShown shown(const EpisodeRow& row, ShowStatus show, const http::Caller& caller) const;

  Rooms rooms_;
};

// The address of what is heard, below that of the product: the same for as long as the sound is.
std::string audio_url(std::string_view base_url, const EpisodeRow& row);
// Whether anybody may hear it there: of a podcast that is a draft, nothing.
bool is_open(const EpisodeRow& row, ShowStatus show);
// Throws Error{not_found} for what is not theirs.
Task<EpisodeRow> own_episode(Executor& executor, std::string user_id, std::string id);

}  // namespace odeon::podcasts
