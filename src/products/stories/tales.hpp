// Stories: asked for, listed, read, edited, listened to, deleted. A job writes them (writing.hpp); whoever asks waits
// for it, and has an answer of its own while that takes long.
#pragma once

#include "engine/billing/allowances.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "engine/jobs/queue.hpp"
#include "products/stories/heroes.hpp"
#include "products/stories/illustration_store.hpp"
#include "products/stories/narrations.hpp"
#include "products/stories/told_jobs.hpp"

namespace odeon::stories {

struct NewStory {
  Text<1, 64> heroId;
  std::optional<Text<1, 60>> eventType;  // of GET /api/meta; may be left out where there is a custom event
  std::optional<Text<1, 64>> customEventId;
  std::optional<Language> language;
  std::optional<bool> generateAudio;          // true unless said otherwise
  std::optional<bool> generateIllustrations;  // false unless said otherwise
  std::optional<Int<1, 5>> illustrationCount;
  std::optional<Voice> voice;
  std::optional<bool> wait;  // false: an answer at once, before it is written
};
BOOST_DESCRIBE_STRUCT(NewStory, (),
                      (heroId, eventType, customEventId, language, generateAudio, generateIllustrations,
                       illustrationCount, voice, wait))

// What is left out stays as it is.
struct StoryChange {
  std::string storyId;
  std::optional<Text<1, 200>> title;
  std::optional<Text<1, 20'000>> content;
  std::optional<bool> isFavorite;
  std::optional<bool> regenerateAudio;  // if the content is another
};
BOOST_DESCRIBE_STRUCT(StoryChange, (), (storyId, title, content, isFavorite, regenerateAudio))

struct HeroMention {
  std::string id;
  std::string name;
  Nullable<std::string> avatarUrl;
};
BOOST_DESCRIBE_STRUCT(HeroMention, (), (id, name, avatarUrl))
struct PictureMention {
  std::string id;
  std::string imageUrl;
  double timestamp = 0;  // seconds
  std::int64_t displayOrder = 0;
};
BOOST_DESCRIBE_STRUCT(PictureMention, (), (id, imageUrl, timestamp, displayOrder))

struct Story {
  std::string id;
  Nullable<std::string> heroId;  // null: the hero was deleted
  std::string heroName;
  std::optional<HeroMention> hero;
  TaleStatus status = TaleStatus::writing;
  std::optional<std::string> error;  // of what could not be written
  std::string title;                 // empty until it is written, as the next
  std::string content;
  Language language = Language::en;
  Nullable<std::string> eventType, customEventId;
  Nullable<std::string> audioUrl;
  bool audioGenerated = false;
  Nullable<double> audioDuration;    // seconds
  Nullable<std::string> voiceType;   // as it was asked for
  Nullable<std::string> audioModel;  // what spoke; null of a sound that was brought
  std::int64_t illustrationCount = 0;
  std::int64_t listenCount = 0;
  Nullable<Instant> lastListenedAt;
  bool isFavorite = false;
  std::string model;  // what wrote it: "odeon-offline" without a model
  Instant createdAt, updatedAt;
  std::optional<std::vector<PictureMention>> illustrations;  // where asked for
};
BOOST_DESCRIBE_STRUCT(Story, (),
                      (id, heroId, heroName, hero, status, error, title, content, language, eventType, customEventId,
                       audioUrl, audioGenerated, audioDuration, voiceType, audioModel, illustrationCount, listenCount,
                       lastListenedAt, isFavorite, model, createdAt, updatedAt, illustrations))

struct StoryJob {
  bool queued = true;
  std::string id;
  JobStatus status = JobStatus::queued;
  std::optional<Instant> estimatedCompletionTime;
};
BOOST_DESCRIBE_STRUCT(StoryJob, (), (queued, id, status, estimatedCompletionTime))
struct StoryJobs {
  std::optional<StoryJob> storyGeneration;  // until it is written
  std::optional<StoryJob> audioGeneration;
  std::optional<StoryJob> audioRegeneration;
  std::optional<StoryJob> illustrationGeneration;
};
BOOST_DESCRIBE_STRUCT(StoryJobs, (), (storyGeneration, audioGeneration, audioRegeneration, illustrationGeneration))

struct StoryReply {
  Story story;
};
BOOST_DESCRIBE_STRUCT(StoryReply, (), (story))
struct StoryWorkReply {
  Story story;
  StoryJobs jobs;
};
BOOST_DESCRIBE_STRUCT(StoryWorkReply, (), (story, jobs))

struct StoryRequest {
  std::string storyId;
};
BOOST_DESCRIBE_STRUCT(StoryRequest, (), (storyId))
struct ReadStory {
  std::string storyId;
  std::optional<bool> includeIllustrations;
};
BOOST_DESCRIBE_STRUCT(ReadStory, (), (storyId, includeIllustrations))
struct ListStories {
  Text<0, 64> heroId;
  Text<0, 60> eventType;
  std::optional<Language> language;
  std::optional<bool> isFavorite;
  Clamped<1, 100> limit = 50;
  Clamped<0, 1'000'000> offset = 0;
  std::optional<TalesBy> sortBy;
  std::optional<SortOrder> sortOrder;
};
BOOST_DESCRIBE_STRUCT(ListStories, (), (heroId, eventType, language, isFavorite, limit, offset, sortBy, sortOrder))
struct StoryList {
  std::vector<Story> stories;
  Pagination pagination;
};
BOOST_DESCRIBE_STRUCT(StoryList, (), (stories, pagination))
struct ListenReply {
  std::int64_t listenCount = 0;
  Instant lastListenedAt;
};
BOOST_DESCRIBE_STRUCT(ListenReply, (), (listenCount, lastListenedAt))

inline constexpr Endpoint<ListStories, StoryList> list_stories{{.method = Method::get,
                                                                .path = "/api/stories",
                                                                .summary = "Your stories",
                                                                .auth = Auth::user,
                                                                .rate = {100, http::per_minute}}};
inline constexpr Endpoint<NewStory, WithHeaders<StoryWorkReply>> create_story{
    {.method = Method::post,
     .path = "/api/stories",
     .summary = "Have a story written",
     .description = "201 with the story once it is written; 202 while the job that writes it goes on, at once where "
                    "`wait` is false. Its audio and pictures come by jobs of their own. 10 an hour, and with them "
                    "they count as readings (20) and illustrations (5); 403 "
                    "MONTHLY_LIMIT_REACHED for who has as many as their plan allows. An `Idempotency-Key` is carried "
                    "out once.",
     .auth = Auth::user,
     .rate = {100, http::per_minute},
     .statuses = {201, 202}}};
inline constexpr Endpoint<ReadStory, StoryReply> get_story{{.method = Method::get,
                                                            .path = "/api/stories/{storyId}",
                                                            .summary = "A story of yours",
                                                            .auth = Auth::user,
                                                            .rate = {100, http::per_minute}}};
inline constexpr Endpoint<StoryChange, StoryWorkReply> change_story{
    {.method = Method::patch,
     .path = "/api/stories/{storyId}",
     .summary = "Edit a story, or mark it as a favourite",
     .description = "With `regenerateAudio`, another content is read aloud anew; otherwise the sound stays.",
     .auth = Auth::user,
     .rate = {20, http::per_minute}}};
inline constexpr Endpoint<StoryRequest, Success> delete_story{{.method = Method::delete_,
                                                               .path = "/api/stories/{storyId}",
                                                               .summary = "Delete a story with its sound and pictures",
                                                               .auth = Auth::user,
                                                               .rate = {10, http::per_minute}}};
inline constexpr Endpoint<StoryRequest, ListenReply> listen_to_story{{.method = Method::post,
                                                                      .path = "/api/stories/{storyId}/listen",
                                                                      .summary = "Count that it was listened to",
                                                                      .auth = Auth::user,
                                                                      .rate = {100, http::per_minute}}};

// Thread-safe; what it is given outlives it.
class Tales {
 public:
  struct Rooms {
    database::Database& database;
    jobs::Queue& queue;
    billing::Subscriptions& subscriptions;
    billing::Allowances& allowances;
    Pace& pace;
    const Media& media;
    Narrations& narrations;
    Log& log;
    const Clock& clock;
  };
  explicit Tales(Rooms rooms) : rooms_(rooms) {}

  Task<StoryList> list(http::Caller caller, ListStories request);
  Task<WithHeaders<StoryWorkReply>> create(http::Caller caller, NewStory request);
  Task<StoryReply> read(http::Caller caller, ReadStory request);
  Task<StoryWorkReply> change(http::Caller caller, StoryChange request);
  Task<Success> remove(http::Caller caller, StoryRequest request);
  Task<ListenReply> listen(http::Caller caller, StoryRequest request);

  Story shown(const TaleRow& row, std::string_view base_url) const;

  void mount(http::Api& api);

 private:
  // The row that is queued, which is an older one if its request is known.
  Task<TaleRow> ask(http::Caller caller, NewStory request);
  Task<TaleRow> enqueue(TaleRow row, http::Caller caller);
  Task<TaleRow> reserve(TaleRow row, http::Caller caller);
  Task<std::optional<StoryJob>> job_of(std::optional<std::string> id, std::chrono::seconds usual);
  Task<WithHeaders<StoryWorkReply>> answered(http::Caller caller, TaleRow row);

  Rooms rooms_;
};

}  // namespace odeon::stories
