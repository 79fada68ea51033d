#include "products/briefings/script/compose_personal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.hpp"
#include "products/briefings/examples_test.hpp"
#include "products/briefings/script/fit.hpp"

namespace odeon::briefings {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const Instant kAfternoon = *parse_iso8601("2026-11-20T15:00:00Z");

const std::map<std::string, Quote>& recorded() {
  static const auto quotes = [] {
    std::ifstream file(ODEON_SOURCE_DIR "/examples/quotes.csv", std::ios::binary);
    return parse_quotes(std::string(std::istreambuf_iterator<char>(file), {}))->quotes;
  }();
  return quotes;
}

const std::vector<Story>& stories() {
  static const auto found = stories_from(example_articles(), kAfternoon);
  return found;
}

PersonalBrief person(const std::vector<std::string>& tickers, double target = 300) {
  PersonalBrief brief{.now = kAfternoon, .target_seconds = target, .first_name = "Alex"};
  for (const auto& ticker : tickers) brief.positions.push_back({.quote = recorded().at(ticker)});
  return brief;
}

std::vector<Sentence> sentences(const Script& script) {
  std::vector<Sentence> all;
  for (const auto& section : script.sections) all.insert(all.end(), section.sentences.begin(), section.sentences.end());
  return all;
}

std::vector<std::string> headings(const Script& script) {
  std::vector<std::string> all;
  for (const auto& section : script.sections) all.push_back(section.heading);
  return all;
}

std::vector<std::string> invented(const Script& script, const PersonalBrief& brief) {
  return invented_figures(script, example_articles(), brief.now, facts(brief).given);
}

TEST(ComposePersonal, TellsThePersonsStocksThenTheirNewsThenTheMarket) {
  const auto brief = person({"HLDN", "CSTL", "TSLA"});
  const auto script = compose_personal(stories(), brief, {});
  EXPECT_EQ(script.title, "Your Briefing - 3PM: HLDN, CSTL, TSLA");
  EXPECT_THAT(script.sections.front().sentences.front().text, HasSubstr("Good afternoon, Alex."));
  auto found = headings(script);
  ASSERT_GT(found.size(), 4U);
  EXPECT_EQ(found[1], "Your holdings");
  EXPECT_EQ(found[2], "News on your stocks");
  EXPECT_EQ(found.back(), "Closing");
  const auto& moves = script.sections[1].sentences;
  EXPECT_THAT(moves[1].text, HasSubstr("2 are up and 1 is down"));
  EXPECT_THAT(moves[2].text,
              ::testing::AllOf(HasSubstr("Castellan Bank"), HasSubstr("3.4 percent"), HasSubstr("\u00A37.84")));
  EXPECT_THAT(moves[2].sources, ElementsAre("quote:CSTL"));
  EXPECT_TRUE(moves[2].required);
  const auto text = transcript(script);
  EXPECT_THAT(text, HasSubstr("2,400 jobs"));
  EXPECT_THAT(text, HasSubstr("Merrow"));
  EXPECT_THAT(text, Not(HasSubstr("worth about"))) << "profit and loss were not asked for";
  EXPECT_THAT(invented(script, brief), IsEmpty());
}

TEST(ComposePersonal, ProfitAndLossForThoseWhoHaveThem) {
  auto brief = person({"HLDN", "AAPL"});
  brief.profit_and_loss = true;
  for (auto& position : brief.positions) {
    position.shares = 40 * kMillion;
    position.average_cost = 50 * kMillion;
  }
  const auto text = transcript(compose_personal(stories(), brief, {}));
  EXPECT_THAT(text, HasSubstr("Together, all that you hold is worth about $12,908"));
  EXPECT_THAT(text, HasSubstr("Your 40 shares are worth $1,650, a loss of $350, or 17.5 percent, on what you paid."));
  EXPECT_THAT(invented(compose_personal(stories(), brief, {}), brief), IsEmpty());
}

TEST(ComposePersonal, WithoutPricesNoneAreSaid) {
  auto brief = person({"HLDN", "CSTL"});
  for (auto& position : brief.positions) {
    position.quote.price = position.quote.previous_close = 0;
    position.shares = kMillion;
  }
  brief.profit_and_loss = true;
  const auto script = compose_personal(stories(), brief, {});
  ASSERT_EQ(script.sections[1].sentences.size(), 1U);
  EXPECT_EQ(script.sections[1].sentences[0].text,
            "Current prices for your stocks are not available for this briefing.");
  EXPECT_EQ(script.sections[2].heading, "News on your stocks");
  brief.positions.push_back({.quote = recorded().at("AAPL")});
  EXPECT_THAT(transcript(compose_personal(stories(), brief, {})),
              HasSubstr("There is no current price for Halden Motors or Castellan Bank."));
}

TEST(ComposePersonal, SaysWhenThereIsNoNews) {
  EXPECT_THAT(transcript(compose_personal(stories(), person({"KO"}), {})),
              HasSubstr("None of our sources has news that names your stocks."));
  const auto quiet = compose_personal({}, person({"KO", "HLDN"}), {});
  EXPECT_THAT(transcript(quiet), HasSubstr("There are no new market reports for this briefing."));
  EXPECT_THAT(transcript(quiet), HasSubstr("Halden Motors"));
  EXPECT_EQ(headings(compose_personal(stories(), person({}), {}))[1], "Markets");
}

TEST(ComposePersonal, FocusOnSectorsPutsThemFirst) {
  auto brief = person({"XOM", "HLDN"});
  brief.focus = "sectors";
  const auto found = headings(compose_personal(stories(), brief, {}));
  EXPECT_EQ(found[1], "Your stocks");
  EXPECT_EQ(found[2], "Your sectors");
  EXPECT_EQ(found[3], "News on your stocks");
  brief.focus = "watchlist";
  EXPECT_EQ(headings(compose_personal(stories(), brief, {}))[1], "Your watchlist");
}

TEST(ComposePersonal, SpeaksByThePersonsClock) {
  auto brief = person({"HLDN"});
  brief.utc_offset = std::chrono::hours(-8);
  brief.first_name = "<script>";
  const auto script = compose_personal(stories(), brief, {});
  EXPECT_EQ(script.title, "Your Briefing - 7AM: HLDN");
  EXPECT_THAT(script.sections.front().sentences.front().text, ::testing::StartsWith("Good morning, script."));
  brief.now += std::chrono::hours(24 * 60);
  EXPECT_THAT(transcript(compose_personal(stories(), brief, {})),
              HasSubstr("These prices are as of Friday, November 20"));
}

TEST(ComposePersonal, FitsEveryLengthThatTheMaterialAllows) {
  const std::vector<std::string> tickers{"HLDN", "CSTL", "TSLA", "AAPL", "SPY", "LKSP", "NDVK", "QLSC", "BWFD", "TMRA"};
  for (const bool pro : {false, true})
    for (const double target : {120., 150., 180., 300., 420., 600.}) {
      auto brief = person(tickers, target);
      brief.profit_and_loss = pro;
      for (auto& position : brief.positions) position.shares = position.average_cost = 30 * kMillion;
      const auto script = compose_personal(stories(), brief, {.material = 1.15});
      for (const double pace : {0.85, 1.0, 1.15}) {
        std::vector<double> seconds;
        for (const auto& sentence : sentences(script)) seconds.push_back(pace * spoken_seconds(sentence.text));
        const auto fitted = fit(script, seconds, {.target_seconds = target});
        EXPECT_TRUE(fitted.within) << target << " at " << pace << ": " << fitted.seconds;
        EXPECT_THAT(transcript(kept_script(script, fitted.kept)), HasSubstr("Castellan"));
      }
    }
}

TEST(ComposePersonal, TooLittleMaterialGivesAShorterScript) {
  const auto brief = person({"HLDN"}, 600);
  const auto script = compose_personal({stories().front()}, brief, {});
  std::vector<double> seconds;
  for (const auto& sentence : sentences(script)) seconds.push_back(spoken_seconds(sentence.text));
  const auto fitted = fit(script, seconds, {.target_seconds = 600});
  EXPECT_FALSE(fitted.within);
  EXPECT_LT(fitted.seconds, 200);
}

TEST(ComposePersonal, IsTheSameForTheSamePerson) {
  const auto brief = person({"HLDN", "AAPL"});
  EXPECT_EQ(compose_personal(stories(), brief, {}), compose_personal(stories(), brief, {}));
}

TEST(ComposePersonal, ALargePortfolioLeavesTimeForTheNews) {
  auto brief = person({}, 300);
  for (const auto& [ticker, quote] : recorded()) brief.positions.push_back({.quote = quote, .shares = 3 * kMillion});
  for (int i = 0; i < 200; ++i) {
    Quote copy = recorded().at("AAPL");
    copy.ticker = fmt::format("X{}", i);
    copy.company = fmt::format("Company {}", i);
    brief.positions.push_back({.quote = copy});
  }
  const auto script = compose_personal(stories(), brief, {});
  double spent = 0;
  for (const auto& sentence : script.sections[1].sentences) spent += spoken_seconds(sentence.text);
  EXPECT_LT(spent, 150);
  EXPECT_EQ(script.sections[2].heading, "News on your stocks");
  EXPECT_THAT(invented(script, brief), IsEmpty());
}

rc::Gen<Position> any_position() {
  const auto name = rc::gen::oneOf(
      rc::gen::element<std::string>("Halden Motors", "3M", "Route 66 Inc.", "Five Below", "Twenty One", "S&P 500 ETF",
                                    "Company 7 B", "Q3 Percent", "Acme $", "First Solar", "Seven", "One Hundred", "",
                                    "1,200 Corp", "20th Century 5%", "Point Two"),
      rc::gen::map(rc::gen::arbitrary<std::string>(), [](const auto& bytes) { return text::to_valid_utf8(bytes); }));
  const auto price = rc::gen::oneOf(rc::gen::element<std::int64_t>(0, 1, 50, 1'000'000, 999'999'999'999'999),
                                    rc::gen::inRange<std::int64_t>(1, 2'000'000'000));
  const auto amount =
      rc::gen::oneOf(rc::gen::inRange<std::int64_t>(0, 2'000'000'000),
                     rc::gen::element<std::int64_t>(1, 1'000'000, std::numeric_limits<std::int64_t>::max()));
  const auto ticker = rc::gen::element<std::string>("A", "B2", "C.3", "D-44", "EEE", "F5", "HLDN", "bad one", "");
  const auto currency = rc::gen::element<std::string>("USD", "USD", "USD", "EUR", "SEK", "XXX", "BPS", "PCT");
  return rc::gen::map(
      rc::gen::tuple(ticker, name, currency, rc::gen::pair(price, price),
                     rc::gen::pair(rc::gen::maybe(amount), rc::gen::maybe(amount)), rc::gen::inRange(-400, 48)),
      [](const auto& parts) {
        const auto& [ticker, company, currency, prices, held, age] = parts;
        Position made{.quote = {ticker, company, "Sector 4", currency, prices.first, prices.second,
                                kAfternoon + std::chrono::hours(age)}};
        if (held.first) made.shares = *held.first;
        if (held.second) made.average_cost = *held.second;
        made.priority = age;
        return made;
      });
}

RC_GTEST_PROP(ComposePersonalProperty, NoFigureIsInvented, ()) {
  PersonalBrief brief{.now = kAfternoon + std::chrono::hours(*rc::gen::inRange(-100, 1000)),
                      .target_seconds = static_cast<double>(*rc::gen::inRange(120, 600)),
                      .first_name = text::to_valid_utf8(*rc::gen::arbitrary<std::string>()),
                      .positions = *rc::gen::container<std::vector<Position>>(any_position()),
                      .focus = *rc::gen::element<std::string>("holdings", "watchlist", "sectors"),
                      .profit_and_loss = *rc::gen::arbitrary<bool>(),
                      .utc_offset = std::chrono::minutes(*rc::gen::inRange(-720, 840))};
  const auto script = compose_personal(*rc::gen::arbitrary<bool>() ? stories() : std::vector<Story>(), brief, {});
  const auto known = facts(brief);
  const auto local = brief.now + brief.utc_offset;
  const auto found = invented_figures(script, example_articles(), local, known.given);
  if (!found.empty()) RC_LOG() << found.front() << " in\n" << transcript(script);
  RC_ASSERT(found.empty());
  for (const auto& section : script.sections) {
    RC_ASSERT((!section.sentences.empty() && section.sentences.front().level == 0));
    for (const auto& sentence : section.sentences) {
      RC_ASSERT(text::is_utf8(sentence.text) && sentence.text.ends_with('.'));
      RC_ASSERT(sentence.text.find_first_of("<>[]{}|`") == std::string::npos);
    }
  }
  for (std::size_t i = 1; i < known.positions.size(); ++i)
    RC_ASSERT(known.positions[i - 1].weight >= known.positions[i].weight);
}

}  // namespace
}  // namespace odeon::briefings
