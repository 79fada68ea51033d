#include "products/briefings/personal.hpp"

#include "base/ids.hpp"
#include "engine/http/binding.hpp"
#include "engine/http/request_key.hpp"
#include "products/briefings/jobs.hpp"
#include "products/briefings/local_times.hpp"
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
                   const VoiceChoice& voices, billing::Subscriptions& subscriptions, billing::Allowances& allowances,
                   ThreadPool& pool, const Clock& clock)
    : database_(database),
      store_(store),
      queue_(queue),
      coordination_(coordination),
      playback_(playback),
      quotes_(quotes),
      voices_(voices),
      subscriptions_(subscriptions),
      allowances_(allowances),
      pool_(pool),
      clock_(clock) {}

void Personal::mount(http::Api& api) {
  http::mount(api, request_personal, &Personal::request, *this);
  http::mount(api, request_briefing, &Personal::request, *this);
  http::mount(api, personal_history, &Personal::history, *this);
}

Task<PersonalReply> Personal::request(http::Caller caller, PersonalRequest request) {
  return request_along(std::move(caller), std::move(request), nullptr);
}

Task<void> Personal::check(std::string user_id, PersonalRequest request) {
  const auto entitled = co_await subscriptions_.entitlement(user_id, std::string(kProduct));
  co_await tickers(user_id, request);
  co_await voice(user_id, request, *entitled.plan);
}

Task<bool> Personal::has_voice(std::string user_id, PersonalRequest request) {
  const auto entitled = co_await subscriptions_.entitlement(std::move(user_id), std::string(kProduct));
  co_return !request.voice || voices_.allows(*entitled.plan, *request.voice);
}

Task<PersonalReply> Personal::request_along(http::Caller caller, PersonalRequest request, Along along) {
  const auto entitled = co_await subscriptions_.entitlement(caller.user_id, std::string(kProduct));
  const billing::Plan& plan = *entitled.plan;
  if (!plan.has("personalized_news"))
    co_return upgrade_required(plan, "Briefings about your own stocks are part of the paid plans.");

  BriefingRow row{.id = new_uuid(clock_), .user_id = caller.user_id, .tier = plan.name};
  row.request_key = http::request_key_of(caller);
  if (row.request_key)
    if (auto known = co_await store_.briefing_of_request(database_, row.user_id, *row.request_key))
      co_return co_await queued(std::move(*known));
  row.tickers = co_await tickers(caller.user_id, request);
  const std::int64_t most = plan.limit("stocks");
  if (most != billing::kUnlimited && std::ssize(row.tickers) > most)
    co_return upgrade_required(plan, fmt::format("Your plan covers {} stocks in a briefing.", most));
  row.seconds = seconds_of(request.length, plan);
  row.focus = json::enum_name(request.focus.value_or(Focus::holdings));
  row.voice = co_await voice(caller.user_id, request, plan);
  row.time_zone = co_await time_zone(caller.user_id, request);
  row.created_at = clock_.now();
  if (const auto days = plan.limit("history_days"); days != billing::kUnlimited)
    row.expires_at = row.created_at + std::chrono::days(days);

  co_await guard_rate(caller.user_id, plan);
  auto held = co_await enqueue(std::move(row), plan, caller.trace, along);
  if (!held) co_return limited(held.error());
  co_return co_await queued(std::move(*held));
}

Task<PersonalReply> Personal::queued(BriefingRow row) {
  PersonalReply reply{.briefing_id = row.id, .status = Answer::queued, .tier = row.tier};
  if (const auto progress = co_await queue_.progress(row.job_id)) {
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

Task<std::string> Personal::time_zone(std::string user_id, const PersonalRequest& request) {
  if (!request.time_zone) co_return co_await store_.time_zone_of(std::move(user_id));
  if (!co_await run_blocking(pool_, [&request] { return is_time_zone(*request.time_zone); })) {
    json::Faults faults;
    faults.add("time_zone", "not_allowed", "This must be a time zone such as Europe/Berlin.");
    faults.raise();
  }
  co_return *request.time_zone;
}

// A plan without a daily limit still has a rate.
Task<void> Personal::guard_rate(std::string user_id, const billing::Plan& plan) {
  if (plan.limit("briefings_per_day") != billing::kUnlimited) co_return;
  const auto verdict = co_await coordination_.take("briefings.personal:" + user_id,
                                                   {plan.limit("requests_per_day"), std::chrono::seconds(86400)});
  if (!verdict.allowed)
    throw Error(Fault::rate_limited, "RATE_LIMITED", "Too many briefings today.").with_retry_after(verdict.retry_after);
}

// Reserved, stored and queued at once, or not at all.
Task<std::expected<BriefingRow, billing::Refusal>> Personal::enqueue(BriefingRow row, const billing::Plan& plan,
                                                                     TraceContext trace, const Along& along) {
  auto transaction = co_await database_.begin(database::Isolation::statement);
  auto held = co_await allowances_.reserve(*transaction, row.user_id, std::string(kProduct), "briefings");
  if (!held) co_return std::unexpected(std::move(held.error()));
  const auto job = co_await queue_.enqueue(*transaction, MakeBriefing{row.id},
                                           {.priority = priority_of(plan),
                                            .lane = row.user_id,
                                            .lane_limit = kJobsAtOnce,
                                            .max_attempts = 4,
                                            .trace = trace});
  row.reservation = *held;
  row.job_id = job.id;
  if (!co_await store_.add(*transaction, row)) {
    // The same request was faster. Its row may not be committed yet; once this reading of it is, it is.
    transaction.reset();
    transaction = co_await database_.begin(database::Isolation::statement);
    auto known = co_await store_.briefing_of_request(*transaction, row.user_id, *row.request_key);
    co_await transaction->commit();
    if (!known) throw Error(Fault::unavailable, "BRIEFING_UNKNOWN", "The briefing cannot be asked for now.");
    co_return std::move(*known);
  }
  if (!row.time_zone.empty()) co_await store_.keep_time_zone(*transaction, row.user_id, row.time_zone, row.created_at);
  if (along) co_await along(*transaction, row.id);
  co_await transaction->commit();
  co_return row;
}

PersonalReply Personal::upgrade_required(const billing::Plan& plan, std::string message) const {
  return {.status = Answer::upgrade_required,
          .tier = plan.name,
          .message = std::move(message),
          .upgrade_url = subscriptions_.plans_of(kProduct).upgrade_url};
}

PersonalReply Personal::limited(const billing::Refusal& refusal) const {
  const Instant now = clock_.now();
  const auto wait = std::chrono::ceil<std::chrono::seconds>(refusal.resets_at.value_or(now) - now);
  return {.status = Answer::limited,
          .tier = refusal.plan,
          .message = fmt::format("Your plan has {} briefings a day.", refusal.limit),
          .retry_after = wait.count(),
          .upgrade_url = refusal.upgrade_url};
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
