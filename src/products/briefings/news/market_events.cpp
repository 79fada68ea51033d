#include "products/briefings/news/market_events.hpp"

#include <cmath>

#include "products/briefings/news/interest.hpp"

namespace odeon::briefings {
namespace {

constexpr std::array<std::int64_t, 11> kSteps{2, 3, 5, 8, 10, 15, 20, 30, 50, 75, 100};

double percent_of(const Quote& quote) {
  return 100 * static_cast<double>(quote.price - quote.previous_close) / static_cast<double>(quote.previous_close);
}

bool is_recent(Instant at, Instant now) {
  return at <= now + kAlertWindow && now - at <= kAlertWindow;
}

std::string day_of(Instant at) {
  return to_iso8601(at).substr(0, 10);
}

// Up and down are apart, and so are days; within one a step stands for all smaller ones.
std::string price_prefix(const Quote& quote, std::int64_t step) {
  return fmt::format("price:{}:{}:{}:", quote.ticker, day_of(quote.as_of), step < 0 ? "down" : "up");
}

std::optional<MarketEvent> price_event(const Quote& quote, const std::vector<MarketEvent>& known, Instant now) {
  const auto step = step_of(quote);
  if (step == 0 || !is_recent(quote.as_of, now)) return std::nullopt;
  const std::string prefix = price_prefix(quote, step);
  for (const auto& event : known)
    if (event.id.starts_with(prefix) && std::abs(event.move) >= std::abs(step)) return std::nullopt;
  const double percent = percent_of(quote);
  const auto price = static_cast<double>(quote.price) / kMillion;
  return MarketEvent{
      .id = prefix + std::to_string(std::abs(step)),
      .ticker = quote.ticker,
      .kind = AlertKind::price,
      .move = step,
      .title = fmt::format("{} is {} {:.1f} %", quote.ticker, percent < 0 ? "down" : "up", std::abs(percent)),
      .body = fmt::format("{} trades at {:.2f} {}, {:.1f} % {} the previous close.",
                          quote.company.empty() ? quote.ticker : quote.company, price, quote.currency,
                          std::abs(percent), percent < 0 ? "below" : "above"),
      .at = now};
}

// As same_event wants it: the headline is what is left of the title without the ticker.
Article told_by(const MarketEvent& event) {
  return {.title = event.title.substr(std::min(event.title.size(), event.ticker.size() + 2)), .url = event.url};
}

bool tells_of(const Interest& interest, const Mentions& title, const Article& article) {
  if (article.tickers && std::ranges::find(*article.tickers, interest.ticker()) != article.tickers->end()) return true;
  return interest.named_in(title);
}

}  // namespace

std::int64_t step_of(const Quote& quote) {
  if (quote.previous_close <= 0) return 0;
  const double percent = percent_of(quote);
  std::int64_t passed = 0;
  for (const auto step : kSteps)
    if (std::abs(percent) >= static_cast<double>(step)) passed = step;
  return percent < 0 ? -passed : passed;
}

std::vector<MarketEvent> events_in(const std::vector<Quote>& quotes, const std::vector<Article>& articles,
                                   const std::vector<MarketEvent>& known, Instant now) {
  std::vector<MarketEvent> found;
  for (const auto& quote : quotes)
    if (auto event = price_event(quote, known, now)) found.push_back(std::move(*event));

  std::vector<Interest> interests(quotes.begin(), quotes.end());
  for (const auto& article : articles) {
    if (!article.published || !is_recent(*article.published, now)) continue;
    // A company that the text only mentions is not what the news is about.
    const Mentions title(article.title);
    for (const auto& interest : interests) {
      if (!tells_of(interest, title, article)) continue;
      const auto tells_it = [&](const MarketEvent& event) {
        return event.kind == AlertKind::news && event.ticker == interest.ticker() &&
               same_event(told_by(event), article);
      };
      if (std::ranges::any_of(known, tells_it) || std::ranges::any_of(found, tells_it)) continue;
      found.push_back({.id = fmt::format("news:{}:{}", interest.ticker(), article_id(article)),
                       .ticker = interest.ticker(),
                       .kind = AlertKind::news,
                       .title = fmt::format("{}: {}", interest.ticker(), article.title),
                       .body = article.source,
                       .url = article.url,
                       .at = now});
    }
  }
  return found;
}

}  // namespace odeon::briefings
