// Rates of exchange from Frankfurter (frankfurter.dev, API v2), which blends those that central banks publish. It is
// asked without a key; some currencies have no new rate on weekends and holidays.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "engine/billing/money.hpp"
#include "engine/http/client.hpp"

namespace odeon::billing {

// What a US dollar was worth on a day.
struct Rate {
  std::string currency;  // as in Money
  std::string date;      // "2026-11-27", so that dates sort
  RateMicros rate = 0;
};
BOOST_DESCRIBE_STRUCT(Rate, (), (currency, date, rate))

struct FrankfurterOptions {
  std::string base_url = "https://api.frankfurter.dev";  // without a trailing slash
  std::chrono::milliseconds time{20'000};                // for the request, all in all
};

// Thread-safe.
class Frankfurter {
 public:
  Frankfurter(http::Client& client, const Clock& clock, FrankfurterOptions options)
      : client_(client), clock_(clock), options_(std::move(options)) {}

  // The newest of each; those that it does not know are left out. Throws Error with may_pass().
  Task<std::vector<Rate>> newest(std::vector<std::string> currencies);

 private:
  http::Client& client_;
  const Clock& clock_;
  FrankfurterOptions options_;
};

// The rates of an answer ([{"date": "2026-11-27", "base": "USD", "quote": "TRY", "rate": 42.3}]) that can be believed
// at `now`: of a base of dollars, above zero and at most kMaxRate, and of the last month. Throws Error{upstream} for
// what is no such list.
std::vector<Rate> read_rates(const json::value& document, Instant now);

// Whether a rate may follow another: not older, and moved by at most a fifth of it for each day between them (one if
// they are of the same day), which is more than a crisis does and less than a misplaced point.
bool may_follow(const Rate& before, const Rate& after);

}  // namespace odeon::billing
