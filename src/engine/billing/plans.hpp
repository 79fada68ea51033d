// What each plan of each product costs and allows: data, read from plans.toml once at start.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace odeon::billing {

inline constexpr std::int64_t kUnlimited = -1;

struct Plan {
  std::string name;                                  // "premium"
  std::string title;                                 // for people
  std::int64_t monthly_price = 0, yearly_price = 0;  // US cents; 0: not sold for that period
  std::map<std::string, std::int64_t, std::less<>> limits;
  std::set<std::string, std::less<>> features;
  std::vector<std::string> voices;  // classes of voices, the plainest first

  // kUnlimited or not negative. Every plan of a product has the same limits; another name is a
  // logic_error.
  std::int64_t limit(std::string_view name) const;
  bool has(std::string_view feature) const { return features.contains(feature); }
};

struct ProductPlans {
  std::string default_plan;  // of an account without a subscription
  std::int64_t trial_days = 0;
  std::string upgrade_url;  // where a client that met a limit sends its user
  std::vector<Plan> plans;  // the cheapest first

  // Null if there is none of that name.
  const Plan* find(std::string_view name) const;
  const Plan& standard() const { return *find(default_plan); }
};

class Plans {
 public:
  // Throws Error{invalid} whose message lists every fault with its line. `file_name` is for messages.
  Plans(std::string_view toml, std::string file_name);
  // Those that Odeon comes with.
  static Plans standard();

  // A product without plans is a logic_error.
  const ProductPlans& of(std::string_view product) const;
  const ProductPlans* find(std::string_view product) const;
  const std::map<std::string, ProductPlans, std::less<>>& all() const { return products_; }

 private:
  std::map<std::string, ProductPlans, std::less<>> products_;
};

}  // namespace odeon::billing
