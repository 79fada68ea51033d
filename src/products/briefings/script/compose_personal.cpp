#include "products/briefings/script/compose_personal.hpp"

#include <cmath>

#include "products/briefings/news/interest.hpp"
#include "products/briefings/script/personal_phrases.hpp"
#include "products/briefings/script/tellings.hpp"

namespace odeon::briefings {
namespace {

constexpr std::size_t kTopPersonal = 2;
constexpr std::size_t kMostUnpriced = 4;  // companies that are said to have no price
constexpr double kStocksShare = 0.35;     // of the time, where there is news as well
constexpr double kNamedLine = 0.85;       // of its lead's importance: a line that names the stock counts

enum Group : std::size_t { named, sector, rest };

class Composition {
 public:
  Composition(const std::vector<Story>& stories, const PersonalBrief& brief, const ComposeOptions& options)
      : brief_(brief),
        options_(options),
        facts_(facts(brief)),
        picked_(pick(stories, brief)),
        phrases_(brief.now + brief.utc_offset),
        personal_(brief.now + brief.utc_offset) {
    options_.now = brief.now;
    options_.target_seconds = brief.target_seconds;
    const bool sectors_first = brief.focus == "sectors";
    if (sectors_first) add_tellings(tellings_, picked_.sector, sector, options_);
    add_tellings(tellings_, picked_.named, named, options_);
    if (!sectors_first) add_tellings(tellings_, picked_.sector, sector, options_);
    add_tellings(tellings_, picked_.rest, rest, options_);
  }

  Script write() {
    std::vector<std::string> tickers;
    for (const auto& position : brief_.positions)
      if (ticker_from(position.quote.ticker) == position.quote.ticker) tickers.push_back(position.quote.ticker);
    Script script{.title = personal_title(brief_.now + brief_.utc_offset, tickers)};
    script.sections.push_back(opening());
    if (!facts_.positions.empty()) script.sections.push_back(stocks());
    double framing = 20;  // the farewell and the passages between sections
    for (const auto& section : script.sections)
      for (const auto& sentence : section.sentences) framing += options_.seconds(sentence.text);
    promote_named();
    cut_to(tellings_, brief_.target_seconds * options_.material - framing, options_);
    tell(script);
    script.sections.push_back({.heading = "Closing",
                               .sentences = {{.text = phrases_.farewell(), .level = 0, .required = true},
                                             {.text = phrases_.thanks(), .required = true}}});
    return script;
  }

 private:
  Section opening() {
    Section section{.heading = "Opening"};
    const auto greeting = personal_.greeting(spoken_first_name(brief_.first_name));
    section.sentences.push_back({.text = greeting, .level = 0, .required = true});
    const auto latest = latest_of(tellings_);
    if (latest && std::chrono::abs(brief_.now - *latest) > NewsOptions().window)
      section.sentences.push_back({.text = phrases_.dated(*latest), .required = true});
    if (tellings_.empty())
      section.sentences.push_back({.text = "There are no new market reports for this briefing.", .required = true});
    return section;
  }

  Section stocks() {
    Section section{.heading = brief_.focus == "holdings"    ? "Your holdings"
                               : brief_.focus == "watchlist" ? "Your watchlist"
                                                             : "Your stocks"};
    auto& sentences = section.sentences;
    if (facts_.priced == 0) {
      sentences.push_back({.text = "Current prices for your stocks are not available for this briefing.",
                           .level = 0,
                           .required = true});
    } else {
      sentences.push_back({.text = personal_.stocks(brief_.focus), .level = 0, .required = true});
      add_overview(sentences);
      add_positions(sentences);
    }
    const bool any = std::ranges::any_of(tellings_, [](const auto& telling) { return telling.group == named; });
    if (!any && !tellings_.empty())
      sentences.push_back({.text = "None of our sources has news that names your stocks.", .importance = 0.6});
    return section;
  }

