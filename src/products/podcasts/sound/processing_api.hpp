// The work on an episode's sound, as its owner sees it and begins it anew.
#pragma once

#include "products/podcasts/episodes.hpp"
#include "products/podcasts/sound/processing.hpp"

namespace odeon::podcasts {

struct ProcessRequest : ProcessingOptions {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(ProcessRequest, (ProcessingOptions), (id))

struct ProcessingShown {
  std::string episode_id;
  Nullable<ProcessingStatus> processing_status;
  std::int64_t percent = 0;  // of the present job
  std::string stage;         // short and stable; empty while it waits, and once it ended
  std::string message;       // for people
  Nullable<std::int64_t> queue_position;
  Nullable<double> estimated_seconds;
  Nullable<std::string> job_id;  // for /api/jobs/{id} and its events
  Nullable<std::string> error;
  ProcessingOptions options;
  Nullable<Measurements> measurements;  // of what is heard
};
BOOST_DESCRIBE_STRUCT(ProcessingShown, (),
                      (episode_id, processing_status, percent, stage, message, queue_position, estimated_seconds,
                       job_id, error, options, measurements))

inline constexpr Endpoint<ProcessRequest, http::Accepted<ProcessingShown>> process_episode{
    {.method = Method::post,
     .path = "/api/episodes/{id}/process",
     .summary = "Work on the sound of an episode again",
     .description = "With other options: what is left out stays as it was. Work under way with the same options is "
                    "gone on with, and told; with others it begins anew. 409 NO_SOUND where nothing has come.",
     .auth = Auth::user,
     .rate = kChanging}};
inline constexpr Endpoint<EpisodeRequest, ProcessingShown> read_processing{
    {.method = Method::get,
     .path = "/api/episodes/{id}/status",
     .summary = "How the sound of an episode goes, and what is known of it",
     .auth = Auth::user,
     .rate = kReading}};
inline constexpr Endpoint<EpisodeRequest, http::Content> read_waveform{
    {.method = Method::get,
     .path = "/api/episodes/{id}/waveform",
     .summary = "The outline of what is heard",
     .description = "JSON as BBC's audiowaveform writes it: the lowest and highest sample of each pixel, of 8 bits.",
     .auth = Auth::user,
     .rate = kReading}};
inline constexpr Endpoint<EpisodeRequest, http::Content> draw_waveform{
    {.method = Method::get,
     .path = "/api/episodes/{id}/waveform.svg",
     .summary = "A picture of the outline of what is heard",
     .auth = Auth::user,
     .rate = kReading}};

// Thread-safe; what it is given outlives it.
class ProcessingApi {
 public:
  struct Rooms {
    database::Database& database;
    jobs::Queue& queue;
    Processing& processing;
    const Clock& clock;
  };
  explicit ProcessingApi(Rooms rooms) : rooms_(rooms) {}

  Task<http::Accepted<ProcessingShown>> process(http::Caller caller, ProcessRequest request);
  Task<ProcessingShown> status(http::Caller caller, EpisodeRequest request);
  Task<http::Content> waveform(http::Caller caller, EpisodeRequest request);
  Task<http::Content> picture(http::Caller caller, EpisodeRequest request);

  void mount(http::Api& api);

 private:
  Task<bool> is_under_way(Transaction& tx, std::string episode_id, ProcessingOptions given);
  Task<ProcessingShown> shown(std::string user_id, std::string episode_id);
  Task<std::string> own_waveform(std::string user_id, std::string episode_id);

  Rooms rooms_;
};

}  // namespace odeon::podcasts
