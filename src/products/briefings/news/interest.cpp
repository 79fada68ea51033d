#include "products/briefings/news/interest.hpp"

#include "base/text.hpp"
#include "products/briefings/news/markup.hpp"
#include "products/briefings/script/words.hpp"

namespace odeon::briefings {

namespace {

constexpr std::size_t kShortestPart = 4;    // of a name that stands for all of it
constexpr std::size_t kShortestTicker = 3;  // that needs no mark

bool is_capital(char c) {
  return (c >= 'A' && c <= 'Z') || static_cast<std::uint8_t>(c) >= 0x80;
}
bool is_in_list(std::string_view word, std::string_view list) {
  const auto words = text::split(list, ' ');
  return std::ranges::find(words, word) != words.end();
}

// Capitals in news that are no ticker, although some are one as well.
bool is_known_abbreviation(std::string_view word) {
  return is_in_list(word,
                    "CEO CFO COO CTO IPO GDP CPI PPI PMI USA USD EUR GBP JPY ETF ETFS EPS FTSE DAX OPEC NATO FED FOMC "
                    "SEC FDA FTC DOJ IRS IMF ECB BOE BOJ LNG NYSE AND THE FOR NEW ALL NOW ARE CAN HAS ONE TWO OUT AI "
                    "EV EVS API RSS UK EU US UN AM PM PLC INC LTD");
}

// First words that many companies share, beside those that are no names at all.
bool is_shared(std::string_view word) {
  return is_in_list(word,
                    "american united national general first bank international global north south east west royal "
                    "best advanced applied western eastern southern northern northeast northwest pacific atlantic "
                    "standard public capital consolidated texas delta johnson morgan berkshire london paris tokyo "
                    "european british french german swiss nordic canadian china japan india america europe asia "
                    "saint santa grand great central federal state city county union universal dollar energy health "
                    "life home food real white black blue green silver golden summit alpha beta prime apex "
                    "premier quality select super ultra star direct digital data smart free open fair true world");
}

bool is_ordinary(std::string_view word) {
  return is_common_word(word) || is_stop_word(word) || is_verb(word) || is_shared(word);
}

// Words of a name that news leave out.
bool is_generic_end(std::string_view word) {
  return is_in_list(word, "group holdings holding etf fund class a b c adr");
}

// Names under which the press knows a company better.
std::string_view other_name(std::string_view company) {
  if (company == "Alphabet") return "Google";
  if (company == "Meta Platforms") return "Facebook";
  return {};
}

std::vector<std::string> words_of_name(std::string_view name) {
  std::vector<std::string> words;
  for (auto word : text::split(name, ' '))
    if (!word.empty() && word != "and") words.emplace_back(word);
  while (words.size() > 1 && is_generic_end(text::to_lower(words.back()))) words.pop_back();
  return words;
}

bool is_all_capitals(std::string_view text) {
  const auto large = std::ranges::count_if(text, [](char c) { return c >= 'A' && c <= 'Z'; });
  const auto small = std::ranges::count_if(text, [](char c) { return c >= 'a' && c <= 'z'; });
  return large > small;
}

}  // namespace

Mentions::Mentions(std::string_view text) : shouted_(is_all_capitals(text)) {
  const std::string plain = plain_punctuation(text);
  bool starts = true;
  for (std::size_t i = 0; i < plain.size();) {
    if (!text::may_be_letter(plain[i]) && !text::is_digit(plain[i])) {
      starts = starts || plain[i] == '\n' || plain[i] == '.' || plain[i] == '!' || plain[i] == '?' || plain[i] == '"';
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < plain.size() && (text::may_be_letter(plain[end]) || text::is_digit(plain[end]) ||
                                  std::string_view("&.'-").find(plain[end]) != std::string_view::npos))
      ++end;
    const std::size_t next = end;
    while (!text::may_be_letter(plain[end - 1]) && !text::is_digit(plain[end - 1])) --end;
    std::string word = plain.substr(i, end - i);
    if (word.ends_with("'s")) word.erase(word.size() - 2);
    const char before = i > 0 ? plain[i - 1] : '\0', after = end < plain.size() ? plain[end] : '\0';
    if (word != "and") words_.push_back({std::move(word), starts, before, after});
    starts = plain.substr(end, next - end).find('.') != std::string::npos;
    i = next;
  }
}

Interest::Interest(const Quote& quote) : ticker_(quote.ticker) {
  needs_mark_ = ticker_.size() < kShortestTicker || is_known_abbreviation(ticker_);
  const std::string company = short_company(quote.company);
  const auto add = [&](std::vector<std::string> words) {
    const bool doubtful = words.size() == 1 && is_ordinary(text::to_lower(words.front()));
    names_.push_back({std::move(words), doubtful});
  };
  const auto words = words_of_name(company);
  if (words.empty()) return;
  add(words);
  const std::string& first = words.front();
  const bool telling = text::length(first) >= kShortestPart && std::ranges::any_of(first, text::may_be_letter) &&
                       !is_ordinary(text::to_lower(first));
  if (words.size() > 1 && telling) add({first});
  if (const auto other = other_name(company); !other.empty()) add(words_of_name(other));
}

bool Interest::has_ticker(const Mentions& text) const {
  for (std::size_t i = 0; i < text.words_.size(); ++i) {
    const auto& word = text.words_[i];
    if (word.text != ticker_) continue;
    const bool exchange = i > 0 && text.words_[i - 1].after == ':' && is_all_capitals(text.words_[i - 1].text);
    const bool bracketed = word.before == '(' && word.after == ')';
    if (exchange || bracketed || word.before == '$' || (!needs_mark_ && !text.shouted_)) return true;
  }
  return false;
}

bool Interest::has_name(const Mentions& text, const Name& name) {
  const auto& words = text.words_;
  const std::size_t size = name.words.size();
  for (std::size_t i = 0; i + size <= words.size(); ++i) {
    if (!is_capital(words[i].text.front()) && words[i].text != name.words.front()) continue;
    if (name.doubtful && words[i].starts) continue;
    std::size_t same = 0;
    while (same < size && text::equals_ignoring_case(words[i + same].text, name.words[same])) ++same;
    // "NASDAQ: AAPL" is a place, not a thing.
    if (same == size && words[i + same - 1].after != ':') return true;
  }
  return false;
}

bool Interest::named_in(const Mentions& text) const {
  return has_ticker(text) || std::ranges::any_of(names_, [&](const auto& name) { return has_name(text, name); });
}

}  // namespace odeon::briefings
