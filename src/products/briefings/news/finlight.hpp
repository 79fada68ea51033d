// News on named stocks from the Finlight API (docs.finlight.me, version 2).
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "base/time.hpp"
#include "products/briefings/news/reader.hpp"

namespace odeon::briefings {

// An HTTP POST of JSON, and what it gave. A body larger than kMaxFeedBytes may be cut after one byte more.
struct CallRequest {
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};
struct CallReply {
  unsigned status = 0;
  std::string body;
  std::string retry_after;  // the header, or empty
};
using Call = std::function<Task<CallReply>(CallRequest)>;  // failures are Errors

struct FinlightOptions {
  std::string key;  // empty: not configured, and nothing is ever asked
  std::string base_url = "https://api.finlight.me";
  std::chrono::milliseconds time{10'000};  // for one request, all in all
};

struct FinlightReading {
  std::vector<Article> articles;
  SourceReport report;  // `code` as of a reader's, or refused, rate_limited, no_articles, not_configured
};

// The articles of an answer, in its order, with the stocks it says they are about; in English only.
// Total: no input throws. An item that says nothing is left out.
std::expected<std::vector<Article>, SkipReason> parse_finlight(std::string_view body);

// Thread-safe; `pool`, `clock` and `log` outlive it.
class Finlight {
 public:
  Finlight(FinlightOptions options, Call call, ThreadPool& pool, const Clock& clock, Log& log);

  bool configured() const { return !options_.key.empty(); }
  // What was published on these stocks within the last days, newest first. A service that cannot be used
  // is an outcome, not an exception; after it asked for a pause, it is left alone for that long.
  Task<FinlightReading> read(std::vector<std::string> tickers);

 private:
  Task<std::expected<CallReply, SkipReason>> asked(std::vector<std::string> tickers);
  CallRequest request_for(const std::vector<std::string>& tickers) const;

  FinlightOptions options_;
  Call call_;
  ThreadPool& pool_;
  const Clock& clock_;
  Log& log_;
  std::mutex mutex_;
  Instant paused_until_ = Instant::min();
};

}  // namespace odeon::briefings
