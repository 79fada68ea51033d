#include "products/briefings/news/finlight.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "testing/clock.hpp"

namespace odeon::briefings {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

// An answer as the service gives it: `confidence` as a number and as text, entities on one article only.
constexpr const char* kAnswer = R"({"status":"ok","page":1,"pageSize":50,"articles":[
  {"link":"https://www.reuters.com/apple-buyback?utm_source=x","source":"www.reuters.com","title":"Apple widens buyback",
   "publishDate":"2026-11-20T06:45:10.000Z","language":"en","sentiment":"positive","confidence":"0.9871",
   "summary":"Apple will buy back <b>$20 billion</b> more of its shares. Read more at our site.",
   "images":["https://img.example/1.jpg"],"createdAt":"2026-11-20T06:45:40.000Z","isUpdate":false,
   "companies":[{"companyId":24937,"confidence":0.99,"name":"Apple Inc","ticker":"AAPL","exchange":"NASDAQ",
     "sector":"Technology","primaryListing":{"ticker":"AAPL","exchangeCode":"XNAS","exchangeCountry":"US"}},
     {"companyId":1,"name":"Foxconn","ticker":"2317","primaryListing":{"ticker":"hnhpf"}}],
   "categories":["markets"],"countries":["US"]},
  {"link":"javascript:void","source":"finance.yahoo.co.uk","title":"Chip makers rally","publishDate":"2026-11-20 06:00:00",
   "language":"en","confidence":0.5,"summary":"","content":"Shares of chip makers rose on Friday. Demand is strong."},
  {"title":"Aktien steigen","language":"de"},
  {"title":7},{"title":""},"text",null]})";

class FinlightTest : public ::testing::Test {
 protected:
  FinlightTest() : finlight({.key = "k-123", .base_url = "https://news.example/base/"}, stand_in(), pool, clock, log) {}

  Call stand_in() {
    return [this](this auto, CallRequest request) -> Task<CallReply> {
      asked.push_back(std::move(request));
      if (hangs) co_await sleep_on_loop(1h);
      if (failure) throw Error(*failure, "X", "secret");
      co_return reply;
    };
  }
  FinlightReading read(std::vector<std::string> tickers = {"AAPL", "NVDA"}) {
    return run_task(finlight.read(std::move(tickers)));
  }

  testing::FakeClock clock;
  Log log{Log::Level::off};
  ThreadPool pool{1};
  CallReply reply{.status = 200, .body = kAnswer};
  std::optional<Fault> failure;
  bool hangs = false;
  std::vector<CallRequest> asked;
  Finlight finlight;
};

TEST_F(FinlightTest, AsksForTheStocks) {
  read();
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].url, "https://news.example/base/v2/articles");
  EXPECT_THAT(asked[0].headers, ::testing::Contains(std::pair<std::string, std::string>("X-API-KEY", "k-123")));
  const auto body = json::parse(asked[0].body);
  EXPECT_EQ(body.at("tickers"), json::parse(R"(["AAPL","NVDA"])"));
  EXPECT_EQ(body.at("from"), "2026-11-17T07:30:00Z");
  EXPECT_EQ(body.at("orderBy"), "publishDate");
  EXPECT_EQ(body.at("pageSize"), 50);
  read(std::vector<std::string>(500, "X"));
  EXPECT_EQ(json::parse(asked[1].body).at("tickers").as_array().size(), 50U);
}

TEST_F(FinlightTest, ReadsItsArticles) {
  const auto reading = read();
  EXPECT_TRUE(reading.report.used);
  EXPECT_EQ(reading.report.name, "Finlight");
  EXPECT_EQ(reading.report.address, "https://news.example/base");
  EXPECT_EQ(reading.report.articles, 2U);
  ASSERT_EQ(reading.articles.size(), 2U);
  const auto& first = reading.articles[0];
  EXPECT_EQ(first.source, "Reuters");
  EXPECT_EQ(first.title, "Apple widens buyback");
  EXPECT_EQ(first.url, "https://www.reuters.com/apple-buyback");
  EXPECT_EQ(first.summary, "Apple will buy back $20 billion more of its shares.");
  EXPECT_EQ(to_iso8601(*first.published), "2026-11-20T06:45:10Z");
  EXPECT_THAT(first.tickers.value(), ElementsAre("AAPL", "HNHPF"));
  const auto& second = reading.articles[1];
  EXPECT_EQ(second.source, "Yahoo");
  EXPECT_EQ(second.url, "");
  EXPECT_EQ(second.summary, "Shares of chip makers rose on Friday. Demand is strong.");
  EXPECT_EQ(to_iso8601(*second.published), "2026-11-20T06:00:00Z");
  EXPECT_FALSE(second.tickers.has_value());
}

