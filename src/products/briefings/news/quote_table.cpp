// Quotes as they come in documents: CSV or JSON, believed row by row.
#include "base/text.hpp"
#include "products/briefings/news/charset.hpp"
#include "products/briefings/news/markup.hpp"
#include "products/briefings/news/quotes.hpp"

namespace odeon::briefings {
namespace {

constexpr std::int64_t kHighestPrice = 1'000'000'000;  // units of the currency
constexpr std::size_t kLongestName = 100;              // code points

// The cells of one row, as text; nothing where the row has none.
struct Row {
  std::optional<std::string> ticker, company, sector, currency, price, previous_close, as_of;
};
BOOST_DESCRIBE_STRUCT(Row, (), (ticker, company, sector, currency, price, previous_close, as_of))

bool is_ascii_capital(char c) {
  return c >= 'A' && c <= 'Z';
}

// "182.35" in millionths, rounded where it is finer; nothing unless positive and written plainly.
std::optional<std::int64_t> price_from(std::string_view written) {
  written = text::trim(written);
  const auto point = written.find('.');
  const auto whole = written.substr(0, point);
  const auto fraction = point == std::string_view::npos ? std::string_view("0") : written.substr(point + 1);
  if (whole.empty() || whole.size() > 10 || fraction.empty() || fraction.size() > 40) return std::nullopt;
  if (!std::ranges::all_of(whole, text::is_digit) || !std::ranges::all_of(fraction, text::is_digit))
    return std::nullopt;
  std::int64_t value = 0;
  for (const char c : whole) value = value * 10 + (c - '0');
  if (value > kHighestPrice) return std::nullopt;
  for (std::size_t i = 0; i < 6; ++i) value = value * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
  if (fraction.size() > 6 && fraction[6] >= '5') ++value;
  return value > 0 ? std::optional(value) : std::nullopt;
}

// A name that will be read aloud; nothing if it is no name.
std::optional<std::string> name_from(const std::optional<std::string>& written) {
  const std::string name = text::collapse_spaces(tidy(written.value_or("")));
  const bool fit = text::length(name) <= kLongestName && name.find_first_of("<>{}[]|\\`*_#@^~=\"") == std::string::npos;
  return fit ? std::optional(name) : std::nullopt;
}

std::expected<Quote, std::string> quote_from(const Row& row) {
  Quote quote;
  const auto ticker = ticker_from(row.ticker.value_or(""));
  if (!ticker) return std::unexpected("ticker");
  quote.ticker = *ticker;
  const auto company = name_from(row.company), sector = name_from(row.sector);
  if (!company) return std::unexpected("company");
  if (!sector) return std::unexpected("sector");
  quote.company = *company;
  quote.sector = *sector;
  quote.currency = text::trim(row.currency.value_or(""));
  if (quote.currency.size() != 3 || !std::ranges::all_of(quote.currency, is_ascii_capital))
    return std::unexpected("currency");
  const auto price = price_from(row.price.value_or("")), before = price_from(row.previous_close.value_or(""));
  if (!price) return std::unexpected("price");
  if (!before) return std::unexpected("previous_close");
  quote.price = *price;
  quote.previous_close = *before;
  const auto as_of = parse_iso8601(text::trim(row.as_of.value_or("")));
  if (!as_of) return std::unexpected("as_of");
  quote.as_of = *as_of;
  return quote;
}

void take(QuoteTable& table, const std::expected<Quote, std::string>& quote) {
  if (!quote) {
    if (table.skipped++ == 0) table.first_fault = quote.error();
    return;
  }
  const auto [known, added] = table.quotes.try_emplace(quote->ticker, *quote);
  if (!added && known->second.as_of < quote->as_of) known->second = *quote;
}

// Reads CSV row by row. A quoted cell may hold commas, line ends and doubled quotes.
class Csv {
 public:
  explicit Csv(std::string_view text) : text_(text) {}

