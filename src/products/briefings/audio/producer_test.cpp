// A personal briefing from its order to its sound: feeds from files, the other sources by stand-ins.
#include "products/briefings/audio/producer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/text.hpp"
#include "engine/database/sqlite.hpp"
#include "testing/clock.hpp"
#include "testing/kept_calls.hpp"
#include "testing/scratch.hpp"
#include "testing/voice.hpp"

namespace odeon::briefings {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// A model that says what a test wants and keeps what it was asked.
class Parrot final : public ai::TextModel {
 public:
  Parrot(std::string answer, std::vector<ai::TextRequest>& asked) : answer_(std::move(answer)), asked_(asked) {}
  std::string name() const override { return "test/parrot"; }
  Task<ai::TextReply> complete(const ai::TextRequest& request, TraceContext) override {
    asked_.push_back(request);
    co_return ai::TextReply::of(answer_, name());
  }

 private:
  std::string answer_;
  std::vector<ai::TextRequest>& asked_;
};

class ProducerTest : public ::testing::Test {
 protected:
  ProducerTest() {
    run_task(database::migrate(*database, migrations(), clock));
    gateway.add(std::make_unique<testing::ToneVoice>());
    const std::string examples = ODEON_SOURCE_DIR "/examples/";
    quotes.emplace(examples + "quotes.csv", fetch(), pool, clock, log);
    finlight.emplace(FinlightOptions{}, call(), pool, clock, log);
    order.feeds = {examples + "feeds/meridian-wire.xml", examples + "feeds/harbour-street.xml",
                   examples + "feeds/broken.xml"};
    order.personal =
        PersonalOrder{.first_name = "Alex", .tickers = {{.ticker = "CSTL"}, {.ticker = "hldn"}, {.ticker = "ZZZZ"}}};
  }
  ~ProducerTest() override { run_task(database->close()); }

  Fetch fetch() {
    return [this](this auto, std::string, std::string, std::string) -> Task<Fetched> {
      if (quotes_away) throw Error(Fault::unavailable, "REFUSED", "secret");
      co_return Fetched{.status = 200, .body = table};
    };
  }
  Call call() {
    return [this](this auto, CallRequest request) -> Task<CallReply> {
      called.push_back(request.body);
      co_return wire;
    };
  }
  Made make() {
    Producer producer(newsroom, *quotes, *finlight, gateway, pool, log);
    return run_task(producer.make(order, [this](this auto, int percent, std::string, std::string) -> Task<void> {
      told.push_back(percent);
      co_return;
    }));
  }
  static const Source* source(const Made& made, const std::string& name) {
    const auto found = std::ranges::find(made.sources, name, &Source::name);
    return found == made.sources.end() ? nullptr : &*found;
  }

