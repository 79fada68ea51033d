#include "engine/billing/money.hpp"

#include <algorithm>
#include <array>

namespace odeon::billing {
namespace {

constexpr std::array<std::int64_t, 17> kSteps{100, 120, 140, 150, 175, 200, 225, 250, 300,
                                              350, 400, 450, 500, 600, 700, 800, 900};

std::int64_t power_of_ten(int exponent) {
  std::int64_t power = 1;
  for (; exponent > 0; --exponent) power *= 10;
  return power;
}

std::string with_commas(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (auto at = std::ssize(digits) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

}  // namespace

bool is_currency(std::string_view text) {
  return text.size() == 3 && std::ranges::all_of(text, [](char c) { return c >= 'a' && c <= 'z'; });
}

int decimals_of(std::string_view currency) {
  static constexpr std::array<std::string_view, 16> none{"bif", "clp", "djf", "gnf", "isk", "jpy", "kmf", "krw",
                                                         "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf"};
  static constexpr std::array<std::string_view, 7> three{"bhd", "iqd", "jod", "kwd", "lyd", "omr", "tnd"};
  if (std::ranges::find(none, currency) != none.end()) return 0;
  return std::ranges::find(three, currency) != three.end() ? 3 : 2;
}

std::string to_text(const Money& money) {
  const int decimals = decimals_of(money.currency);
  const std::int64_t unit = power_of_ten(decimals);
  std::string text = with_commas(money.amount / unit);
  if (decimals > 0) text += fmt::format(".{:0{}}", money.amount % unit, decimals);
  if (money.currency == kDollars) return "$" + text;
  if (money.currency == "eur") return "€" + text;
  std::string name = money.currency;
  for (char& letter : name) letter = static_cast<char>(letter - 'a' + 'A');
  return text + " " + name;
}

Money converted(std::int64_t cents, RateMicros rate, std::string currency) {
  constexpr std::int64_t million = 1'000'000;
  // Taken apart so that no product passes 64 bits; exact all the same.
  const auto in_hundredths = [&](std::int64_t amount) {
    return amount * (rate / million) + amount * (rate % million) / million;
  };
  const int decimals = decimals_of(currency);
  const std::int64_t amount = decimals == 0   ? in_hundredths(cents) / 100
                              : decimals == 3 ? in_hundredths(cents * 10)
                                              : in_hundredths(cents);
  return {amount, std::move(currency)};
}

Money familiar_price(Money exact) {
  const std::int64_t unit = power_of_ten(decimals_of(exact.currency));
  std::int64_t best = 0;
  // In hundredths of `scale`, so that 1.75 is a whole number.
  for (std::int64_t scale = unit; scale <= exact.amount + unit; scale *= 10)
    for (const auto step : kSteps) {
      const std::int64_t round = step * scale / 100;
      const std::int64_t price = round - (round >= 100 * unit ? unit : 1);
      if (price <= exact.amount) best = std::max(best, price);
    }
  if (exact.amount >= unit && best > 0) exact.amount = best;
  return exact;
}

}  // namespace odeon::billing
