#include "engine/billing/rates.hpp"

#include "engine/http/json_call.hpp"

namespace odeon::billing {
namespace {

constexpr std::size_t kMaxRates = 1024 * 1024;
constexpr std::chrono::days kOldest{31}, kNewest{2};  // somewhere it is tomorrow already
constexpr std::int64_t kDaily = 5;                    // a fifth

struct Quote {
  std::string date;
  std::string base;
  std::string quote;
  double rate = 0;
};
BOOST_DESCRIBE_STRUCT(Quote, (), (date, base, quote, rate))

Error no_rates(std::string detail) {
  return Error(Fault::upstream, "RATES_ANSWER", "The rates of exchange could not be read.")
      .with_detail(std::move(detail));
}

std::optional<Instant> day_of(const std::string& date) {
  return parse_iso8601(date + "T00:00:00Z");
}

std::optional<Rate> believed(const Quote& quote, Instant now) {
  Rate rate{text::to_lower(quote.quote), quote.date, 0};
  const auto day = quote.date.size() == 10 ? day_of(quote.date) : std::nullopt;
  if (!day || *day < now - kOldest || *day > now + kNewest) return std::nullopt;
  if (!is_currency(rate.currency) || !text::equals_ignoring_case(quote.base, kDollars)) return std::nullopt;
  const double millionths = std::round(quote.rate * 1e6);
  if (!(millionths >= 1 && millionths <= static_cast<double>(kMaxRate))) return std::nullopt;
  rate.rate = static_cast<RateMicros>(millionths);
  return rate;
}

}  // namespace

std::vector<Rate> read_rates(const json::value& document, Instant now) {
  std::vector<Quote> quotes;
  json::Faults faults;
  json::read(quotes, document, "", json::Source::body, faults);
  if (!faults.empty()) throw no_rates(faults.list().front().path + " " + faults.list().front().code);
  std::vector<Rate> rates;
  for (const auto& quote : quotes)
    if (auto rate = believed(quote, now)) rates.push_back(std::move(*rate));
  return rates;
}

bool may_follow(const Rate& before, const Rate& after) {
  const auto from = day_of(before.date), to = day_of(after.date);
  if (!from || !to || *to < *from) return false;
  const std::int64_t days = std::max<std::int64_t>(std::chrono::floor<std::chrono::days>(*to - *from).count(), 1);
  const RateMicros moved = after.rate > before.rate ? after.rate - before.rate : before.rate - after.rate;
  return moved * kDaily <= before.rate * days;
}

Task<std::vector<Rate>> Frankfurter::newest(std::vector<std::string> currencies) {
  http::ClientRequest request{
      .url = fmt::format("{}/v2/rates?base=usd&quotes={}", options_.base_url, text::join(currencies, ","))};
  request.headers.add("Accept", "application/json");
  const auto answer = co_await http::call_json(client_, std::move(request), kMaxRates, options_.time);
  if (answer.status != 200) throw no_rates(fmt::format("status {}", answer.status));
  auto rates = read_rates(answer.document, clock_.now());
  std::erase_if(rates,
                [&](const Rate& rate) { return std::ranges::find(currencies, rate.currency) == currencies.end(); });
  co_return rates;
}

}  // namespace odeon::billing
