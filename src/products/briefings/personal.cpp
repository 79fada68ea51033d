#include "products/briefings/personal.hpp"

#include "base/ids.hpp"
#include "engine/http/binding.hpp"
#include "products/briefings/jobs.hpp"
#include "products/briefings/portfolio.hpp"

namespace odeon::briefings {
namespace {

constexpr int kJobsAtOnce = 2;  // of one listener

// The most urgent lane is the dearest plan's.
int priority_of(const billing::Plan& plan) {
  if (!plan.has("priority_generation")) return 3;
  return plan.limit("briefings_per_day") == billing::kUnlimited ? 1 : 2;
}

// Seconds of speech; short is 2–3 minutes, medium 5, long up to 10.
double seconds_of(std::optional<Length> length, const billing::Plan& plan) {
  const auto most = static_cast<double>(plan.limit("seconds"));
  switch (length.value_or(Length::medium)) {
    case Length::short_:
      return std::min(150.0, most);
    case Length::medium:
      return std::min(300.0, most);
    case Length::long_:
      return std::min(600.0, most);
  }
  return most;
}

Error invalid_tickers(const std::vector<std::string>& unknown) {
  std::vector<FieldFault> faults;
  for (const auto& ticker : unknown)
    faults.push_back({"tickers", "invalid_ticker", fmt::format("There is no stock {}.", ticker)});
  return Error(Fault::invalid, "invalid_ticker", fmt::format("Not a known stock: {}.", text::join(unknown, ", ")))
      .with_fields(std::move(faults));
}

}  // namespace

Personal::Personal(database::Database& database, Store& store, jobs::Queue& queue,
                   coordination::Coordination& coordination, Playback& playback, Quotes& quotes,
                   const VoiceChoice& voices, billing::Subscriptions& subscriptions, billing::Quotas& quotas,
                   const Clock& clock)
    : database_(database),
      store_(store),
      queue_(queue),
      coordination_(coordination),
      playback_(playback),
      quotes_(quotes),
      voices_(voices),
      subscriptions_(subscriptions),
      quotas_(quotas),
      clock_(clock) {}

void Personal::mount(http::Api& api) {
  http::mount(api, request_personal, &Personal::request, *this);
  http::mount(api, request_briefing, &Personal::request, *this);
  http::mount(api, personal_history, &Personal::history, *this);
}

Task<PersonalReply> Personal::request(http::Caller caller, PersonalRequest request) {
  const auto entitled = co_await subscriptions_.entitlement(caller.user_id, std::string(kProduct));
  const billing::Plan& plan = *entitled.plan;
  if (!plan.has("personalized_news"))
    co_return upgrade_required(plan, "Briefings about your own stocks are part of the paid plans.");

  BriefingRow row{.id = new_uuid(clock_), .user_id = caller.user_id, .tier = plan.name};
  row.tickers = co_await tickers(caller.user_id, request);
  const std::int64_t most = plan.limit("stocks");
  if (most != billing::kUnlimited && std::ssize(row.tickers) > most)
    co_return upgrade_required(plan, fmt::format("Your plan covers {} stocks in a briefing.", most));
  row.seconds = seconds_of(request.length, plan);
  row.focus = json::enum_name(request.focus.value_or(Focus::holdings));
  row.voice = co_await voice(caller.user_id, request, plan);
  row.created_at = clock_.now();
  if (const auto days = plan.limit("history_days"); days != billing::kUnlimited)
    row.expires_at = row.created_at + std::chrono::days(days);

  co_await guard_rate(caller.user_id, plan);
  const auto job = co_await enqueue(row, plan, caller.trace);
  if (!job) co_return limited(plan);
  PersonalReply reply{.briefing_id = row.id, .status = Answer::queued, .tier = plan.name};
  if (const auto progress = co_await queue_.progress(*job)) {
    reply.queue_position = progress->queue_position;
    reply.estimated_seconds = progress->estimated_seconds;
  }
  co_return reply;
}

// What was asked for, or what is saved: each once, and each a stock that exists as far as quotes can tell.
Task<std::vector<std::string>> Personal::tickers(std::string user_id, const PersonalRequest& request) {
  std::vector<std::string> wanted, unknown;
  if (!request.tickers) {
    for (auto& position : co_await store_.positions(std::move(user_id))) wanted.push_back(std::move(position.ticker));
    co_return wanted;
  }
  for (const auto& asked : *request.tickers) {
    auto ticker = ticker_from(asked);
    if (!ticker)
      unknown.push_back(asked);
    else if (std::ranges::find(wanted, *ticker) == wanted.end())
      wanted.push_back(std::move(*ticker));
  }
  for (auto& ticker : co_await unknown_tickers(quotes_, wanted)) unknown.push_back(std::move(ticker));
  if (!unknown.empty()) throw invalid_tickers(unknown);
  co_return wanted;
}

Task<std::string> Personal::voice(std::string user_id, const PersonalRequest& request, const billing::Plan& plan) {
  std::string wanted = request.voice ? std::string(*request.voice) : co_await store_.voice_of(std::move(user_id));
  if (request.voice && !voices_.allows(plan, wanted)) throw voice_not_allowed(subscriptions_.plans_of(kProduct));
  // What was chosen under a dearer plan is kept for its return, and not used meanwhile.
  co_return !wanted.empty() && voices_.allows(plan, wanted) ? wanted : voices_.standard(plan);
}

// A plan without a daily limit still has a rate.
Task<void> Personal::guard_rate(std::string user_id, const billing::Plan& plan) {
  if (plan.limit("briefings_per_day") != billing::kUnlimited) co_return;
  const auto verdict = co_await coordination_.take("briefings.personal:" + user_id,
                                                   {plan.limit("requests_per_day"), std::chrono::seconds(86400)});
  if (!verdict.allowed)
    throw Error(Fault::rate_limited, "RATE_LIMITED", "Too many briefings today.").with_retry_after(verdict.retry_after);
}

// The job's id; nothing when the day's limit is reached. Reserved, stored and queued at once, or not at all.
Task<std::optional<std::string>> Personal::enqueue(BriefingRow& row, const billing::Plan& plan, TraceContext trace) {
  auto transaction = co_await database_.begin(database::Isolation::statement);
  const auto held = co_await quotas_.reserve(*transaction, {.user_id = row.user_id,
                                                            .product = std::string(kProduct),
                                                            .meter = "briefings",
                                                            .period = billing::Period::day,
                                                            .limit = plan.limit("briefings_per_day")});
  if (!held) co_return std::nullopt;
  const auto job = co_await queue_.enqueue(*transaction, MakeBriefing{row.id},
                                           {.priority = priority_of(plan),
                                            .lane = row.user_id,
                                            .lane_limit = kJobsAtOnce,
                                            .max_attempts = 4,
                                            .trace = trace});
  row.reservation = *held;
  row.job_id = job.id;
  co_await store_.add(*transaction, row);
  co_await transaction->commit();
  co_return job.id;
}

PersonalReply Personal::upgrade_required(const billing::Plan& plan, std::string message) const {
  return {.status = Answer::upgrade_required,
          .tier = plan.name,
          .message = std::move(message),
          .upgrade_url = subscriptions_.plans_of(kProduct).upgrade_url};
}

PersonalReply Personal::limited(const billing::Plan& plan) const {
  const Instant now = clock_.now();
  const auto left = *billing::end_of(billing::Period::day, now) - now;
  return {.status = Answer::limited,
          .tier = plan.name,
          .message = fmt::format("Your plan has {} briefings a day.", plan.limit("briefings_per_day")),
          .retry_after = std::chrono::ceil<std::chrono::seconds>(left).count(),
          .upgrade_url = subscriptions_.plans_of(kProduct).upgrade_url};
}

Task<PersonalHistory> Personal::history(http::Caller caller, PersonalHistoryRequest request) {
  const auto entitled = co_await subscriptions_.entitlement(caller.user_id, std::string(kProduct));
  const auto days = entitled.plan->limit("history_days");
  const Instant since = days == billing::kUnlimited ? Instant{} : clock_.now() - std::chrono::days(days);
  auto rows = co_await store_.ready_since(caller.user_id, since, request.limit + 1, request.offset);
  PersonalHistory history{.has_more = rows.size() > static_cast<std::size_t>(request.limit)};
  if (history.has_more) rows.pop_back();
  for (auto& row : rows) {
    std::string url = playback_.audio_url(caller, row);
    history.briefings.push_back({.id = std::move(row.id),
                                 .title = std::move(row.title),
                                 .duration = row.duration,
                                 .created_at = row.created_at,
                                 .audio_url = std::move(url),
                                 .tickers_covered = std::move(row.tickers),
                                 .tier_generated = std::move(row.tier),
                                 .downloadable = entitled.plan->has("downloads")});
  }
  co_return history;
}

}  // namespace odeon::briefings
