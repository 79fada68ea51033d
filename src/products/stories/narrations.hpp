// Stories read aloud: asked for, and how far they are. A job speaks them (narrating.hpp).
#pragma once

#include "engine/billing/subscriptions.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "engine/jobs/queue.hpp"
#include "products/stories/media.hpp"
#include "products/stories/pace.hpp"
#include "products/stories/tale_store.hpp"
#include "products/stories/told_jobs.hpp"

namespace odeon::stories {

enum class Voice { nova, echo, alloy, fable, onyx, shimmer, coral };
BOOST_DESCRIBE_ENUM(Voice, nova, echo, alloy, fable, onyx, shimmer, coral)
enum class Priority { low, normal, high };
BOOST_DESCRIBE_ENUM(Priority, low, normal, high)

struct NarrateStory {
  static constexpr std::string_view kind = "stories.narrate";
  static constexpr auto weight = jobs::Weight::heavy;
  std::string id;
  std::string voice;
  std::string tier;
};
BOOST_DESCRIBE_STRUCT(NarrateStory, (), (id, voice, tier))

// How long it usually takes, as far as nobody knows better.
inline constexpr std::chrono::seconds kUsualNarrating{45};

struct AudioWanted {
  std::string storyId;
  std::optional<Voice> voice;  // else the one it has, else nova
  std::optional<Priority> priority;
};
BOOST_DESCRIBE_STRUCT(AudioWanted, (), (storyId, voice, priority))
struct AudioRequest {
  std::string storyId;
};
BOOST_DESCRIBE_STRUCT(AudioRequest, (), (storyId))

struct AudioJobReply {
  JobTold job;
};
BOOST_DESCRIBE_STRUCT(AudioJobReply, (), (job))
struct AudioStatus {
  bool audioGenerated = false;
  std::optional<std::string> audioUrl;
  std::optional<double> audioDuration;    // seconds
  std::optional<std::string> audioModel;  // what spoke; none of a sound that was brought
  std::optional<Instant> generatedAt;
  std::optional<JobTold> job;  // while it is being made, or once that failed
};
BOOST_DESCRIBE_STRUCT(AudioStatus, (), (audioGenerated, audioUrl, audioDuration, audioModel, generatedAt, job))

inline constexpr Endpoint<AudioWanted, http::Accepted<AudioJobReply>> narrate_story{
    {.method = Method::post,
     .path = "/api/stories/{storyId}/audio",
     .summary = "Have a story read aloud, anew if it was before",
     .description = "What there is plays until the new one is ready. A voice that is not set up here is replaced by "
                    "one that is. 20 an hour.",
     .auth = Auth::user,
     .rate = {100, http::per_minute}}};
inline constexpr Endpoint<AudioRequest, AudioStatus> audio_status{{.method = Method::get,
                                                                   .path = "/api/stories/{storyId}/audio/status",
                                                                   .summary = "How far the reading of a story is",
                                                                   .auth = Auth::user,
                                                                   .rate = {100, http::per_minute}}};

// Throws Error{not_found} for what is not theirs.
Task<TaleRow> own_tale(Executor& executor, std::string user_id, std::string id);
// Throws also Error{conflict} for what is not written yet.
Task<TaleRow> own_written_tale(Executor& executor, std::string user_id, std::string id);
// For jobs: 1 is the most urgent.
int priority_of(std::optional<Priority> priority);

// Thread-safe; what it is given outlives it.
class Narrations {
 public:
  struct Rooms {
    database::Database& database;
    jobs::Queue& queue;
    billing::Subscriptions& subscriptions;
    Pace& pace;
    const Media& media;
    const Clock& clock;
  };
  explicit Narrations(Rooms rooms) : rooms_(rooms) {}

  Task<http::Accepted<AudioJobReply>> ask(http::Caller caller, AudioWanted request);
  Task<AudioStatus> status(http::Caller caller, AudioRequest request);

  // The job's id, in the transaction of whoever wants the story read. What was asked for before is no longer awaited.
  Task<std::string> enqueue(Transaction& transaction, TaleRow tale, std::optional<Voice> voice,
                            std::optional<Priority> priority, std::string tier, TraceContext trace);
  // Counts one of a person's readings. Throws Error{rate_limited}.
  Task<void> count(http::Caller caller);

  void mount(http::Api& api);

 private:
  Rooms rooms_;
};

}  // namespace odeon::stories