  void add_overview(std::vector<Sentence>& sentences) const {
    const auto say = [&](std::string text, const char* fact, double importance, int level, bool required) {
      if (!text.empty())
        sentences.push_back({.text = std::move(text),
                             .sources = {fact},
                             .importance = importance,
                             .level = level,
                             .required = required});
    };
    say(facts_.dated, kDatedFact, 1, 1, true);
    if (!facts_.value.empty()) {
      say(PersonalPhrases::total(facts_), kPortfolioFact, 1, 1, true);
      say(PersonalPhrases::result(facts_), kPortfolioFact, 0.9, 2, false);
    }
    say(facts_.moves, kMovesFact, 0.9, 1, false);
  }

  // The most telling first, as many as leave time for the news.
  void add_positions(std::vector<Sentence>& sentences) {
    const double most = tellings_.empty() ? brief_.target_seconds : kStocksShare * brief_.target_seconds;
    double used = 0, place = 0;
    std::vector<std::string> unpriced;
    for (const auto& position : facts_.positions) {
      if (position.price.empty()) {
        if (unpriced.size() < kMostUnpriced) unpriced.push_back(position.company);
        continue;
      }
      if (used > most) continue;
      const double importance = 0.95 / (1 + 0.04 * place);
      sentences.push_back({.text = personal_.moved(position),
                           .sources = {position.id},
                           .importance = importance,
                           .required = place == 0});
      used += options_.seconds(sentences.back().text);
      if (auto holding = PersonalPhrases::holding(position); !holding.empty()) {
        sentences.push_back(
            {.text = std::move(holding), .sources = {position.id}, .importance = 0.75 * importance, .level = 2});
        used += options_.seconds(sentences.back().text);
      }
      ++place;
    }
    if (!unpriced.empty()) sentences.push_back({.text = PersonalPhrases::without_price(unpriced), .importance = 0.55});
  }

  // A story may come to the person's stock only in a later sentence.
  void promote_named() {
    std::vector<Interest> interests;
    for (const auto& position : brief_.positions) interests.emplace_back(position.quote);
    for (auto& telling : tellings_) {
      if (telling.group != named) continue;
      const double least = kNamedLine * telling.lines.front().importance;
      for (auto& line : telling.lines) {
        const Mentions text(line.text);
        const bool about = std::ranges::any_of(interests, [&](const auto& one) { return one.named_in(text); });
        if (about && !line.leans) line.importance = std::max(line.importance, least);
      }
    }
  }

  Tellings of(std::size_t group) const {
    Tellings found;
    for (const auto& telling : tellings_)
      if (telling.group == group) found.push_back(&telling);
    return found;
  }

  void tell(Script& script) {
    Tellings top;
    for (const auto& telling : tellings_)
      if (top.size() < kTopPersonal) top.push_back(&telling);
    const auto own = of(named), sectors = of(sector);
    const auto tell_sectors = [&] {
      if (!sectors.empty())
        script.sections.push_back(told("Your sectors", personal_.sectors(), sectors, top, phrases_));
    };
    const bool sectors_first = brief_.focus == "sectors";
    if (sectors_first) tell_sectors();
    if (!own.empty()) script.sections.push_back(told("News on your stocks", personal_.news(), own, top, phrases_));
    if (!sectors_first) tell_sectors();
    const auto themes = by_theme(of(rest));
    const bool begun = script.sections.size() > 1;
    for (std::size_t i = 0; i < themes.size(); ++i) {
      const auto& [theme, stories] = themes[i];
      const auto opener = phrases_.section(theme, begun ? i + 1 : i, i + 1 == themes.size());
      script.sections.push_back(told(std::string(heading(theme)), opener, stories, top, phrases_));
    }
  }

  const PersonalBrief& brief_;
  ComposeOptions options_;
  PersonalFacts facts_;
  Picked picked_;
  Phrases phrases_;
  PersonalPhrases personal_;
  std::vector<Telling> tellings_;
};

}  // namespace

Script compose_personal(const std::vector<Story>& stories, const PersonalBrief& brief, const ComposeOptions& options) {
  return Composition(stories, brief, options).write();
}

}  // namespace odeon::briefings
