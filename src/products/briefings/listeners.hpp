// What a signed-in listener has beside the general briefing: briefings of their own, stocks, a voice, a plan.
// The second half of the public API.
#pragma once

#include "engine/billing/subscriptions.hpp"
#include "products/briefings/briefings.hpp"

namespace odeon::briefings {

// ---- personal briefings ----------------------------------------------------------------------------

enum class Length { short_, medium, long_ };
BOOST_DESCRIBE_ENUM(Length, short_, medium, long_)
enum class Focus { holdings, watchlist, sectors };
BOOST_DESCRIBE_ENUM(Focus, holdings, watchlist, sectors)

struct PersonalRequest {
  std::optional<List<Text<1, 12>, 0, 100>> tickers;  // else the saved ones
  std::optional<Length> length;                      // else as long as the plan allows, 5 minutes at most
  std::optional<Focus> focus;
  std::optional<Text<0, 100>> voice;     // else the chosen one
  std::optional<Text<1, 64>> time_zone;  // where the listener lives: "Europe/Berlin"; else as last said
};
BOOST_DESCRIBE_STRUCT(PersonalRequest, (), (tickers, length, focus, voice, time_zone))

enum class Answer { queued, limited, upgrade_required };
BOOST_DESCRIBE_ENUM(Answer, queued, limited, upgrade_required)

struct PersonalReply {
  std::optional<std::string> briefing_id;  // once queued
  Answer status = Answer::queued;
  std::string tier;
  std::optional<std::string> message;  // why not
  std::optional<std::int64_t> queue_position;
  std::optional<double> estimated_seconds;
  std::optional<std::int64_t> retry_after;  // seconds, when limited
  std::optional<std::string> upgrade_url;   // when a plan is in the way
};
BOOST_DESCRIBE_STRUCT(PersonalReply, (),
                      (briefing_id, status, tier, message, queue_position, estimated_seconds, retry_after, upgrade_url))

struct PersonalInHistory {
  std::string id;
  std::string title;
  double duration = 0;  // seconds
  Instant created_at;
  std::string audio_url;
  std::vector<std::string> tickers_covered;
  std::string tier_generated;
  bool downloadable = false;
};
BOOST_DESCRIBE_STRUCT(PersonalInHistory, (),
                      (id, title, duration, created_at, audio_url, tickers_covered, tier_generated, downloadable))

struct PersonalHistory {
  std::vector<PersonalInHistory> briefings;
  bool has_more = false;
};
BOOST_DESCRIBE_STRUCT(PersonalHistory, (), (briefings, has_more))

struct PersonalHistoryRequest {
  Clamped<1, 100> limit = 30;
  Clamped<0, 100'000> offset = 0;
};
BOOST_DESCRIBE_STRUCT(PersonalHistoryRequest, (), (limit, offset))

// ---- portfolio -------------------------------------------------------------------------------------

// Money in the currency of the quotes; null where there is no price.
struct Holding {
  std::string ticker;
  std::optional<std::string> company_name;
  std::optional<double> shares;
  std::optional<double> avg_cost;
  std::optional<double> current_price;
  std::optional<double> change_percent;
  std::optional<double> p_l;
  std::optional<Instant> as_of;  // of the price
  std::int64_t priority = 5;
};
BOOST_DESCRIBE_STRUCT(Holding, (),
                      (ticker, company_name, shares, avg_cost, current_price, change_percent, p_l, as_of, priority))

struct Portfolio {
  std::string tier;
  std::optional<std::vector<Holding>> tickers;  // null when the plan has none
  std::optional<double> portfolio_value;
  std::optional<double> daily_change;
  std::optional<std::string> upgrade_url;
};
BOOST_DESCRIBE_STRUCT(Portfolio, (), (tier, tickers, portfolio_value, daily_change, upgrade_url))

struct AddStock {
  Text<1, 20> ticker;
  std::optional<double> shares;
  std::optional<double> avg_cost;
  std::optional<Int<1, 10>> priority;  // 1 is told first
};
BOOST_DESCRIBE_STRUCT(AddStock, (), (ticker, shares, avg_cost, priority))

struct StockAdded {
  bool success = true;
  std::optional<std::string> error;  // tier_limit or invalid_ticker
  std::optional<std::string> message;
  std::optional<std::string> upgrade_url;
};
BOOST_DESCRIBE_STRUCT(StockAdded, (), (success, error, message, upgrade_url))

struct StockRequest {
  std::string ticker;
};
BOOST_DESCRIBE_STRUCT(StockRequest, (), (ticker))

// ---- voice and plan --------------------------------------------------------------------------------

struct Voice {
  std::string name;
  std::string language;    // empty: any
  std::string class_;      // basic, premium or cartesia
  bool available = false;  // in the listener's plan
  bool chosen = false;
};
BOOST_DESCRIBE_STRUCT(Voice, (), (name, language, class_, available, chosen))

struct Voices {
  std::vector<Voice> voices;
};
BOOST_DESCRIBE_STRUCT(Voices, (), (voices))

struct ChooseVoice {
  Text<0, 100> voice;  // empty: the plan's default
};
BOOST_DESCRIBE_STRUCT(ChooseVoice, (), (voice))

struct PlanUsage {
  std::int64_t briefings_today = 0;
  std::int64_t briefings_limit = 0;  // −1: unlimited
  std::int64_t stocks_used = 0;
  std::int64_t stocks_limit = 0;
};
BOOST_DESCRIBE_STRUCT(PlanUsage, (), (briefings_today, briefings_limit, stocks_used, stocks_limit))

struct PlanFeatures {
  bool personalized_news = false;
  bool portfolio_tracking = false;
  bool unlimited_history = false;
  bool api_access = false;
  bool priority_generation = false;
};
BOOST_DESCRIBE_STRUCT(PlanFeatures, (),
                      (personalized_news, portfolio_tracking, unlimited_history, api_access, priority_generation))

struct SubscriptionReply {
  std::string tier;
  billing::SubscriptionStatus status = billing::SubscriptionStatus::active;
  std::optional<Instant> expires_at;
  bool cancel_at_period_end = false;
  PlanUsage usage;
  PlanFeatures features;
  std::string upgrade_url;
};
BOOST_DESCRIBE_STRUCT(SubscriptionReply, (),
                      (tier, status, expires_at, cancel_at_period_end, usage, features, upgrade_url))

// ---- endpoints -------------------------------------------------------------------------------------

inline constexpr Endpoint<PersonalRequest, PersonalReply> request_personal{
    {.method = Method::post,
     .path = "/api/briefings/personalized",
     .summary = "Ask for a briefing about your own stocks",
     .description = "A plan without personal briefings, and a day's limit that is reached, answer 200 with a status "
                    "that says so and an upgrade_url. A request that is sent again under the same Idempotency-Key "
                    "finds the briefing of the first. `time_zone` is kept, for greetings and dates.",
     .auth = Auth::user,
     .rate = {60, http::per_minute}}};
inline constexpr Endpoint<PersonalRequest, PersonalReply> request_briefing{{.method = Method::post,
                                                                            .path = "/api/briefings",
                                                                            .summary = "The same",
                                                                            .auth = Auth::user,
                                                                            .rate = {60, http::per_minute}}};
inline constexpr Endpoint<PersonalHistoryRequest, PersonalHistory> personal_history{
    {.method = Method::get,
     .path = "/api/briefings/personalized/history",
     .summary = "Your own briefings, newest first, as far back as the plan keeps them",
     .auth = Auth::user,
     .rate = kReading}};
inline constexpr Endpoint<http::Nothing, Portfolio> get_portfolio{{.method = Method::get,
                                                                   .path = "/api/portfolio",
                                                                   .summary = "Your stocks with their prices",
                                                                   .auth = Auth::user,
                                                                   .rate = kReading}};
inline constexpr Endpoint<AddStock, StockAdded> add_stock{{.method = Method::post,
                                                           .path = "/api/portfolio/add",
                                                           .summary = "Follow a stock, or change its shares and cost",
                                                           .auth = Auth::user,
                                                           .rate = {60, http::per_minute}}};
inline constexpr Endpoint<StockRequest, http::NoContent> remove_stock{{.method = Method::delete_,
                                                                       .path = "/api/portfolio/{ticker}",
                                                                       .summary = "Follow a stock no longer",
                                                                       .auth = Auth::user,
                                                                       .rate = {60, http::per_minute}}};
inline constexpr Endpoint<http::Nothing, Voices> list_voices{{.method = Method::get,
                                                              .path = "/api/voices",
                                                              .summary = "The voices and which of them your plan has",
                                                              .auth = Auth::user,
                                                              .rate = kReading}};
inline constexpr Endpoint<ChooseVoice, Voices> choose_voice{{.method = Method::put,
                                                             .path = "/api/voices/chosen",
                                                             .summary = "Choose the voice of your briefings",
                                                             .auth = Auth::user,
                                                             .rate = {60, http::per_minute}}};
inline constexpr Endpoint<http::Nothing, SubscriptionReply> subscription_status{
    {.method = Method::get,
     .path = "/api/subscription/status",
     .summary = "Your plan, what it allows and what you have used",
     .auth = Auth::user,
     .rate = kReading}};

}  // namespace odeon::briefings
