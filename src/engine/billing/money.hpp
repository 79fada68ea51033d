// Amounts in any currency, and prices that are set by a rate of exchange.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace odeon::billing {

inline constexpr std::string_view kDollars = "usd";

struct Money {
  std::int64_t amount = 0;  // in the smallest unit: cents, kuruş, yen
  std::string currency;     // ISO 4217 in lower case: "usd"
  auto operator<=>(const Money&) const = default;
};
BOOST_DESCRIBE_STRUCT(Money, (), (amount, currency))

// Three lower-case letters.
bool is_currency(std::string_view text);
// How many digits of an amount stand behind the point (ISO 4217): 2 for most, 0 for yen, 3 for dinars.
int decimals_of(std::string_view currency);
// For people, in English: "$49.00", "€45.00", "1,499.00 TRY".
std::string to_text(const Money& money);

// What one US dollar is worth in another currency, in millionths of its main unit.
using RateMicros = std::int64_t;
inline constexpr RateMicros kMaxRate = 1'000'000'000'000;  // a million for a dollar

// Rounded down to the smallest unit. `cents` from 0 to 10^9, `rate` from 1 to kMaxRate.
Money converted(std::int64_t cents, RateMicros rate, std::string currency);

// The nearest price below that people know from shops: the largest of these numbers, times a power of ten, that does
// not pass `exact` once one is taken off:
//
//   1  1.2  1.4  1.5  1.75  2  2.25  2.5  3  3.5  4  4.5  5  6  7  8  9
//
// One main unit is taken off from a hundred upward, one of the smallest below: 1,617 lira become 1,499, 4,257 become
// 3,999, 44.80 euros become 39.99. What is less than one main unit stays as it is. So a price never passes `exact`,
// never falls below four fifths of it, and never falls when `exact` rises; and a rate that trembles seldom moves it.
Money familiar_price(Money exact);

}  // namespace odeon::billing
