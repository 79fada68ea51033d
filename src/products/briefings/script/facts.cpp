#include "products/briefings/script/facts.hpp"

#include <set>

#include "base/text.hpp"
#include "products/briefings/news/markup.hpp"
#include "products/briefings/script/figures.hpp"
#include "products/briefings/script/phrases.hpp"

namespace odeon::briefings {
namespace {

using Wide = __int128;

constexpr std::size_t kFewestToCount = 3;
constexpr std::size_t kLongestCompany = 60;                          // code points
constexpr Wide kLargest = Wide(9'000'000'000'000) * kMillion;        // beyond it a value is not said
constexpr std::int64_t kFocus = 1'000'000, kUnpriced = 10 * kFocus;  // against tenths of a percent

// What somebody holds of one stock, in millionths of its currency.
struct Worth {
  std::int64_t value = 0;
  std::optional<std::int64_t> before, cost;
};

// Letters, figures and what names are made of.
std::string name_characters(std::string_view name, std::string_view allowed) {
  std::string out;
  for (const char c : plain_punctuation(text::to_valid_utf8(name))) {
    const bool kept = text::may_be_letter(c) || allowed.find(c) != std::string_view::npos;
    out += kept ? c : ' ';
  }
  return text::collapse_spaces(tidy(out));
}

bool is_legal_form(std::string_view word) {
  constexpr std::array<std::string_view, 18> forms{"inc", "corp",    "corporation", "co",  "company", "plc",
                                                   "ltd", "limited", "llc",         "sa",  "s.a",     "ag",
                                                   "nv",  "n.v",     "se",          "asa", "oyj",     "&"};
  return std::ranges::find(forms, word) != forms.end();
}

std::optional<std::int64_t> times(std::int64_t price, std::int64_t shares) {
  const Wide product = static_cast<Wide>(price) * shares;
  if (product > kLargest * kMillion) return std::nullopt;
  return static_cast<std::int64_t>(product / kMillion);
}

std::optional<Worth> worth_of(const Position& position) {
  const auto value = times(position.quote.price, *position.shares);
  if (position.quote.price <= 0 || !value) return std::nullopt;
  Worth worth{.value = *value};
  if (position.quote.previous_close > 0) worth.before = times(position.quote.previous_close, *position.shares);
  if (position.average_cost && *position.average_cost >= 0)
    worth.cost = times(*position.average_cost, *position.shares);
  return worth;
}

// How far `now` is from `then`, as an amount and in percent.
Spoken difference(std::int64_t now, std::int64_t then, const std::string& currency) {
  const std::int64_t change = now - then;
  Spoken spoken{.amount = spoken_money(std::abs(change), currency, true)};
  if (then > 0) spoken.percent = spoken_change(change, then).percent;
  if (!spoken.amount.empty()) spoken.direction = change > 0 ? 1 : -1;
  return spoken;
}

std::string with_percent(const Spoken& spoken) {
  return spoken.percent.empty() ? spoken.amount : fmt::format("{}, or {},", spoken.amount, spoken.percent);
}

std::string up_or_down(const Spoken& change) {
  return change.direction == 0 ? "little changed" : (change.direction > 0 ? "up " : "down ") + change.percent;
}

bool has_change(const Position& position) {
  return position.quote.price > 0 && position.quote.previous_close > 0;
}

std::int64_t weight_of(const Position& position, bool held, const std::string& focus) {
  std::int64_t weight = 10 * (5 - std::clamp(position.priority, 1, 100));
  const bool wanted = (focus == "holdings" && held) || (focus == "watchlist" && !held);
  if (wanted) weight += kFocus;
  if (position.quote.price <= 0) return weight - kUnpriced;
  if (!has_change(position)) return weight;
  const Wide before = position.quote.previous_close, change = position.quote.price - before;
  return weight + static_cast<std::int64_t>(std::min<Wide>((change < 0 ? -change : change) * 1000 / before, 5000));
}

PositionFacts facts_of(const Position& position, const PersonalBrief& brief) {
  const Quote& quote = position.quote;
  PositionFacts known{.id = "quote:" + quote.ticker, .ticker = quote.ticker, .company = short_company(quote.company)};
  if (known.company.empty()) known.company = quote.ticker;
  known.held = position.shares && *position.shares > 0;
  known.weight = weight_of(position, known.held, brief.focus);
  known.price = quote.price > 0 ? spoken_money(quote.price, quote.currency, false) : "";
  known.compared = has_change(position);
  if (known.compared) known.change = spoken_change(quote.price - quote.previous_close, quote.previous_close);
  if (!brief.profit_and_loss || !known.held) return known;
  known.shares = spoken_shares(*position.shares);
  if (const auto worth = worth_of(position)) {
    known.value = spoken_money(worth->value, quote.currency, true);
    if (worth->cost) known.result = difference(worth->value, *worth->cost, quote.currency);
  }
  return known;
}

Fact fact_of(const PositionFacts& known, const Position& position) {
  Fact fact{.id = known.id, .text = fmt::format("{} ({})", known.company, known.ticker)};
  if (const auto sector = name_characters(position.quote.sector, " &-"); !sector.empty()) fact.text += ", " + sector;
  if (!known.price.empty()) {
    fact.text += fmt::format(". The price is {}", known.price);
    if (known.compared) fact.text += fmt::format(", {} from the previous close", up_or_down(known.change));
  } else {
    fact.text += ". The price is not known";
  }
  if (!known.value.empty()) {
    fact.text += fmt::format(". The listener has {} worth {}", known.shares, known.value);
    if (known.result.direction != 0)
      fact.text += fmt::format(", a {} of {} on what was paid", known.result.direction > 0 ? "gain" : "loss",
                               with_percent(known.result));
  }
  fact.text += ".";
  const bool agree = known.result.direction == 0 || known.result.direction == known.change.direction;
  fact.direction = agree ? known.change.direction : 0;
  return fact;
}

std::string moves_of(const PersonalBrief& brief, const std::vector<const Position*>& positions) {
  std::size_t up = 0, down = 0, flat = 0;
  for (const auto* position : positions) {
    if (!has_change(*position)) continue;
    const int direction = facts_of(*position, brief).change.direction;
    ++(direction > 0 ? up : direction < 0 ? down : flat);
  }
  const std::size_t all = up + down + flat;
  if (all < kFewestToCount) return {};
  std::vector<std::string> parts;
  const auto add = [&](std::size_t count, const char* how) {
    if (count > 0) parts.push_back(fmt::format("{} {} {}", count, count == 1 ? "is" : "are", how));
    if (count == all) parts = {fmt::format("All {} of these stocks are {}.", all, how)};
  };
  add(up, "up");
  add(down, "down");
  add(flat, "little changed");
  if (up == all || down == all || flat == all) return parts.front();
  const std::string last = parts.back();
  parts.pop_back();
  return fmt::format("Of these {} stocks, {} and {}.", all, text::join(parts, ", "), last);
}

void total_up(PersonalFacts& known, const std::vector<const Position*>& positions) {
  std::set<std::string> currencies;
  Wide value = 0, before = 0, cost = 0;
  bool has_before = true, has_cost = true;
  for (const auto* position : positions) {
    if (!position->shares || *position->shares <= 0) continue;
    const auto worth = worth_of(*position);
    if (!worth) return;
    currencies.insert(position->quote.currency);
    value += worth->value;
    has_before = has_before && worth->before;
    has_cost = has_cost && worth->cost;
    before += worth->before.value_or(0);
    cost += worth->cost.value_or(0);
  }
  if (currencies.size() != 1 || std::max({value, before, cost}) > kLargest) return;
  const std::string& currency = *currencies.begin();
  known.value = spoken_money(static_cast<std::int64_t>(value), currency, true);
  if (known.value.empty()) return;
  const auto against = [&](Wide then) {
    return difference(static_cast<std::int64_t>(value), static_cast<std::int64_t>(then), currency);
  };
  if (has_before) known.day = against(before);
  if (has_cost) known.result = against(cost);
}

std::string dated(const std::vector<const Position*>& positions, const PersonalBrief& brief) {
  const auto day = [&](Instant when) { return std::chrono::floor<std::chrono::days>(when + brief.utc_offset); };
  std::optional<Instant> oldest, newest;
  for (const auto* position : positions) {
    if (position->quote.price <= 0) continue;
    oldest = std::min(oldest.value_or(position->quote.as_of), position->quote.as_of);
    newest = std::max(newest.value_or(position->quote.as_of), position->quote.as_of);
  }
  if (!oldest || day(*oldest) == day(brief.now)) return {};
  const auto year = [&](Instant when) { return std::chrono::year_month_day(day(when)).year(); };
  std::string date = spoken_date(*oldest + brief.utc_offset);
  if (year(*oldest) != year(brief.now)) date += fmt::format(", {}", static_cast<int>(year(*oldest)));
  return fmt::format(
      "{} {}.", day(*oldest) == day(*newest) ? "These prices are as of" : "The oldest of these prices is from", date);
}

std::string portfolio_text(const PersonalFacts& known) {
  std::string text = fmt::format("All the listener holds is worth {}", known.value);
  if (known.day.direction != 0)
    text += fmt::format(", {} {} since the previous close", known.day.direction > 0 ? "up" : "down",
                        with_percent(known.day));
  if (known.result.direction != 0)
    text += fmt::format(". That is a {} of {} on what was paid", known.result.direction > 0 ? "gain" : "loss",
                        with_percent(known.result));
  return text + ".";
}

}  // namespace

std::string short_company(std::string_view company) {
  std::string name = name_characters(company, " 0123456789&.,'-+/!");
  name = std::string(text::prefix(name, kLongestCompany));
  auto words = text::split(name, ' ');
  const auto bare = [](std::string_view word) {
    while (word.ends_with('.') || word.ends_with(',')) word.remove_suffix(1);
    return word;
  };
  while (words.size() > 1 && is_legal_form(text::to_lower(bare(words.back())))) words.pop_back();
  if (words.size() > 1 && text::equals_ignoring_case(words.front(), "the")) words.erase(words.begin());
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : " ") + std::string(word == "&" ? "and" : word);
  out = std::string(bare(out));
  if (out.ends_with(".com")) out.erase(out.size() - 4);
  return out;
}

