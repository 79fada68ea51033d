// Prices of stocks and funds, from one document that is read again once a minute.
#pragma once

#include <expected>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "base/time.hpp"
#include "engine/coordination/flights.hpp"
#include "products/briefings/news/reader.hpp"

namespace odeon::briefings {

// Millionths of the currency, and of a share.
inline constexpr std::int64_t kMillion = 1'000'000;

struct Quote {
  std::string ticker;
  std::string company;   // may be empty
  std::string sector;    // may be empty
  std::string currency;  // ISO 4217: "USD"
  std::int64_t price = 0;
  std::int64_t previous_close = 0;
  Instant as_of;

  bool operator==(const Quote&) const = default;
};
BOOST_DESCRIBE_STRUCT(Quote, (), (ticker, company, sector, currency, price, previous_close, as_of))

// The ticker that somebody typed: 1 to 10 letters, digits, dots and hyphens, a letter first, in capitals.
std::optional<std::string> ticker_from(std::string_view input);

struct QuoteTable {
  std::map<std::string, Quote> quotes;  // by ticker; of two rows the one with the later as_of
  std::size_t skipped = 0;              // rows that could not be believed
  std::string first_fault;              // why the first of them was not
};
inline constexpr std::size_t kMaxQuotes = 50'000;

// Reads CSV (RFC 4180, with a header) or a JSON array of objects, told apart by content; the names are
// those of Quote's members, in any order, and others are ignored. Prices are positive decimal numbers in
// units of the currency, without exponent or grouping, as_of is RFC 3339. Company and sector may be
// missing. Total: no input throws.
std::expected<QuoteTable, SkipReason> parse_quotes(std::string_view bytes);

struct QuoteReading {
  std::vector<std::optional<Quote>> quotes;  // of each asked ticker, in order
  // `used` says whether the prices are current: the source answers, or did a few minutes ago.
  SourceReport report;
};

// Thread-safe; `pool`, `clock` and `log` outlive it. Many callers at once cause one reading.
class Quotes {
 public:
  // `source` is an http or https address or a file; empty: there are no quotes, and all are unknown.
  Quotes(std::string source, Fetch fetch, ThreadPool& pool, const Clock& clock, Log& log);

  bool configured() const { return !source_.empty(); }
  // Of each asked ticker in order; nothing where it is unknown. While the source fails, those of the last
  // good reading, which say by as_of how old they are. Throws Error{unavailable} when there was none.
  Task<std::vector<std::optional<Quote>>> latest(std::vector<std::string> tickers);
  // The same as an outcome, with what became of the source.
  Task<QuoteReading> look(std::vector<std::string> tickers);

 private:
  using Table = std::map<std::string, Quote>;
  class Turn;
  bool is_settled() const;  // nothing to be read now, or somebody does and there is something to go on with
  Task<void> refresh();
  Task<void> read();

  std::string source_;
  Reader reader_;
  ThreadPool& pool_;
  const Clock& clock_;
  Log& log_;
  std::shared_ptr<coordination::Flights> flights_ = std::make_shared<coordination::Flights>();

  mutable std::mutex mutex_;
  std::shared_ptr<const Table> table_;  // of the last good reading
  std::string etag_, last_modified_;
  std::optional<SkipReason> fault_;  // of the last reading
  Instant read_at_;                  // the last good one
  Instant due_ = Instant::min();
  bool reading_ = false;
};

}  // namespace odeon::briefings
