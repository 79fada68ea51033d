#include "products/briefings/portfolio.hpp"

#include <cmath>
#include <limits>
#include <set>

#include "engine/http/binding.hpp"

namespace odeon::briefings {
namespace {

constexpr double kMost = 1e9;  // shares, and currency a share

double units(std::int64_t millionths) {
  return static_cast<double>(millionths) / static_cast<double>(kMillion);
}

// Rounded to cents, as money is shown.
double money(std::int64_t millionths) {
  return std::round(static_cast<double>(millionths) / 1e4) / 100;
}

double percent(std::int64_t now, std::int64_t before) {
  return before == 0 ? 0 : std::round(static_cast<double>(now - before) / static_cast<double>(before) * 1e4) / 100;
}

std::optional<std::int64_t> millionths(std::optional<double> value) {
  if (!value) return std::nullopt;
  return std::llround(*value * static_cast<double>(kMillion));
}

void check_amount(json::Faults& faults, const char* path, std::optional<double> value, bool zero_allowed) {
  if (!value) return;
  const bool fits = std::isfinite(*value) && *value <= kMost && (zero_allowed ? *value >= 0 : *value >= 1e-6);
  if (!fits) faults.add(path, "out_of_range", fmt::format("must be a number up to {:.0f} and not negative", kMost));
}

Holding holding_of(const PositionRow& position, const std::optional<Quote>& quote, bool profit_and_loss) {
  Holding holding{.ticker = position.ticker, .priority = position.priority};
  if (profit_and_loss && position.shares) holding.shares = units(*position.shares);
  if (profit_and_loss && position.average_cost) holding.avg_cost = units(*position.average_cost);
  if (!quote) return holding;
  holding.company_name = quote->company;
  holding.current_price = units(quote->price);
  holding.change_percent = percent(quote->price, quote->previous_close);
  holding.as_of = quote->as_of;
  if (holding.shares && holding.avg_cost)
    holding.p_l = money(value_of(*position.shares, quote->price - *position.average_cost));
  return holding;
}

}  // namespace

std::int64_t value_of(std::int64_t shares, std::int64_t price) {
  using Wide = __int128;
  constexpr Wide most = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::clamp<Wide>(Wide{shares} * price / kMillion, -most, most));
}

Task<std::vector<std::string>> unknown_tickers(Quotes& quotes, std::vector<std::string> tickers) {
  const auto reading = co_await quotes.look(tickers);
  std::vector<std::string> unknown;
  for (std::size_t i = 0; i < tickers.size(); ++i)
    if (reading.report.used && !reading.quotes[i]) unknown.push_back(std::move(tickers[i]));
  co_return unknown;
}

Portfolios::Portfolios(database::Database& database, Store& store, Quotes& quotes,
                       billing::Subscriptions& subscriptions, billing::Allowances& allowances, const Clock& clock)
    : database_(database),
      store_(store),
      quotes_(quotes),
      subscriptions_(subscriptions),
      allowances_(allowances),
      clock_(clock) {}

void Portfolios::mount(http::Api& api) {
  http::mount(api, get_portfolio, &Portfolios::get, *this);
  http::mount(api, add_stock, &Portfolios::add, *this);
  http::mount(api, remove_stock, &Portfolios::remove, *this);
}

Task<Portfolio> Portfolios::get(http::Caller caller) {
  const auto entitled = co_await subscriptions_.entitlement(caller.user_id, std::string(kProduct));
  const billing::Plan& plan = *entitled.plan;
  Portfolio portfolio{.tier = plan.name};
  if (!plan.has("portfolio_tracking")) {
    portfolio.upgrade_url = subscriptions_.plans_of(kProduct).upgrade_url;
    co_return portfolio;
  }
  const bool profit_and_loss = plan.has("profit_and_loss");
  const auto positions = co_await store_.positions(caller.user_id);
  std::vector<std::string> tickers;
  for (const auto& position : positions) tickers.push_back(position.ticker);
  const auto quotes = (co_await quotes_.look(std::move(tickers))).quotes;
  std::int64_t value = 0, change = 0;
  std::set<std::string> currencies;
  auto& holdings = portfolio.tickers.emplace();
  for (std::size_t i = 0; i < positions.size(); ++i) {
    holdings.push_back(holding_of(positions[i], quotes[i], profit_and_loss));
    if (!quotes[i] || !positions[i].shares) continue;
    currencies.insert(quotes[i]->currency);
    value += value_of(*positions[i].shares, quotes[i]->price);
    change += value_of(*positions[i].shares, quotes[i]->price - quotes[i]->previous_close);
  }
  // Money of two currencies has no sum.
  if (profit_and_loss && currencies.size() <= 1) {
    portfolio.portfolio_value = money(value);
    portfolio.daily_change = money(change);
  }
  co_return portfolio;
}

Task<StockAdded> Portfolios::add(http::Caller caller, AddStock request) {
  json::Faults faults;
  check_amount(faults, "shares", request.shares, false);
  check_amount(faults, "avg_cost", request.avg_cost, true);
  faults.raise();

  const auto entitled = co_await subscriptions_.entitlement(caller.user_id, std::string(kProduct));
  const billing::Plan& plan = *entitled.plan;
  const StockAdded over{.success = false,
                        .error = "tier_limit",
                        .message = fmt::format("Your plan covers {} stocks.", plan.limit("stocks")),
                        .upgrade_url = subscriptions_.plans_of(kProduct).upgrade_url};
  if (!plan.has("portfolio_tracking")) co_return over;
  auto ticker = ticker_from(request.ticker);
  const bool unknown = !ticker || !(co_await unknown_tickers(quotes_, {*ticker})).empty();
  if (unknown)
    co_return StockAdded{.success = false,
                         .error = "invalid_ticker",
                         .message = fmt::format("There is no stock {}.", std::string(request.ticker))};
  PositionRow position{.ticker = std::move(*ticker), .priority = request.priority.value_or(5)};
  if (plan.has("profit_and_loss")) {
    position.shares = millionths(request.shares);
    position.average_cost = millionths(request.avg_cost);
  }
  const bool followed = co_await follow(caller.user_id, std::move(position));
  co_return followed ? StockAdded{} : over;
}

// A followed stock holds its place in the plan's number for as long as it is followed.
Task<bool> Portfolios::follow(std::string user_id, PositionRow position) {
  auto transaction = co_await database_.begin(database::Isolation::statement);
  if (co_await store_.change_position(*transaction, user_id, position)) {
    co_await transaction->commit();
    co_return true;
  }
  const auto held = co_await allowances_.reserve(*transaction, user_id, std::string(kProduct), "stocks");
  if (!held) co_return false;
  position.reservation = *held;
  // Not added: somebody was faster with the same stock, whose place is enough. This one rolls back.
  if (co_await store_.add_position(*transaction, std::move(user_id), std::move(position), clock_.now()))
    co_await transaction->commit();
  co_return true;
}

Task<http::NoContent> Portfolios::remove(http::Caller caller, StockRequest request) {
  const auto ticker = ticker_from(request.ticker);
  auto transaction = co_await database_.begin(database::Isolation::statement);
  const auto gone = ticker ? co_await store_.remove_position(*transaction, caller.user_id, *ticker) : std::nullopt;
  if (!gone) throw Error(Fault::not_found, "NOT_FOLLOWED", "You do not follow this stock.");
  co_await allowances_.release(*transaction, gone->reservation);
  co_await transaction->commit();
  co_return http::NoContent{};
}

}  // namespace odeon::briefings
