#include "products/briefings/news/quotes.hpp"

#include "base/error.hpp"
#include "products/briefings/links.hpp"

namespace odeon::briefings {
namespace {

using namespace std::chrono_literals;

constexpr auto kFresh = 60s;
constexpr auto kTryAgain = 15s;   // after a failure
constexpr auto kCurrent = 15min;  // how long prices pass for current while the source is away

}  // namespace

// Somebody reads; ends with its scope, by cancellation too.
class Quotes::Turn {
 public:
  explicit Turn(Quotes& quotes) : quotes_(quotes) { set(true); }
  ~Turn() { set(false); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  void set(bool reading) {
    std::lock_guard lock(quotes_.mutex_);
    quotes_.reading_ = reading;
  }
  Quotes& quotes_;
};

Quotes::Quotes(std::string source, Fetch fetch, ThreadPool& pool, const Clock& clock, Log& log)
    : source_(std::move(source)), reader_(std::move(fetch), pool), pool_(pool), clock_(clock), log_(log) {}

bool Quotes::is_settled() const {
  std::lock_guard lock(mutex_);
  return clock_.now() < due_ || (reading_ && table_);
}

Task<void> Quotes::refresh() {
  if (is_settled()) co_return;
  coordination::Flights::Seat seat(flights_, "quotes", co_await asio::this_coro::executor);
  if (co_await seat.wait()) co_return;
  // Another flight may have landed between the first look and this one's start.
  if (!is_settled()) co_await read();
  seat.land({});
}

Task<void> Quotes::read() {
  const Turn turn(*this);
  std::string etag, last_modified;
  {
    std::lock_guard lock(mutex_);
    etag = etag_;
    last_modified = last_modified_;
  }
  auto document = co_await reader_.document(source_, etag, last_modified);
  std::optional<SkipReason> fault;
  std::optional<QuoteTable> fresh;
  if (!document) {
    fault = document.error();
  } else if (document->status != 304) {
    auto parsed = co_await run_blocking(pool_, [&document] { return parse_quotes(document->body); });
    if (parsed)
      fresh = std::move(*parsed);
    else
      fault = parsed.error();
  }
  if (fault) log_.warning("briefings.quotes_unreadable", {{"code", fault->code}, {"reason", fault->message}});
  if (fresh && fresh->skipped > 0)
    log_.warning("briefings.quotes_skipped", {{"rows", fresh->skipped}, {"first_fault", fresh->first_fault}});

  std::lock_guard lock(mutex_);
  const Instant now = clock_.now();
  due_ = now + (fault ? kTryAgain : kFresh);
  fault_ = std::move(fault);
  if (fault_) co_return;
  read_at_ = now;
  if (!fresh) co_return;
  table_ = std::make_shared<const Table>(std::move(fresh->quotes));
  etag_ = document->etag;
  last_modified_ = document->last_modified;
}

Task<QuoteReading> Quotes::look(std::vector<std::string> tickers) {
  QuoteReading reading{.quotes = std::vector<std::optional<Quote>>(tickers.size()),
                       .report = {.name = "Quotes", .address = shown_address(source_)}};
  if (!configured()) {
    reading.report.code = "not_configured";
    reading.report.reason = "No source of quotes is configured.";
    co_return reading;
  }
  co_await refresh();
  std::shared_ptr<const Table> table;
  {
    std::lock_guard lock(mutex_);
    table = table_;
    reading.report.used = table_ && (!fault_ || clock_.now() - read_at_ <= kCurrent);
    if (fault_ && !reading.report.used) {
      reading.report.code = fault_->code;
      reading.report.reason = fault_->message;
    }
  }
  if (!table) co_return reading;
  for (std::size_t i = 0; i < tickers.size(); ++i) {
    const auto ticker = ticker_from(tickers[i]);
    const auto known = ticker ? table->find(*ticker) : table->end();
    if (known == table->end()) continue;
    reading.quotes[i] = known->second;
    if (reading.report.used) ++reading.report.articles;
  }
  co_return reading;
}

Task<std::vector<std::optional<Quote>>> Quotes::latest(std::vector<std::string> tickers) {
  QuoteReading reading = co_await look(std::move(tickers));
  if (configured() && !reading.report.used) {
    std::lock_guard lock(mutex_);
    if (!table_)
      throw Error(Fault::unavailable, "QUOTES_UNAVAILABLE", "Prices are not available at the moment.")
          .with_retry_after(kTryAgain)
          .with_detail(reading.report.code);
  }
  co_return std::move(reading.quotes);
}

}  // namespace odeon::briefings
