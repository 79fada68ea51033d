#include "products/stories/tales.hpp"

#include "base/ids.hpp"
#include "base/nullable.hpp"
#include "engine/http/binding.hpp"
#include "engine/http/request_key.hpp"
#include "products/stories/custom_events.hpp"
#include "products/stories/faults.hpp"
#include "products/stories/leftovers.hpp"
#include "products/stories/wording.hpp"
#include "products/stories/writing.hpp"

namespace odeon::stories {
namespace {

constexpr std::chrono::seconds kPatienceForStories{60};
constexpr int kWritingAttempts = 4;

TalesWanted wanted_tales(std::string user_id, const ListStories& request) {
  return {.user_id = std::move(user_id),
          .hero_id = request.heroId,
          .event_type = request.eventType,
          .language = request.language ? std::string(json::enum_name(*request.language)) : "",
          .is_favorite = request.isFavorite,
          .by = request.sortBy.value_or(TalesBy::createdAt),
          .order = request.sortOrder.value_or(SortOrder::desc),
          .limit = request.limit,
          .offset = request.offset};
}

// What a story with all that is wished beside it counts as; the header of an answer is the last one's.
std::vector<Cost> costs_of(const TaleWish& wish) {
  std::vector<Cost> costs;
  if (wish.illustrations) costs.push_back(kIllustrating);
  if (wish.audio) costs.push_back(kReading);
  costs.push_back(kWriting);
  return costs;
}

StoryJob story_job(const JobTold& job) {
  return {.id = job.id, .status = job.status, .estimatedCompletionTime = job.estimatedCompletionTime};
}

Error month_is_over(const billing::Refusal& refusal) {
  return refusal.error("MONTHLY_LIMIT_REACHED",
                       "These were all stories of this month. Take a larger plan, or wait for the next month.");
}

Error written_no_more(const TaleRow& row) {
  return Error(Fault::unavailable, "STORY_NOT_WRITTEN", row.error.value_or("The story could not be written."))
      .with_retry_after(std::chrono::seconds(60));
}

}  // namespace

void Tales::mount(http::Api& api) {
  http::mount(api, list_stories, &Tales::list, *this);
  http::mount(api, create_story, &Tales::create, *this);
  http::mount(api, get_story, &Tales::read, *this);
  http::mount(api, change_story, &Tales::change, *this);
  http::mount(api, delete_story, &Tales::remove, *this);
  http::mount(api, listen_to_story, &Tales::listen, *this);
}

Story Tales::shown(const TaleRow& row, std::string_view base_url) const {
  return {.id = row.id,
          .heroId = or_null(row.hero_id),
          .heroName = row.hero_name,
          .status = row.status,
          .error = row.error,
          .title = row.title,
          .content = row.content,
          .language = row.language,
          .eventType = or_null(row.event_type),
          .customEventId = or_null(row.custom_event_id),
          .audioUrl = rooms_.media.url_or_null(base_url, row.audio_key),
          .audioGenerated = row.audio_key.has_value(),
          .audioDuration = or_null(row.audio_seconds),
          .voiceType = or_null(row.voice),
          .audioModel = or_null(row.audio_model),
          .listenCount = row.listen_count,
          .lastListenedAt = or_null(row.last_listened_at),
          .isFavorite = row.is_favorite,
          .model = row.text_model,
          .createdAt = row.created_at,
          .updatedAt = row.updated_at};
}

Task<StoryList> Tales::list(http::Caller caller, ListStories request) {
  const auto wanted = wanted_tales(caller.user_id, request);
  StoryList list{.stories = {}, .pagination = {.limit = request.limit, .offset = request.offset}};
  for (const auto& row : co_await store::tales(rooms_.database, wanted))
    list.stories.emplace_back(shown(row, caller.base_url)).illustrationCount = row.illustration_count;
  list.pagination.total = co_await store::tale_count(rooms_.database, wanted);
  co_return list;
}

Task<WithHeaders<StoryWorkReply>> Tales::create(http::Caller caller, NewStory request) {
  const bool waits = request.wait.value_or(true);
  auto row = co_await ask(caller, std::move(request));
  if (waits && row.status == TaleStatus::writing) {
    co_await wait_for_job(rooms_.queue, row.job_id, kPatienceForStories);
    row = co_await own_tale(rooms_.database, caller.user_id, row.id);
    if (row.status == TaleStatus::failed) throw written_no_more(row);
  }
  co_return co_await answered(std::move(caller), std::move(row));
}

Task<WithHeaders<StoryWorkReply>> Tales::answered(http::Caller caller, TaleRow row) {
  WithHeaders<StoryWorkReply> answer{.value = {shown(row, caller.base_url), {}}, .status = 201};
  if (row.status != TaleStatus::ready) {
    answer.status = 202;
    answer.value.jobs.storyGeneration = co_await job_of(row.job_id, kUsualWriting);
  }
  answer.value.jobs.audioGeneration = co_await job_of(row.audio_job_id, kUsualNarrating);
  answer.value.jobs.illustrationGeneration = co_await job_of(row.illustrations_job_id, kUsualDrawing);
  co_return answer;
}

Task<std::optional<StoryJob>> Tales::job_of(std::optional<std::string> id, std::chrono::seconds usual) {
  if (!id) co_return std::nullopt;
  const auto job = co_await job_told(rooms_.queue, *id, rooms_.clock.now(), usual);
  co_return job ? std::optional(story_job(*job)) : std::nullopt;
}

Task<TaleRow> Tales::ask(http::Caller caller, NewStory request) {
  TaleRow row{.user_id = caller.user_id, .request_key = http::request_key_of(caller)};
  if (row.request_key)
    if (auto known = co_await store::tale_of_request(rooms_.database, row.user_id, *row.request_key))
      co_return std::move(*known);
  const auto hero = co_await own_hero(rooms_.database, row.user_id, request.heroId);
  row.hero_id = hero.id;
  row.hero_name = hero.name;
  if (request.eventType) row.event_type = known_event(*request.eventType);
  if (request.customEventId) {
    const auto event = co_await own_event(rooms_.database, row.user_id, *request.customEventId);
    row.custom_event_id = event.id;
    row.custom_event_prompt = event.prompt_seed;
  }
  if (!row.event_type && !row.custom_event_id)
    throw fault_at("eventType", "required", "Say what the story is about: an eventType, or a customEventId.");
  row.language = request.language.value_or(Language::en);
  row.wish = {.audio = request.generateAudio.value_or(true),
              .illustrations = request.generateIllustrations.value_or(false),
              .illustration_count = request.illustrationCount.value_or(Int<1, 5>(TaleWish().illustration_count))};
  if (request.voice) row.voice = json::enum_name(*request.voice);
  const auto entitled = co_await rooms_.subscriptions.entitlement(row.user_id, std::string(kProduct));
  row.tier = entitled.plan->name;
  co_return co_await enqueue(std::move(row), std::move(caller));
}

// Counted, and then reserved, stored and queued at once, or not at all.
Task<TaleRow> Tales::enqueue(TaleRow row, http::Caller caller) {
  row.id = new_id("story", rooms_.clock);
  row.created_at = row.updated_at = rooms_.clock.now();
  // Who has none left this month is told that, whatever the hour.
  if (const auto refused = co_await rooms_.allowances.refusal(row.user_id, std::string(kProduct), "stories"))
    throw month_is_over(*refused);
  const auto costs = costs_of(row.wish);
  co_await rooms_.pace.take(costs, caller);
  const std::string id = row.id;
  auto kept = co_await settle(reserve(std::move(row), caller));
  if (!kept || kept->id != id) co_await rooms_.pace.give_back(costs, caller);
  if (!kept) std::rethrow_exception(kept.error());
  co_return std::move(*kept);
}

Task<TaleRow> Tales::reserve(TaleRow row, http::Caller caller) {
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  const auto held = co_await rooms_.allowances.reserve(*tx, row.user_id, std::string(kProduct), "stories");
  if (!held) throw month_is_over(held.error());
  row.reservation = *held;
  const auto job = co_await rooms_.queue.enqueue(
      *tx, WriteStory{row.id},
      {.lane = row.user_id, .lane_limit = kAtOnce, .max_attempts = kWritingAttempts, .trace = caller.trace});
  row.job_id = job.id;
  if (!co_await store::add(*tx, row)) {
    // The same request was faster. Its row may not be committed yet; once this reading of it is, it is.
    tx.reset();
    tx = co_await rooms_.database.begin(database::Isolation::statement);
    auto known = co_await store::tale_of_request(*tx, row.user_id, row.request_key.value_or(""));
    co_await tx->commit();
    if (!known) throw Error(Fault::unavailable, "STORY_UNKNOWN", "The story cannot be asked for now.");
    co_return std::move(*known);
  }
  co_await tx->commit();
  co_return row;
}

Task<StoryReply> Tales::read(http::Caller caller, ReadStory request) {
  const auto row = co_await own_tale(rooms_.database, caller.user_id, request.storyId);
  StoryReply reply{shown(row, caller.base_url)};
  if (row.hero_id)
    if (const auto hero = co_await store::hero(rooms_.database, caller.user_id, *row.hero_id))
      reply.story.hero = {hero->id, hero->name, rooms_.media.url_or_null(caller.base_url, hero->avatar_key)};
  std::vector<PictureMention> pictures;
  for (const auto& picture : co_await store::illustrations(rooms_.database, row.id))
    if (picture.image_key)
      pictures.push_back({picture.id, rooms_.media.url(caller.base_url, *picture.image_key), picture.starts_at,
                          picture.display_order});
  reply.story.illustrationCount = std::ssize(pictures);
  if (request.includeIllustrations.value_or(false)) reply.story.illustrations = std::move(pictures);
  co_return reply;
}

Task<StoryWorkReply> Tales::change(http::Caller caller, StoryChange request) {
  const auto entitled = co_await rooms_.subscriptions.entitlement(caller.user_id, std::string(kProduct));
  const auto known = co_await own_written_tale(rooms_.database, caller.user_id, request.storyId);
  std::optional<std::string> title, content;
  if (request.title) title = fit_words("title", *request.title, known.language, rooms_.log);
  if (request.content) content = fit_words("content", *request.content, known.language, rooms_.log);
  if (request.regenerateAudio.value_or(false) && content && content != known.content)
    co_await rooms_.narrations.count(caller);
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  auto found = co_await store::tale_to_change(*tx, caller.user_id, request.storyId, rooms_.clock.now());
  auto row = found ? std::move(*found) : co_await own_written_tale(*tx, caller.user_id, request.storyId);
  if (title) row.title = std::move(*title);
  row.is_favorite = request.isFavorite.value_or(row.is_favorite);
  const std::string before = row.content;
  if (content) row.content = std::move(*content);
  const bool is_another = row.content != before;
  if (is_another) row.scenes.clear();
  row.updated_at = rooms_.clock.now();
  co_await store::change(*tx, row);
  std::optional<std::string> job_id;
  if (is_another && request.regenerateAudio.value_or(false)) {
    job_id =
        co_await rooms_.narrations.enqueue(*tx, row, std::nullopt, std::nullopt, entitled.plan->name, caller.trace);
    co_await store::drop_audio(*tx, row.id);
    co_await rooms_.queue.enqueue(*tx, SweepLeftovers{}, {.trace = caller.trace});
  }
  co_await tx->commit();
  if (job_id && row.audio_job_id) co_await rooms_.queue.cancel(*row.audio_job_id);
  StoryReply now = co_await read(caller, {.storyId = row.id, .includeIllustrations = {}});
  co_return StoryWorkReply{std::move(now.story), {.audioRegeneration = co_await job_of(job_id, kUsualNarrating)}};
}

Task<Success> Tales::remove(http::Caller caller, StoryRequest request) {
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  const auto row = co_await own_tale(*tx, caller.user_id, request.storyId);
  co_await store::drop_audio(*tx, row.id);
  co_await store::remove_illustrations(*tx, row.id);
  if (!co_await store::remove_tale(*tx, caller.user_id, row.id)) throw no_such_story();
  co_await rooms_.allowances.release(*tx, row.reservation);
  co_await rooms_.queue.enqueue(*tx, SweepLeftovers{}, {.trace = caller.trace});
  co_await tx->commit();
  for (const auto& job : {std::optional(row.job_id), row.audio_job_id, row.illustrations_job_id})
    if (job) co_await rooms_.queue.cancel(*job);
  co_return Success{};
}

Task<ListenReply> Tales::listen(http::Caller caller, StoryRequest request) {
  const auto counted = co_await store::listen(rooms_.database, caller.user_id, request.storyId, rooms_.clock.now());
  if (!counted) throw no_such_story();
  co_return ListenReply{counted->listen_count, counted->last_listened_at};
}

}  // namespace odeon::stories