std::string spoken_first_name(std::string_view name) {
  const std::string out = name_characters(text::prefix(text::to_valid_utf8(name), 40), " '-");
  return std::ranges::any_of(out, text::may_be_letter) && figures(out).empty() ? out : std::string();
}

PersonalFacts facts(const PersonalBrief& brief) {
  std::set<std::string> seen;
  std::vector<const Position*> positions;
  for (const auto& position : brief.positions)
    if (ticker_from(position.quote.ticker) == position.quote.ticker && seen.insert(position.quote.ticker).second)
      positions.push_back(&position);

  PersonalFacts known;
  for (const auto* position : positions) {
    known.positions.push_back(facts_of(*position, brief));
    if (!known.positions.back().price.empty()) ++known.priced;
    known.given.push_back(fact_of(known.positions.back(), *position));
  }
  known.moves = moves_of(brief, positions);
  known.dated = dated(positions, brief);
  if (brief.profit_and_loss) total_up(known, positions);
  if (!known.moves.empty()) known.given.push_back({kMovesFact, known.moves});
  if (!known.dated.empty()) known.given.push_back({kDatedFact, known.dated});
  if (!known.value.empty()) known.given.push_back({kPortfolioFact, portfolio_text(known)});
  for (std::size_t i = 0; i < known.positions.size(); ++i) known.positions[i].place = i;
  std::ranges::sort(known.positions, std::greater(), [](const auto& position) {
    return std::pair(position.weight, -static_cast<std::int64_t>(position.place));
  });
  return known;
}

}  // namespace odeon::briefings