  testing::ScratchFolder folder;
  testing::FakeClock clock;
  Log log{Log::Level::off};
  Metrics metrics;
  ThreadPool pool{2};
  std::unique_ptr<database::Database> database = database::open_sqlite({.path = folder / "test.db"});
  testing::KeptCalls meter;
  ai::Gateway gateway{clock, log, metrics, meter};
  Store store{*database};
  Newsroom newsroom{store, fetch(), pool, clock, log};
  std::optional<Quotes> quotes;
  std::optional<Finlight> finlight;
  Order order{.now = *parse_iso8601("2026-11-20T15:00:00Z"), .target_seconds = 60};
  bool quotes_away = false;
  std::string table;
  CallReply wire;
  std::vector<std::string> called;
  std::vector<int> told;
};

TEST_F(ProducerTest, APersonalBriefingIsAboutThePersonsStocks) {
  const auto made = make();
  EXPECT_EQ(made.title, "Your Briefing - 3PM: CSTL, HLDN, ZZZZ");
  EXPECT_THAT(made.transcript, HasSubstr("Good afternoon, Alex."));
  EXPECT_THAT(made.transcript, HasSubstr("3.4 percent"));
  EXPECT_TRUE(made.ad_markers.empty());
  EXPECT_NEAR(made.audio.duration, 60, 60 * 0.05 + media::natural_pause(media::Boundary::section));
  EXPECT_EQ(made.chapters.front().title, "Opening");
  EXPECT_EQ(made.script_model, "odeon-offline");
  ASSERT_NE(source(made, "Quotes"), nullptr);
  EXPECT_TRUE(source(made, "Quotes")->used);
  EXPECT_EQ(source(made, "Quotes")->articles, 2);
  EXPECT_EQ(source(made, "Finlight"), nullptr) << "not configured";
  EXPECT_EQ(made.sources.size(), 4U);
  EXPECT_TRUE(std::ranges::is_sorted(told));
}

TEST_F(ProducerTest, AdsOnlyWhereTheyAreAskedFor) {
  order.personal->ads = true;
  EXPECT_EQ(make().ad_markers.size(), 2U);
}

// A tone of `seconds` in a file, as an operator's recording.
std::string recording(const testing::ScratchFolder& folder, const std::string& name, double seconds) {
  constexpr std::uint32_t rate = 8000;
  const auto frames = static_cast<std::uint32_t>(seconds * rate);
  std::string bytes = "RIFF";
  auto number = [&](std::uint32_t value, int size) {
    for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> 8 * i);
  };
  number(36 + 2 * frames, 4);
  bytes += "WAVEfmt ";
  number(16, 4);
  number(1, 2);
  number(1, 2);
  number(rate, 4);
  number(2 * rate, 4);
  number(2, 2);
  number(16, 2);
  bytes += "data";
  number(2 * frames, 4);
  for (std::uint32_t i = 0; i < frames; ++i) number(i / 10 % 2 == 0 ? 5000 : 60536, 2);
  std::ofstream(folder / name, std::ios::binary) << bytes;
  return folder / name;
}

TEST_F(ProducerTest, RecordedAdsAreCutToFifteenSeconds) {
  order.personal.reset();
  order.opening_ad = recording(folder, "long.wav", 20);
  order.closing_ad = recording(folder, "short.wav", 4);
  const auto made = make();
  ASSERT_EQ(made.ad_markers.size(), 2U);
  EXPECT_EQ(made.ad_markers[0].position, 0);
  EXPECT_NEAR(made.ad_markers[0].duration, 15, 0.01);
  EXPECT_NEAR(made.ad_markers[1].duration, 4, 0.01);
  EXPECT_NEAR(made.ad_markers[1].position + made.ad_markers[1].duration, made.audio.duration, 0.05);
}

TEST_F(ProducerTest, AChimeTakesThePlaceOfAnAdThatCannotBePlayed) {
  order.personal.reset();
  std::ofstream(folder / "no.mp3") << "not sound";
  order.opening_ad = folder / "no.mp3";
  order.closing_ad = folder / "missing.mp3";
  const auto made = make();
  ASSERT_EQ(made.ad_markers.size(), 2U);
  for (const auto& marker : made.ad_markers) EXPECT_NEAR(marker.duration, 2.5, 0.01);
}

TEST_F(ProducerTest, AnEditionIsMadeAsBefore) {
  order.personal.reset();
  const auto made = make();
  EXPECT_EQ(made.title, "Market Update - 3PM");
  EXPECT_EQ(made.ad_markers.size(), 2U);
  EXPECT_EQ(made.sources.size(), 3U);
}

TEST_F(ProducerTest, WithoutQuotesNoPriceIsSaidAndTheSourceSaysWhy) {
  quotes_away = true;
  quotes.emplace("https://data.example/quotes", fetch(), pool, clock, log);
  const auto made = make();
  EXPECT_THAT(made.transcript, HasSubstr("Current prices for your stocks are not available for this briefing."));
  ASSERT_NE(source(made, "Quotes"), nullptr);
  EXPECT_FALSE(source(made, "Quotes")->used);
  EXPECT_EQ(source(made, "Quotes")->reason, "This address could not be reached.");
}

