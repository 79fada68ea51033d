// What each plan of each product costs and allows, and what of it is counted how: data, read from plans.toml once at
// start.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/billing/periods.hpp"

namespace odeon::billing {

inline constexpr std::int64_t kUnlimited = -1;

// In the smallest unit of a currency; 0: not sold for that period.
struct Price {
  std::int64_t monthly = 0;
  std::int64_t yearly = 0;
  bool operator==(const Price&) const = default;
};

struct Plan {
  std::string name;                                  // "premium"
  std::string title;                                 // for people
  std::int64_t monthly_price = 0, yearly_price = 0;  // US cents; 0: not sold for that period
  bool by_agreement = false;                         // its price is agreed upon: it is given, and the dearest
  std::map<std::string, Price, std::less<>> prices;  // in other currencies: "eur"
  std::map<std::string, std::int64_t, std::less<>> limits;
  std::set<std::string, std::less<>> features;
  std::vector<std::string> voices;                           // classes of voices, the plainest first
  std::map<std::string, std::int64_t, std::less<>> overage;  // by meter: US cents for each one past the limit

  // kUnlimited or not negative. Every plan of a product has the same limits; another name is a
  // logic_error.
  std::int64_t limit(std::string_view name) const;
  // "all_features" stands for every other.
  bool has(std::string_view feature) const { return features.contains(feature) || features.contains("all_features"); }
};

// Something that is counted against a limit.
struct Meter {
  std::string name;        // "recording"
  std::string limit;       // of the plans: "recording_minutes_per_month"
  std::int64_t times = 1;  // that many of what it counts make one of the limit: 60 seconds
  Period period = Period::month;
  bool warns = false;  // at 80 % and 100 %

  // In what it counts; kUnlimited or not negative.
  std::int64_t limit_of(const Plan& plan) const;
};

struct ProductPlans {
  std::string default_plan;  // of an account without a subscription
  std::int64_t trial_days = 0;
  std::string starts_on;    // the plan of a new account's trial; empty: trials are begun by buying
  std::string upgrade_url;  // where a client that met a limit sends its user
  std::set<std::string, std::less<>> priced_daily;  // currencies that follow the dollar's rate: "try"
  std::vector<Meter> meters;                        // by name
  std::vector<Plan> plans;                          // the cheapest first

  // Null if there is none of that name.
  const Plan* find(std::string_view name) const;
  const Plan& standard() const { return *find(default_plan); }
  // One that does not exist is a logic_error.
  const Meter& meter(std::string_view name) const;
};

class Plans {
 public:
  // Throws Error{invalid} whose message lists every fault with its line. `file_name` is for messages.
  Plans(std::string_view toml, std::string file_name);
  // Those that Odeon comes with.
  static Plans standard();
  // Those of an operator in their place; products that the file leaves out stay as they are. Throws as above, and for
  // a product that lacks a meter or a limit which the program asks for.
  static Plans replaced(std::string_view toml, std::string file_name);

  // A product without plans is a logic_error.
  const ProductPlans& of(std::string_view product) const;
  const ProductPlans* find(std::string_view product) const;
  const std::map<std::string, ProductPlans, std::less<>>& all() const { return products_; }

 private:
  std::map<std::string, ProductPlans, std::less<>> products_;
};

}  // namespace odeon::billing
