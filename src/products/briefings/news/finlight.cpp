#include "products/briefings/news/finlight.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "engine/http/retry_after.hpp"
#include "products/briefings/links.hpp"

namespace odeon::briefings {
namespace {

using namespace std::chrono_literals;

constexpr auto kWindow = 72h;
constexpr std::int64_t kPageSize = 50;
constexpr std::size_t kMostTickers = 50;  // of one request
constexpr auto kPause = 60s, kLongestPause = 900s;

struct Query {
  std::vector<std::string> tickers;
  std::string language = "en";
  Instant from;
  std::string orderBy = "publishDate";  // NOLINT: the API's own names
  std::string order = "DESC";
  bool includeContent = true;
  bool includeEntities = true;
  std::int64_t page = 1;
  std::int64_t pageSize = kPageSize;
};
BOOST_DESCRIBE_STRUCT(Query, (),
                      (tickers, language, from, orderBy, order, includeContent, includeEntities, page, pageSize))

std::unexpected<SkipReason> finlight_reason(unsigned status) {
  if (status == 401 || status == 403) return skip("refused", "Finlight refused the key.");
  if (status == 402 || status == 429) return skip("rate_limited", "Finlight asked to be read less often.");
  if (status >= 500) return skip("unavailable", "Finlight has a fault at the moment.");
  return skip("bad_answer", "Finlight gave an unexpected answer.");
}

std::unexpected<SkipReason> finlight_reason(std::exception_ptr failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    if (error.fault == Fault::timeout) return skip("timeout", "Finlight took too long to answer.");
  } catch (...) {
  }
  return skip("unreachable", "Finlight could not be reached.");
}

}  // namespace

Finlight::Finlight(FinlightOptions options, Call call, ThreadPool& pool, const Clock& clock, Log& log)
    : options_(std::move(options)), call_(std::move(call)), pool_(pool), clock_(clock), log_(log) {
  while (options_.base_url.ends_with('/')) options_.base_url.pop_back();
}

CallRequest Finlight::request_for(const std::vector<std::string>& tickers) const {
  Query query{.tickers = tickers, .from = std::chrono::floor<std::chrono::seconds>(clock_.now() - kWindow)};
  if (query.tickers.size() > kMostTickers) query.tickers.resize(kMostTickers);
  return {
      .url = options_.base_url + "/v2/articles",
      .headers = {{"X-API-KEY", options_.key}, {"Content-Type", "application/json"}, {"Accept", "application/json"}},
      .body = json::write(query)};
}

Task<std::expected<CallReply, SkipReason>> Finlight::asked(std::vector<std::string> tickers) {
  {
    std::lock_guard lock(mutex_);
    if (clock_.now() < paused_until_) co_return finlight_reason(429);
  }
  std::exception_ptr failure;
  CallReply reply;
  try {
    reply = co_await with_timeout(options_.time, call_(request_for(tickers)));
  } catch (...) {
    failure = std::current_exception();
  }
  if (failure) {
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    if (cancellation.cancelled() != asio::cancellation_type::none) std::rethrow_exception(failure);
    co_return finlight_reason(failure);
  }
  if (reply.status == 429) {
    std::lock_guard lock(mutex_);
    paused_until_ =
        clock_.now() + std::clamp<std::chrono::seconds>(
                           http::read_retry_after(reply.retry_after, clock_.now()).value_or(kPause), 1s, kLongestPause);
  }
  if (reply.status != 200 && reply.status != 201) co_return finlight_reason(reply.status);
  co_return reply;
}

Task<FinlightReading> Finlight::read(std::vector<std::string> tickers) {
  FinlightReading reading{.report = {.name = "Finlight", .address = shown_address(options_.base_url)}};
  const auto skipped = [&](const SkipReason& reason) {
    reading.report.code = reason.code;
    reading.report.reason = reason.message;
    log_.warning("briefings.source_skipped", {{"source", reading.report.name}, {"code", reason.code}});
    return reading;
  };
  if (!configured()) {
    reading.report.code = "not_configured";
    reading.report.reason = "No key for Finlight is configured.";
    co_return reading;
  }
  std::erase(tickers, "");
  if (tickers.empty()) co_return skipped({"no_articles", "No stock was asked for."});
  auto reply = co_await asked(std::move(tickers));
  if (!reply) co_return skipped(reply.error());
  auto articles = co_await run_blocking(pool_, [&reply] { return parse_finlight(reply->body); });
  if (!articles) co_return skipped(articles.error());
  reading.articles = std::move(*articles);
  reading.report.used = true;
  reading.report.articles = reading.articles.size();
  co_return reading;
}

}  // namespace odeon::briefings
