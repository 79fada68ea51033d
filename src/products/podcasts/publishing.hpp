// When an episode is in the feed: from now on, from a moment that was chosen, or no more. What waits for its moment
// waits in the queue, so it comes whatever is started anew meanwhile. What its sound's tag says is brought up to date
// with it: when a moment is chosen, and at that moment.
#pragma once

#include "engine/jobs/worker.hpp"
#include "products/podcasts/episodes.hpp"

namespace odeon::podcasts {

struct PublishEpisode {
  std::string id;
  std::optional<Instant> scheduled_for;
};
BOOST_DESCRIBE_STRUCT(PublishEpisode, (), (id, scheduled_for))

// Of a moment that was chosen. Another choice leaves it without effect.
struct PublishScheduled {
  static constexpr std::string_view kind = "podcasts.publish_scheduled";
  std::string id;
  Instant at;
};
BOOST_DESCRIBE_STRUCT(PublishScheduled, (), (id, at))

inline constexpr Endpoint<PublishEpisode, Episode> publish_episode{
    {.method = Method::post,
     .path = "/api/episodes/{id}/publish",
     .summary = "Publish an episode, now or at `scheduled_for`",
     .description = "The first one publishes its podcast too. 409 AUDIO_NOT_READY until its sound is finished.",
     .auth = Auth::user,
     .rate = kChanging}};
inline constexpr Endpoint<EpisodeRequest, Episode> unpublish_episode{
    {.method = Method::post,
     .path = "/api/episodes/{id}/unpublish",
     .summary = "Take an episode out of the feed, or back from its schedule",
     .description = "Published again, it has its old date and listeners' apps know it.",
     .auth = Auth::user,
     .rate = kChanging}};

// Thread-safe; what it is given outlives it.
class Publishing {
 public:
  struct Rooms {
    database::Database& database;
    jobs::Queue& queue;
    Episodes& episodes;
    const Clock& clock;
  };
  explicit Publishing(Rooms rooms) : rooms_(rooms) {}

  Task<Episode> publish(http::Caller caller, PublishEpisode request);
  Task<Episode> unpublish(http::Caller caller, EpisodeRequest request);

  void mount(http::Api& api);
  void install(jobs::Worker& worker);

 private:
  Task<void> publish_now(Transaction& tx, EpisodeRow row, TraceContext trace);
  Task<void> schedule(Transaction& tx, EpisodeRow row, Instant at, TraceContext trace);
  Task<void> run(PublishScheduled job, jobs::Job& handle);

  Rooms rooms_;
};

}  // namespace odeon::podcasts
