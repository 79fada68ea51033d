// The stocks that a listener follows: within the plan's number, priced by the quotes.
#pragma once

#include "engine/billing/allowances.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "products/briefings/listeners.hpp"
#include "products/briefings/news/quotes.hpp"
#include "products/briefings/store.hpp"

namespace odeon::briefings {

class Portfolios {
 public:
  Portfolios(database::Database& database, Store& store, Quotes& quotes, billing::Subscriptions& subscriptions,
             billing::Allowances& allowances, const Clock& clock);

  Task<Portfolio> get(http::Caller caller);
  Task<StockAdded> add(http::Caller caller, AddStock request);
  Task<http::NoContent> remove(http::Caller caller, StockRequest request);

  void mount(http::Api& api);

 private:
  Task<bool> follow(std::string user_id, PositionRow position);

  database::Database& database_;
  Store& store_;
  Quotes& quotes_;
  billing::Subscriptions& subscriptions_;
  billing::Allowances& allowances_;
  const Clock& clock_;
};

// Those that there is no quote of; none while the quotes cannot be asked: nobody is turned away for that.
Task<std::vector<std::string>> unknown_tickers(Quotes& quotes, std::vector<std::string> tickers);

// Of a position at a price, in millionths of the currency; saturating.
std::int64_t value_of(std::int64_t shares, std::int64_t price);

}  // namespace odeon::briefings
