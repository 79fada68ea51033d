#include "products/briefings/news/quotes.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <fstream>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "testing/clock.hpp"

namespace odeon::briefings {
namespace {

using namespace std::chrono_literals;

constexpr const char* kHeader = "ticker,company,sector,currency,price,previous_close,as_of\n";
constexpr const char* kHalden = "HLDN,Halden Motors,Industrials,USD,41.25,40.09,2026-11-20T14:45:00Z\n";
constexpr const char* kAddress = "https://user:secret@data.example/quotes.csv?key=hidden";

std::string fault(std::string_view document) {
  const auto table = parse_quotes(document);
  return table ? "" : table.error().code;
}

TEST(Ticker, IsReadAsPeopleTypeIt) {
  const std::pair<const char*, const char*> cases[] = {{"AAPL", "AAPL"},
                                                       {" aapl\n", "AAPL"},
                                                       {"brk.b", "BRK.B"},
                                                       {"RDS-A", "RDS-A"},
                                                       {"A", "A"},
                                                       {"X2", "X2"},
                                                       {"", ""},
                                                       {"   ", ""},
                                                       {"2X", ""},
                                                       {".A", ""},
                                                       {"A B", ""},
                                                       {"$AAPL", ""},
                                                       {"TOOLONGNAME1", ""},
                                                       {"\xC3\x84", ""},
                                                       {"A\xCC\x88", ""},
                                                       {"AA;PL", ""},
                                                       {"ABCDEFGHIJ", "ABCDEFGHIJ"},
                                                       {"ABCDEFGHIJK", ""},
                                                       {"A'--", ""}};
  for (const auto& [typed, ticker] : cases) EXPECT_EQ(ticker_from(typed).value_or(""), ticker) << typed;
}

TEST(QuoteTable, ReadsCsv) {
  const auto table =
      parse_quotes(std::string("\xEF\xBB\xBF") + kHeader + kHalden +
                   "\r\n\"vlt\",\"Vale, Orrin and \",,EUR,0.05,1234567.123456,2026-11-20T15:45:00+01:00\r\n");
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->skipped, 0U);
  ASSERT_EQ(table->quotes.size(), 2U);
  const Instant when = *parse_iso8601("2026-11-20T14:45:00Z");
  EXPECT_EQ(table->quotes.at("HLDN"),
            (Quote{"HLDN", "Halden Motors", "Industrials", "USD", 41'250'000, 40'090'000, when}));
  EXPECT_EQ(table->quotes.at("VLT"), (Quote{"VLT", "Vale, Orrin and", "", "EUR", 50'000, 1'234'567'123'456, when}));
}

TEST(QuoteTable, ReadsColumnsByNameAndJsonLikewise) {
  const auto csv = parse_quotes(
      "as_of,Price,volume,TICKER,previous_close,currency\n"
      "2026-11-20T14:45:00Z,182.350006103515625,77,AAPL,180,USD");
  const auto json =
      parse_quotes(R"( [{"ticker":"aapl","price":182.350006103515625,"previous_close":180,"currency":"USD",
      "as_of":"2026-11-20T14:45:00Z","volume":{"of":"day"}}] )");
  ASSERT_TRUE(csv && json);
  EXPECT_EQ(csv->quotes.at("AAPL").price, 182'350'006) << "finer than a millionth is rounded";
  EXPECT_EQ(csv->quotes, json->quotes);
}

TEST(QuoteTable, ABadRowIsSkippedAndNeverGuessed) {
  const std::string good = kHalden;
  const std::pair<std::string, std::string> rows[] = {
      {"1X,A,B,USD,1,1,2026-11-20T14:45:00Z", "ticker"},
      {"X,A,B,USD,,1,2026-11-20T14:45:00Z", "price"},
      {"X,A,B,USD,0,1,2026-11-20T14:45:00Z", "price"},
      {"X,A,B,USD,0.0000004,1,2026-11-20T14:45:00Z", "price"},
      {"X,A,B,USD,-1,1,2026-11-20T14:45:00Z", "price"},
      {"X,A,B,USD,1e3,1,2026-11-20T14:45:00Z", "price"},
      {"X,A,B,USD,\"1,200\",1,2026-11-20T14:45:00Z", "price"},
      {"X,A,B,USD,1.,1,2026-11-20T14:45:00Z", "price"},
      {"X,A,B,USD,.5,1,2026-11-20T14:45:00Z", "price"},
      {"X,A,B,USD,nan,1,2026-11-20T14:45:00Z", "price"},
      {"X,A,B,USD,1000000001,1,2026-11-20T14:45:00Z", "price"},
      {"X,A,B,USD,99999999999999999999,1,2026-11-20T14:45:00Z", "price"},
      {"X,A,B,USD,1,N/A,2026-11-20T14:45:00Z", "previous_close"},
      {"X,A,B,usd,1,1,2026-11-20T14:45:00Z", "currency"},
      {"X,A,B,,1,1,2026-11-20T14:45:00Z", "currency"},
      {"X,A,B,USD,1,1,yesterday", "as_of"},
      {"X,A,B,USD,1,1,2026-11-20", "as_of"},
      {"X,<script>,B,USD,1,1,2026-11-20T14:45:00Z", "company"},
      {"X,A," + std::string(101, 's') + ",USD,1,1,2026-11-20T14:45:00Z", "sector"},
      {"X,A,B,USD,1,1", "columns"},
      {"X,A,B,USD,1,1,2026-11-20T14:45:00Z,more", "columns"},
      {"X,\"A\" B,B,USD,1,1,2026-11-20T14:45:00Z", "columns"},
  };
  for (const auto& [row, why] : rows) {
    const auto table = parse_quotes(kHeader + row + "\n" + good);
    ASSERT_TRUE(table) << row;
    EXPECT_EQ(table->quotes.size(), 1U) << row;
    EXPECT_EQ(table->skipped, 1U) << row;
    EXPECT_EQ(table->first_fault, why) << row;
  }
  const auto json = parse_quotes(R"([7,{"ticker":"X","currency":"USD","price":true,"previous_close":1,
      "as_of":"2026-11-20T14:45:00Z"},{"ticker":"Y","currency":"USD","price":2,"previous_close":"1.5",
      "as_of":"2026-11-20T14:45:00Z"},{"ticker":"Z","currency":"USD","price":1e300,"previous_close":1,
      "as_of":"2026-11-20T14:45:00Z"}])");
  ASSERT_TRUE(json);
  EXPECT_EQ(json->skipped, 3U);
  EXPECT_EQ(json->quotes.at("Y").previous_close, 1'500'000);
}

