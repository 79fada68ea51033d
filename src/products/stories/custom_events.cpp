#include "products/stories/custom_events.hpp"

#include "base/ids.hpp"
#include "base/nullable.hpp"
#include "engine/http/binding.hpp"
#include "products/stories/event_jobs.hpp"
#include "products/stories/faults.hpp"
#include "products/stories/leftovers.hpp"
#include "products/stories/tale_store.hpp"
#include "products/stories/wording.hpp"

namespace odeon::stories {
namespace {

constexpr std::chrono::seconds kUsualEventWork{10}, kPatienceForEvents{45};

// What both requests have.
void apply_to_event(EventRow& row, const auto& request, Log& log) {
  if (request.promptSeed) row.prompt_seed = fit_words("promptSeed", *request.promptSeed, row.language, log);
  if (request.category) row.category = fit_words("category", *request.category, row.language, log);
  if (request.ageRange) row.age_range = fit_words("ageRange", *request.ageRange, row.language, log);
  if (request.pictogramEmoji) row.pictogram_emoji = with_words("pictogramEmoji", *request.pictogramEmoji);
  if (request.tone) row.tone = json::enum_name(*request.tone);
  row.is_favorite = request.isFavorite.value_or(row.is_favorite);
  if (!request.keywords) return;
  row.keywords.clear();
  for (std::size_t i = 0; i < request.keywords->size(); ++i)
    row.keywords.push_back(fit_words(fmt::format("keywords[{}]", i), (*request.keywords)[i], row.language, log));
}

}  // namespace

Task<EventRow> own_event(Executor& executor, std::string user_id, std::string id) {
  auto row = co_await store::event(executor, std::move(user_id), std::move(id));
  if (!row) throw no_such_event();
  co_return std::move(*row);
}

void CustomEvents::mount(http::Api& api) {
  http::mount(api, list_events, &CustomEvents::list, *this);
  http::mount(api, create_event, &CustomEvents::create, *this);
  http::mount(api, get_event, &CustomEvents::read, *this);
  http::mount(api, change_event, &CustomEvents::change, *this);
  http::mount(api, delete_event, &CustomEvents::remove, *this);
  http::mount(api, enhance_event, &CustomEvents::enhance, *this);
  http::mount(api, draw_event, &CustomEvents::draw, *this);
}

CustomEvent CustomEvents::shown(const EventRow& row, std::string_view base_url) const {
  return {.id = row.id,
          .title = row.title,
          .description = row.description,
          .promptSeed = row.prompt_seed,
          .keywords = row.keywords,
          .category = row.category,
          .ageRange = or_null(row.age_range),
          .tone = row.tone,
          .language = row.language,
          .pictogramUrl = rooms_.media.url_or_null(base_url, row.pictogram_key),
          .pictogramEmoji = or_null(row.pictogram_emoji),
          .usageCount = row.usage_count,
          .lastUsedAt = or_null(row.last_used_at),
          .isFavorite = row.is_favorite,
          .aiEnhanced = row.ai_enhanced,
          .originalPrompt = or_null(row.original_prompt),
          .model = or_null(row.model),
          .pictogramModel = or_null(row.pictogram_model),
          .createdAt = row.created_at,
          .updatedAt = row.updated_at};
}

Task<EventList> CustomEvents::list(http::Caller caller, ListEvents request) {
  const EventsWanted wanted{.user_id = caller.user_id,
                            .category = request.category,
                            .is_favorite = request.isFavorite,
                            .by = request.sortBy.value_or(EventsBy::createdAt),
                            .order = request.sortOrder.value_or(SortOrder::desc),
                            .limit = request.limit,
                            .offset = request.offset};
  EventList list{.events = {}, .pagination = {.limit = request.limit, .offset = request.offset}};
  for (const auto& row : co_await store::events(rooms_.database, wanted))
    list.events.push_back(shown(row, caller.base_url));
  list.pagination.total = co_await store::event_count(rooms_.database, wanted);
  co_return list;
}

Task<http::Created<EventReply>> CustomEvents::create(http::Caller caller, NewEvent request) {
  EventRow row{.id = new_id("event", rooms_.clock), .user_id = caller.user_id, .created_at = rooms_.clock.now()};
  row.updated_at = row.created_at;
  row.language = request.language ? *request.language : co_await language_of_person(rooms_.database, caller.user_id);
  row.title = fit_words("title", request.title, row.language, rooms_.log);
  row.description = fit_words("description", request.description, row.language, rooms_.log);
  row.prompt_seed = row.description;
  row.category = "other";
  row.tone = json::enum_name(Tone::gentle);
  apply_to_event(row, request, rooms_.log);
  co_await store::add(rooms_.database, row);
  co_return http::Created<EventReply>{{shown(row, caller.base_url)}};
}

Task<EventReply> CustomEvents::read(http::Caller caller, EventRequest request) {
  co_return EventReply{shown(co_await own_event(rooms_.database, caller.user_id, request.id), caller.base_url)};
}

Task<EventReply> CustomEvents::change(http::Caller caller, EventChange request) {
  auto tx = co_await rooms_.database.begin();
  auto row = co_await own_event(*tx, caller.user_id, request.id);
  row.language = request.language.value_or(row.language);
  if (request.title) row.title = fit_words("title", *request.title, row.language, rooms_.log);
  if (request.description) row.description = fit_words("description", *request.description, row.language, rooms_.log);
  apply_to_event(row, request, rooms_.log);
  row.updated_at = rooms_.clock.now();
  co_await store::change(*tx, row);
  co_await tx->commit();
  co_return EventReply{shown(row, caller.base_url)};
}

Task<Success> CustomEvents::remove(http::Caller caller, EventRequest request) {
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  const auto row = co_await own_event(*tx, caller.user_id, request.id);
  co_await store::part_from_event(*tx, row.id);
  if (!co_await store::remove_event(*tx, caller.user_id, row.id)) throw no_such_event();
  if (row.pictogram_key) {
    co_await store::let_go(*tx, caller.user_id, *row.pictogram_key);
    co_await rooms_.queue.enqueue(*tx, SweepLeftovers{}, {.trace = caller.trace});
  }
  co_await tx->commit();
  co_return Success{};
}

Task<WithHeaders<EventWorkReply>> CustomEvents::enhance(http::Caller caller, EventRequest request) {
  const auto entitled = co_await rooms_.subscriptions.entitlement(caller.user_id, std::string(kProduct));
  co_await own_event(rooms_.database, caller.user_id, request.id);
  co_await rooms_.pace.take(kEnhancing, caller);
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  const auto row = co_await own_event(*tx, caller.user_id, request.id);
  const auto job =
      co_await rooms_.queue.enqueue(*tx, EnhanceEvent{row.id, entitled.plan->name},
                                    {.lane = caller.user_id, .lane_limit = kAtOnce, .trace = caller.trace});
  co_await store::expect_enhancement(*tx, row.id, job.id);
  co_await tx->commit();
  co_return co_await worked(std::move(caller), row.id, job.id);
}

Task<WithHeaders<EventWorkReply>> CustomEvents::draw(http::Caller caller, EventRequest request) {
  const auto entitled = co_await rooms_.subscriptions.entitlement(caller.user_id, std::string(kProduct));
  co_await own_event(rooms_.database, caller.user_id, request.id);
  co_await rooms_.pace.take(kPictograms, caller);
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  const auto row = co_await own_event(*tx, caller.user_id, request.id);
  const auto job =
      co_await rooms_.queue.enqueue(*tx, DrawPictogram{row.id, entitled.plan->name},
                                    {.lane = caller.user_id, .lane_limit = kAtOnce, .trace = caller.trace});
  co_await store::expect_pictogram(*tx, row.id, job.id);
  co_await tx->commit();
  co_return co_await worked(std::move(caller), row.id, job.id);
}

Task<WithHeaders<EventWorkReply>> CustomEvents::worked(http::Caller caller, std::string id, std::string job_id) {
  const auto job = co_await wait_for_job(rooms_.queue, job_id, kPatienceForEvents);
  const auto row = co_await own_event(rooms_.database, caller.user_id, id);
  WithHeaders<EventWorkReply> answer{.value = {shown(row, caller.base_url), {.id = job_id}}, .status = 202};
  if (!job) co_return answer;
  answer.value.job = told(*job, rooms_.clock.now(), kUsualEventWork);
  if (answer.value.job.status == JobStatus::completed) answer.status = 200;
  co_return answer;
}

}  // namespace odeon::stories