TEST_F(ProducerTest, StalePricesAreNotSaidButStillTellWhatTheNewsIsAbout) {
  table =
      "ticker,company,currency,price,previous_close,as_of\nZZZZ,Castellan Bank,GBP,7.84,7.58,2026-11-20T14:45:00Z\n";
  quotes.emplace("https://data.example/quotes", fetch(), pool, clock, log);
  EXPECT_THAT(make().transcript, HasSubstr("\u00A37.84"));
  quotes_away = true;
  clock.advance(std::chrono::hours(1));
  const auto made = make();
  EXPECT_THAT(made.transcript, Not(HasSubstr("\u00A37.84")));
  EXPECT_THAT(made.transcript, HasSubstr("Castellan"));
  EXPECT_FALSE(source(made, "Quotes")->used);
}

TEST_F(ProducerTest, FinlightAddsNewsOrAReason) {
  finlight.emplace(FinlightOptions{.key = "k", .base_url = "https://f.example"}, call(), pool, clock, log);
  wire = {.status = 200,
          .body = R"({"articles":[{"title":"Castellan Bank opens a branch on the moon","source":"www.luna.example",
    "publishDate":"2026-11-20T13:00:00Z","summary":"Castellan Bank opened a branch on the moon on Friday. It serves 77 customers there.",
    "companies":[{"ticker":"CSTL"}]}]})"};
  const auto made = make();
  EXPECT_THAT(made.transcript, HasSubstr("moon"));
  EXPECT_TRUE(source(made, "Finlight")->used);
  EXPECT_THAT(called.front(), HasSubstr(R"(["CSTL","HLDN","ZZZZ"])"));
  wire = {.status = 503};
  const auto without = make();
  EXPECT_FALSE(source(without, "Finlight")->used);
  EXPECT_EQ(source(without, "Finlight")->reason, "Finlight has a fault at the moment.");
  EXPECT_THAT(without.transcript, HasSubstr("Castellan"));
}

TEST_F(ProducerTest, PricesAloneAreABriefingAndNothingIsNone) {
  order.feeds = {"/nowhere.xml"};
  EXPECT_THAT(make().transcript, HasSubstr("There are no new market reports for this briefing."));
  quotes.emplace("/nowhere.csv", fetch(), pool, clock, log);
  try {
    make();
    FAIL() << "a briefing out of nothing";
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "NO_NEWS");
    EXPECT_THAT(error.message, HasSubstr("Quotes: This file does not exist."));
  }
}

TEST_F(ProducerTest, AModelThatBreaksTheRulesIsReplaced) {
  std::vector<ai::TextRequest> asked;
  const std::string sentence(R"({"text":"Castellan Bank is up 99 percent.","sources":["quote:CSTL"]})");
  gateway.add(std::make_unique<Parrot>(R"({"sections":[{"heading":"A","sentences":[)" + sentence + "]}]}", asked));
  const auto made = make();
  EXPECT_EQ(made.script_model, "odeon-offline");
  EXPECT_THAT(made.transcript, Not(HasSubstr("99 percent")));
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].task, "briefings.personal_script");
  EXPECT_THAT(asked[0].messages[1].text(), HasSubstr("quote:CSTL"));
}

TEST_F(ProducerTest, AModelThatKeepsThemIsHeard) {
  std::string sentences;
  for (int i = 0; i < 14; ++i)
    sentences +=
        R"(,{"text":"Castellan Bank is up 3.4 percent and trades at 7.84 pounds in London this afternoon.","sources":["quote:CSTL"]})";
  std::vector<ai::TextRequest> asked;
  gateway.add(std::make_unique<Parrot>(R"({"sections":[{"heading":"A","sentences":[{"text":"Good afternoon, Alex."})" +
                                           sentences + R"(,{"text":"That is all for now."}]}]})",
                                       asked));
  const auto made = make();
  EXPECT_EQ(made.script_model, "test/parrot");
  EXPECT_EQ(made.title, "Your Briefing - 3PM: CSTL, HLDN, ZZZZ");
}

}  // namespace
}  // namespace odeon::briefings