TEST(QuoteTable, OfTwoRowsTheLaterCounts) {
  const std::string early = "X,A,B,USD,1,1,2026-11-20T14:00:00Z\n", late = "x,A,B,USD,2,1,2026-11-20T15:00:00Z\n";
  for (const auto& rows : {early + late, late + early})
    EXPECT_EQ(parse_quotes(kHeader + rows)->quotes.at("X").price, 2'000'000);
}

TEST(QuoteTable, WhatIsNoTableIsRefused) {
  EXPECT_EQ(fault(""), "empty");
  EXPECT_EQ(fault(" \n"), "empty");
  EXPECT_EQ(fault("<!DOCTYPE html><html></html>"), "web_page");
  EXPECT_EQ(fault("Exceeded the daily hits limit"), "not_quotes");
  EXPECT_EQ(fault("Date,Open,High,Low,Close\n"), "not_quotes");
  EXPECT_EQ(fault("{\"error\":\"key required\"}"), "not_quotes");
  EXPECT_EQ(fault("[{\"ticker\":"), "malformed");
  EXPECT_EQ(fault(std::string(100, '[')), "malformed");
  EXPECT_EQ(fault("[]"), "no_quotes");
  EXPECT_EQ(fault(kHeader), "no_quotes");
  EXPECT_EQ(fault(std::string(kMaxFeedBytes + 1, 'a')), "too_large");
  std::string many = kHeader;
  for (std::size_t i = 0; i < kMaxQuotes + 2; ++i) many += "?,,,,,,\n";
  EXPECT_EQ(fault(many), "too_large");
}

TEST(QuoteTable, TheRecordedSetFitsTheFeeds) {
  std::ifstream file(ODEON_SOURCE_DIR "/examples/quotes.csv", std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  const auto table = parse_quotes(bytes);
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->skipped, 0U) << table->first_fault;
  EXPECT_GE(table->quotes.size(), 40U);
  for (const char* ticker : {"AAPL", "TSLA", "GOOGL", "MSFT", "NVDA", "SPY", "QQQ", "DIA"})
    EXPECT_TRUE(table->quotes.contains(ticker)) << ticker;
  std::set<std::string> companies;
  for (const auto& [ticker, quote] : table->quotes) companies.insert(quote.company);
  for (const char* company : {"Halden Motors", "Castellan Bank", "Tamarind Air", "Quillon Semiconductor"})
    EXPECT_TRUE(companies.contains(company)) << company;
}

