// Amounts and shares of them as they are said.
#include "base/text.hpp"
#include "products/briefings/script/facts.hpp"

namespace odeon::briefings {
namespace {

using Wide = __int128;

struct Currency {
  std::string_view code, sign, name;  // said with its sign in front, else with its name behind
};
constexpr Currency kCurrencies[] = {{"USD", "$", ""},
                                    {"EUR", "\u20AC", ""},
                                    {"GBP", "\u00A3", ""},
                                    {"JPY", "\u00A5", ""},
                                    {"CAD", "C$", ""},
                                    {"AUD", "A$", ""},
                                    {"HKD", "HK$", ""},
                                    {"CHF", "", "Swiss francs"},
                                    {"SEK", "", "Swedish kronor"},
                                    {"NOK", "", "Norwegian kroner"},
                                    {"DKK", "", "Danish kroner"},
                                    {"INR", "", "rupees"},
                                    {"CNY", "", "yuan"},
                                    {"KRW", "", "won"}};

// Half away from zero; `by` above 0.
Wide rounded(Wide value, Wide by) {
  return (value < 0 ? value - by / 2 : value + by / 2) / by;
}

std::string grouped(std::int64_t whole) {
  std::string digits = std::to_string(whole);
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

// `value` in units of 10^-decimals, without a fraction of zeros and with no fewer than `least` decimals.
std::string decimal(std::int64_t value, int decimals, int least) {
  std::int64_t unit = 1;
  for (int i = 0; i < decimals; ++i) unit *= 10;
  std::string fraction = fmt::format("{:0{}}", value % unit, decimals);
  if (value % unit == 0) return grouped(value / unit);
  while (static_cast<int>(fraction.size()) > least && fraction.ends_with('0')) fraction.pop_back();
  return grouped(value / unit) + "." + fraction;
}

std::string price_of(std::int64_t millionths) {
  if (millionths < kMillion) return decimal(static_cast<std::int64_t>(rounded(millionths, 100)), 4, 2);
  return decimal(static_cast<std::int64_t>(rounded(millionths, 10'000)), 2, 2);
}

std::string sum_of(std::int64_t millionths) {
  if (millionths < 100 * kMillion) return price_of(millionths);
  const auto whole = static_cast<std::int64_t>(rounded(millionths, kMillion));
  if (whole < 1'000'000) return grouped(whole);
  Wide scale = static_cast<Wide>(kMillion) * 1'000'000;
  for (const char* name : {" million", " billion", " trillion"}) {
    const auto hundredths = static_cast<std::int64_t>(rounded(millionths, scale / 100));
    if (hundredths < 100'000 || std::string_view(name) == " trillion") return decimal(hundredths, 2, 1) + name;
    scale *= 1000;
  }
  return {};
}

}  // namespace

std::string spoken_money(std::int64_t millionths, std::string_view currency, bool large) {
  const std::string amount = large ? sum_of(millionths) : price_of(millionths);
  if (millionths <= 0 || amount == "0") return {};
  const auto* known = std::ranges::find(kCurrencies, currency, &Currency::code);
  if (known == std::end(kCurrencies)) return fmt::format("{} {}", amount, currency);
  return known->sign.empty() ? fmt::format("{} {}", amount, known->name) : fmt::format("{}{}", known->sign, amount);
}

std::string spoken_shares(std::int64_t millionths) {
  return decimal(millionths, 6, 1) + (millionths == kMillion ? " share" : " shares");
}

Spoken spoken_change(std::int64_t part, std::int64_t whole) {
  const Wide tenths = rounded(static_cast<Wide>(part) * 1000, whole);
  if (tenths == 0) return {};
  const int direction = tenths > 0 ? 1 : -1;
  const Wide size = tenths * direction;
  if (size > 1'000'000'000) return {};  // a price that changed a million times over is a fault of the data
  return {.percent = decimal(static_cast<std::int64_t>(size), 1, 1) + " percent", .direction = direction};
}

}  // namespace odeon::briefings