TEST_F(FinlightTest, MisbehaviourIsAReason) {
  const std::pair<CallReply, std::string> cases[] = {
      {{.status = 401, .body = "{}"}, "refused"},
      {{.status = 403, .body = "{}"}, "refused"},
      {{.status = 500, .body = "oops"}, "unavailable"},
      {{.status = 503}, "unavailable"},
      {{.status = 404}, "bad_answer"},
      {{.status = 302}, "bad_answer"},
      {{.status = 200, .body = ""}, "malformed"},
      {{.status = 200, .body = "<!doctype html><html>"}, "web_page"},
      {{.status = 200, .body = "{\"articles\":"}, "malformed"},
      {{.status = 200, .body = std::string(1000, '[')}, "malformed"},
      {{.status = 200, .body = "[]"}, "bad_answer"},
      {{.status = 200, .body = "{\"status\":\"error\"}"}, "bad_answer"},
      {{.status = 200, .body = "{\"articles\":{}}"}, "bad_answer"},
      {{.status = 200, .body = "{\"articles\":[]}"}, "no_articles"},
      {{.status = 200, .body = std::string(kMaxFeedBytes + 1, ' ')}, "too_large"},
  };
  for (const auto& [answer, code] : cases) {
    reply = answer;
    const auto reading = read();
    EXPECT_FALSE(reading.report.used) << code;
    EXPECT_EQ(reading.report.code, code);
    EXPECT_TRUE(reading.report.reason.ends_with('.'));
    EXPECT_TRUE(reading.articles.empty());
  }
  for (const auto& [fault, code] :
       {std::pair(Fault::timeout, "timeout"), std::pair(Fault::unavailable, "unreachable")}) {
    failure = fault;
    const auto reading = read();
    EXPECT_EQ(reading.report.code, code);
    EXPECT_EQ(reading.report.reason.find("secret"), std::string::npos);
  }
}

TEST_F(FinlightTest, ABusyServiceIsLeftAloneForAsLongAsItSays) {
  for (const auto& [header, seconds] : {std::pair<std::string, std::int64_t>("30", 30),
                                        {"", 60},
                                        {"soon", 60},
                                        {"-5", 1},
                                        {"999999999999999999999", 60},
                                        {"86400", 900},
                                        {to_http_date(clock.now() + 45s), 0}}) {
    reply = {.status = 429, .retry_after = seconds == 0 ? to_http_date(clock.now() + 45s) : header};
    const auto wait = std::chrono::seconds(seconds == 0 ? 45 : seconds);
    const std::size_t before = asked.size();
    EXPECT_EQ(read().report.code, "rate_limited");
    reply = {.status = 200, .body = kAnswer};
    clock.advance(wait - 1s);
    if (wait > 1s) {
      EXPECT_EQ(read().report.code, "rate_limited");
      EXPECT_EQ(asked.size(), before + 1) << header;
    }
    clock.advance(1s);
    EXPECT_TRUE(read().report.used) << header;
  }
}

TEST_F(FinlightTest, WithoutAKeyOrStocksNothingIsAsked) {
  Finlight none({}, stand_in(), pool, clock, log);
  EXPECT_FALSE(none.configured());
  EXPECT_EQ(run_task(none.read({"AAPL"})).report.code, "not_configured");
  EXPECT_FALSE(read({}).report.used);
  EXPECT_TRUE(asked.empty());
}

TEST_F(FinlightTest, AServiceThatNeverAnswersIsLeft) {
  hangs = true;
  Finlight slow({.key = "k", .time = 1ms}, stand_in(), pool, clock, log);
  EXPECT_EQ(run_task(slow.read({"AAPL"})).report.code, "timeout");
}

TEST_F(FinlightTest, CancellationEndsTheReading) {
  hangs = true;
  asio::io_context loop;
  asio::cancellation_signal cancel;
  bool failed = false;
  asio::co_spawn(loop, finlight.read({"AAPL"}),
                 asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr error, const FinlightReading&) {
                   failed = error != nullptr;
                 }));
  loop.poll();
  cancel.emit(asio::cancellation_type::terminal);
  loop.run();
  EXPECT_TRUE(failed);
}

RC_GTEST_PROP(FinlightProperty, AnyAnswerIsReadOrRefused, (const std::string& noise)) {
  std::string body = kAnswer;
  body.replace(*rc::gen::inRange<std::size_t>(0, body.size()), *rc::gen::inRange<std::size_t>(0, 20), noise);
  const auto articles = parse_finlight(body);
  if (!articles) return;
  for (const auto& article : *articles) {
    RC_ASSERT(!article.title.empty() && text::is_utf8(article.title) && text::is_utf8(article.summary));
    RC_ASSERT(text::is_utf8(article.source) && !article.source.empty());
    RC_ASSERT(article.url.empty() || article.url.starts_with("http"));
    RC_ASSERT(text::length(article.summary) <= kMaxSummaryLength);
  }
}

}  // namespace
}  // namespace odeon::briefings