RC_GTEST_PROP(QuoteTableProperty, WhatIsWrittenIsRead, ()) {
  const auto letter = rc::gen::element('A', 'B', 'z', '9', ' ', ',', '\n', '&', '\'', '.');
  const auto quote = [&] {
    const std::string letters = *rc::gen::container<std::string>(letter);
    return Quote{*rc::gen::element<std::string>("A", "BB", "C.C", "D-1", "EEEEEEEEEE"),
                 text::collapse_spaces(text::prefix(letters, 90)),
                 *rc::gen::element<std::string>("", "Energy"),
                 *rc::gen::element<std::string>("USD", "EUR"),
                 *rc::gen::inRange<std::int64_t>(1, 1'000'000'000'000'000),
                 *rc::gen::inRange<std::int64_t>(1, 1'000'000'000),
                 Instant(std::chrono::seconds(*rc::gen::inRange(0, 2'000'000'000)))};
  };
  const Quote written = quote();
  const auto decimal = [](std::int64_t price) { return fmt::format("{}.{:06}", price / kMillion, price % kMillion); };
  const std::string csv =
      fmt::format("{}{},\"{}\",{},{},{},{},{}\n", kHeader, written.ticker, written.company, written.sector,
                  written.currency, decimal(written.price), decimal(written.previous_close), to_iso8601(written.as_of));
  const auto table = parse_quotes(csv);
  RC_ASSERT(table.has_value());
  RC_ASSERT(table->quotes.at(written.ticker) == written);
  std::string json = fmt::format(R"([{{"price":"{}","previous_close":"{}","ticker":"{}","sector":"{}","currency":"{}",
      "as_of":"{}","company":)",
                                 decimal(written.price), decimal(written.previous_close), written.ticker,
                                 written.sector, written.currency, to_iso8601(written.as_of));
  json::append_quoted(json, written.company);
  RC_ASSERT(parse_quotes(json + "}]")->quotes == table->quotes);
}

RC_GTEST_PROP(QuoteTableProperty, AnyDocumentIsReadOrRefused, (const std::string& noise)) {
  std::string document = std::string(kHeader) + kHalden + kHalden;
  if (*rc::gen::arbitrary<bool>())
    document = R"([{"ticker":"X","currency":"USD","price":2,"previous_close":1.5,"as_of":"2026-11-20T14:45:00Z"}])";
  const auto at = *rc::gen::inRange<std::size_t>(0, document.size());
  document.replace(at, *rc::gen::inRange<std::size_t>(0, 12), noise);
  const auto table = parse_quotes(document);
  if (!table) {
    RC_ASSERT(!table.error().code.empty() && table.error().message.ends_with('.'));
    return;
  }
  for (const auto& [ticker, quote] : table->quotes) {
    RC_ASSERT(ticker == quote.ticker && ticker_from(ticker) == ticker);
    RC_ASSERT(quote.price > 0 && quote.previous_close > 0);
    RC_ASSERT(text::is_utf8(quote.company) && text::is_utf8(quote.sector));
  }
}

// A source that a test takes away and gives back.
class QuotesTest : public ::testing::Test {
 protected:
  Quotes open(std::string source = kAddress) {
    const Fetch fetch = [this](this auto, std::string, std::string etag, std::string) -> Task<Fetched> {
      ++asked;
      last_etag = etag;
      if (hangs) co_await sleep_on_loop(1h);
      if (away) throw Error(Fault::unavailable, "REFUSED", "secret");
      if (!etag.empty() && etag == answer.etag) co_return Fetched{.status = 304};
      co_return answer;
    };
    return Quotes(std::move(source), fetch, pool, clock, log);
  }
  std::int64_t price(Quotes& quotes) {
    const auto found = run_task(quotes.latest({"hldn"}));
    return found.front() ? found.front()->price : 0;
  }
  static std::string table(const std::string& price) {
    return std::string(kHeader) + "HLDN,Halden Motors,Industrials,USD," + price + ",40,2026-11-20T07:00:00Z\n";
  }

  testing::FakeClock clock;
  Log log{Log::Level::off};
  ThreadPool pool{1};
  int asked = 0;
  bool away = false, hangs = false;
  std::string last_etag;
  Fetched answer{.status = 200, .body = table("41.25"), .etag = "\"v1\""};
};

TEST_F(QuotesTest, AnswersInTheOrderAsked) {
  auto quotes = open();
  const auto found = run_task(quotes.latest({"NOPE", "hldn", "???", "HLDN"}));
  ASSERT_EQ(found.size(), 4U);
  EXPECT_FALSE(found[0] || found[2]);
  EXPECT_EQ(found[1], found[3]);
  EXPECT_EQ(found[1]->company, "Halden Motors");
  const auto reading = run_task(quotes.look({"HLDN", "NOPE"}));
  EXPECT_TRUE(reading.report.used);
  EXPECT_EQ(reading.report.articles, 1U);
  EXPECT_EQ(reading.report.address, "https://data.example/quotes.csv");
}

TEST_F(QuotesTest, AsksOnceAMinuteAndOnlyForWhatIsNew) {
  auto quotes = open();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(price(quotes), 41'250'000);
  EXPECT_EQ(asked, 1);
  clock.advance(61s);
  EXPECT_EQ(price(quotes), 41'250'000);
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(last_etag, "\"v1\"");
  answer = {.status = 200, .body = table("42.5"), .etag = "\"v2\""};
  EXPECT_EQ(price(quotes), 41'250'000) << "unchanged for a minute";
  clock.advance(61s);
  EXPECT_EQ(price(quotes), 42'500'000);
}

TEST_F(QuotesTest, KeepsTheLastGoodSetAndSaysWhenItIsNoLongerCurrent) {
  auto quotes = open();
  price(quotes);
  away = true;
  clock.advance(61s);
  EXPECT_EQ(price(quotes), 41'250'000);
  EXPECT_TRUE(run_task(quotes.look({"HLDN"})).report.used) << "a minute old";
  EXPECT_EQ(asked, 2) << "a failing source is left alone for a while";
  clock.advance(15min);
  const auto late = run_task(quotes.look({"HLDN"}));
  EXPECT_EQ(late.quotes.front()->price, 41'250'000);
  EXPECT_FALSE(late.report.used);
  EXPECT_EQ(late.report.code, "unreachable");
  EXPECT_EQ(late.report.reason.find("secret"), std::string::npos);
  EXPECT_EQ(price(quotes), 41'250'000);
  answer.body = "Exceeded the daily hits limit";
  answer.etag.clear();
  away = false;
  clock.advance(16s);
  EXPECT_EQ(run_task(quotes.look({"HLDN"})).report.code, "not_quotes");
  answer.body = table("50");
  clock.advance(16s);
  EXPECT_EQ(price(quotes), 50'000'000);
  EXPECT_TRUE(run_task(quotes.look({"HLDN"})).report.used);
}

TEST_F(QuotesTest, WithoutAnyGoodReadingTheyAreUnavailable) {
  away = true;
  auto quotes = open();
  for (int i = 0; i < 3; ++i) {
    try {
      price(quotes);
      FAIL() << "a price out of nowhere";
    } catch (const Error& error) {
      EXPECT_EQ(error.fault, Fault::unavailable);
      EXPECT_EQ(error.code, "QUOTES_UNAVAILABLE");
      EXPECT_TRUE(error.retry_after.has_value());
    }
  }
  EXPECT_EQ(asked, 1);
  away = false;
  clock.advance(16s);
  EXPECT_EQ(price(quotes), 41'250'000);
}

TEST_F(QuotesTest, ManyAtOnceCauseOneReading) {
  auto quotes = open();
  std::vector<Task<std::vector<std::optional<Quote>>>> tasks;
  for (int i = 0; i < 100; ++i) tasks.push_back(quotes.latest({"HLDN"}));
  for (const auto& found : run_task(all_of(std::move(tasks)))) EXPECT_EQ(found.front()->price, 41'250'000);
  EXPECT_EQ(asked, 1);
}

TEST_F(QuotesTest, ACallerWhoLeavesTakesNothingFromTheOthers) {
  hangs = true;
  auto quotes = open();
  asio::io_context loop;
  asio::cancellation_signal cancel;
  bool failed = false;
  std::optional<Quote> found;
  asio::co_spawn(loop, quotes.latest({"HLDN"}),
                 asio::bind_cancellation_slot(
                     cancel.slot(), [&](std::exception_ptr failure, const auto&) { failed = failure != nullptr; }));
  loop.poll();
  asio::co_spawn(loop, quotes.latest({"HLDN"}),
                 [&](std::exception_ptr, const auto& quotes) { found = quotes.front(); });
  loop.poll();
  hangs = false;
  cancel.emit(asio::cancellation_type::terminal);
  loop.run();
  EXPECT_TRUE(failed);
  EXPECT_TRUE(found.has_value());
  EXPECT_EQ(asked, 2);
}

TEST_F(QuotesTest, FilesAndNothingAtAll) {
  auto recorded = open(ODEON_SOURCE_DIR "/examples/quotes.csv");
  EXPECT_TRUE(run_task(recorded.latest({"AAPL"})).front().has_value());
  EXPECT_EQ(run_task(recorded.look({"AAPL"})).report.address, "quotes.csv");
  auto none = open("");
  EXPECT_FALSE(none.configured());
  EXPECT_FALSE(run_task(none.latest({"AAPL"})).front().has_value());
  EXPECT_EQ(run_task(none.look({"AAPL"})).report.code, "not_configured");
  EXPECT_EQ(asked, 0);
}

}  // namespace
}  // namespace odeon::briefings
