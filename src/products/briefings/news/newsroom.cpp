#include "products/briefings/news/newsroom.hpp"

#include "products/briefings/links.hpp"

namespace odeon::briefings {

Source shown(const SourceReport& report) {
  return {.name = report.name,
          .address = report.address,
          .used = report.used,
          .reason = report.used ? std::nullopt : std::optional(report.reason),
          .articles = static_cast<std::int64_t>(report.articles)};
}

Error no_news(const std::vector<Source>& sources) {
  std::string reasons;
  for (const auto& source : sources)
    if (source.reason) reasons.append(" ").append(source.name).append(": ").append(*source.reason);
  return Error(Fault::unavailable, "NO_NEWS", "No news source could be read." + reasons)
      .with_fallback_action("play_previous");
}

Newsroom::Newsroom(Store& store, Fetch fetch, ThreadPool& pool, const Clock& clock, Log& log)
    : store_(store), reader_(std::move(fetch), pool), clock_(clock), log_(log) {}

Task<News> Newsroom::gather(std::vector<std::string> feeds) {
  News news = co_await look(std::move(feeds));
  if (news.articles.empty()) throw no_news(news.sources);
  co_return news;
}

Task<News> Newsroom::look(std::vector<std::string> feeds) {
  std::vector<Task<Reading>> tasks;
  for (auto& feed : feeds) tasks.push_back(read(feed));
  News news;
  for (auto& reading : co_await all_of(std::move(tasks))) {
    if (reading.report.used)
      std::ranges::move(reading.state.articles, std::back_inserter(news.articles));
    else
      log_.warning("briefings.source_skipped", {{"source", reading.report.address}, {"code", reading.report.code}});
    news.sources.push_back(shown(reading.report));
  }
  co_return news;
}

Task<Reading> Newsroom::read(std::string source) {
  FeedState state;
  if (is_web_address(source)) {
    if (const auto kept = co_await store_.feed_state(source)) state = json::from<FeedState>(*kept);
  }
  Reading reading = co_await reader_.read(source, std::move(state));
  if (is_web_address(source) && reading.report.used && reading.report.code != "unchanged")
    co_await store_.keep_feed_state(source, json::write(reading.state), clock_.now());
  co_return reading;
}

}  // namespace odeon::briefings