  // The next row that is not blank; nothing at the end. `broken` tells of a quote in the wrong place.
  std::optional<std::vector<std::string>> next(bool& broken) {
    while (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r')) ++at_;
    if (at_ >= text_.size()) return std::nullopt;
    std::vector<std::string> cells;
    broken = false;
    for (;;) {
      cells.push_back(cell(broken));
      if (at_ >= text_.size() || text_[at_] != ',') break;
      ++at_;
    }
    return cells;
  }

 private:
  std::string cell(bool& broken) {
    std::string out;
    if (at_ < text_.size() && text_[at_] == '"') {
      for (++at_;; ++at_) {
        if (at_ >= text_.size()) {
          broken = true;
          return out;
        }
        if (text_[at_] == '"') {
          if (at_ + 1 >= text_.size() || text_[at_ + 1] != '"') break;
          ++at_;
        }
        out += text_[at_];
      }
      ++at_;
    }
    const auto rest = text_.substr(at_, text_.find_first_of(",\r\n", at_) - at_);
    broken = broken || (!out.empty() && !text::trim(rest).empty());
    at_ += rest.size();
    out += rest;
    return out;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

std::expected<QuoteTable, SkipReason> from_csv(std::string_view text) {
  Csv csv(text);
  bool broken = false;
  std::vector<std::string> header;
  if (auto first = csv.next(broken)) header = std::move(*first);
  for (auto& name : header) name = text::to_lower(text::trim(name));
  for (const char* name : {"ticker", "currency", "price", "previous_close", "as_of"})
    if (std::ranges::find(header, name) == header.end())
      return skip("not_quotes", fmt::format("This is no table of quotes: it has no column \"{}\".", name));
  QuoteTable table;
  for (auto cells = csv.next(broken); cells; cells = csv.next(broken)) {
    if (table.quotes.size() + table.skipped > kMaxQuotes) return skip("too_large", "These are too many quotes.");
    if (broken || cells->size() != header.size()) {
      take(table, std::unexpected("columns"));
      continue;
    }
    Row row;
    json::for_each_member<Row>([&](std::string_view name, auto pointer) {
      const auto column = std::ranges::find(header, name);
      if (column != header.end()) row.*pointer = (*cells)[static_cast<std::size_t>(column - header.begin())];
    });
    take(table, quote_from(row));
  }
  return table;
}

std::optional<std::string> cell_of(const json::value* found) {
  if (found == nullptr) return std::nullopt;
  if (found->is_string()) return std::string(found->get_string());
  if (const auto whole = json::as_integer(*found, json::Source::body)) return std::to_string(*whole);
  if (found->is_double()) return fmt::format("{:.6f}", found->get_double());
  return std::nullopt;
}

std::expected<QuoteTable, SkipReason> from_json(std::string_view text) {
  json::value document;
  try {
    document = json::parse(text);
  } catch (const Error&) {
    return skip("malformed", "This is not valid JSON.");
  }
  const auto* rows = document.if_array();
  if (rows == nullptr) return skip("not_quotes", "This is no list of quotes.");
  if (rows->size() > kMaxQuotes) return skip("too_large", "These are too many quotes.");
  QuoteTable table;
  for (const auto& item : *rows) {
    Row row;
    if (const auto* object = item.if_object())
      json::for_each_member<Row>(
          [&](std::string_view name, auto pointer) { row.*pointer = cell_of(object->if_contains(name)); });
    take(table, quote_from(row));
  }
  return table;
}

}  // namespace

std::optional<std::string> ticker_from(std::string_view input) {
  std::string ticker(text::trim(input));
  if (ticker.empty() || ticker.size() > 10) return std::nullopt;
  for (char& c : ticker)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  const bool fit = std::ranges::all_of(
      ticker, [](char c) { return is_ascii_capital(c) || text::is_digit(c) || c == '.' || c == '-'; });
  return fit && is_ascii_capital(ticker.front()) ? std::optional(std::move(ticker)) : std::nullopt;
}

std::expected<QuoteTable, SkipReason> parse_quotes(std::string_view bytes) {
  if (bytes.size() > kMaxFeedBytes) return skip("too_large", "This document is larger than 4 MB.");
  const auto utf8 = to_utf8(bytes, "");
  if (!utf8) return skip("charset", "The characters of this document cannot be made out.");
  const std::string_view text = text::trim(*utf8);
  if (text.empty()) return skip("empty", "This document is empty.");
  if (text.front() == '<') return skip("web_page", "This is a web page, not quotes.");
  const bool is_json = text.front() == '[' || text.front() == '{';
  auto table = is_json ? from_json(text) : from_csv(text);
  if (table && table->quotes.empty()) return skip("no_quotes", "No row of this document is a quote.");
  return table;
}

}  // namespace odeon::briefings
