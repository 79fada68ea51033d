#include "engine/billing/currencies.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <boost/asio/use_future.hpp>
#include <mutex>

#include "engine/billing/fixture_test.hpp"
#include "engine/http/server.hpp"

namespace odeon::billing {
namespace {

using std::chrono::days;
using std::chrono::hours;

// Frankfurter as a test scripts it.
class FrankfurterServer {
 public:
  FrankfurterServer() {
    port_ = server_.start();
    loops_.start();
  }
  ~FrankfurterServer() {
    asio::co_spawn(loops_[0], server_.stop(std::chrono::milliseconds(0)), asio::use_future).get();
    loops_.stop();
    loops_.join();
  }
  std::string url() const { return fmt::format("http://127.0.0.1:{}", port_); }
  void answers(unsigned status, std::string body) {
    const std::lock_guard lock(mutex_);
    status_ = status;
    body_ = std::move(body);
  }
  std::vector<std::string> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  Task<http::Response> answer(http::Request& request) {
    const std::lock_guard lock(mutex_);
    asked_.push_back(request.target);
    http::Response response{.status = status_, .headers = {}, .body = body_};
    response.headers.add("Content-Type", "application/json");
    co_return response;
  }

  mutable std::mutex mutex_;
  unsigned status_ = 200;
  std::string body_;
  std::vector<std::string> asked_;
  Log log_{Log::Level::off};
  Metrics metrics_;
  Loops loops_{1};
  std::uint16_t port_ = 0;
  http::Server server_{{.address = "127.0.0.1", .port = 0},
                       loops_,
                       [this](http::Request& request) { return answer(request); },
                       log_,
                       metrics_};
};

struct CurrenciesTest : ::testing::Test, Till {
  std::string today() const { return to_iso8601(clock.now()).substr(0, 10); }
  void say(const std::string& rate, const std::string& date) {
    source.answers(200, fmt::format(R"([{{"date":"{}","base":"USD","quote":"TRY","rate":{}}}])", date, rate));
  }
  void look() { run_task(currencies.refresh()); }
  // A day later, the source says this.
  void next_day(const std::string& rate) {
    clock.advance(days(1));
    say(rate, today());
    look();
  }
  std::vector<Money> prices(const std::string& plan = "pro", Cycle cycle = Cycle::monthly) {
    return run_task(currencies.prices({"chat", plan, cycle}));
  }
  std::optional<Money> in_lira() {
    const auto all = prices();
    return all.size() == 3 ? std::optional(all[2]) : std::nullopt;
  }

  Log log{Log::Level::off};
  FrankfurterServer source;
  http::Client client{http::ClientOptions{}};
  Frankfurter frankfurter{client, clock, {.base_url = source.url()}};
  Currencies currencies{*db, frankfurter, plans, clock, log};
};

TEST_F(CurrenciesTest, APriceIsMadeOfTheRateAndPutWherePeopleKnowIt) {
  EXPECT_EQ(prices(), (std::vector<Money>{{4900, "usd"}, {4500, "eur"}})) << "no rate is known yet";
  say("33.0", today());
  look();
  EXPECT_EQ(source.asked().at(0), "/v2/rates?base=usd&quotes=try");
  EXPECT_EQ(prices(), (std::vector<Money>{{4900, "usd"}, {4500, "eur"}, {149'900, "try"}}));
  EXPECT_EQ(prices("ultra"), (std::vector<Money>{{12'900, "usd"}, {11'900, "eur"}, {399'900, "try"}}));
  EXPECT_EQ(prices("none"), std::vector<Money>());
  EXPECT_EQ(prices("pro", Cycle::yearly), std::vector<Money>());
  EXPECT_EQ(prices("gold"), std::vector<Money>());
  EXPECT_EQ(run_task(currencies.prices({"briefings", "pro"})), (std::vector<Money>{{1499, "usd"}}))
      << "sold in dollars only";
  EXPECT_EQ(run_task(currencies.prices({"nothing", "pro"})), std::vector<Money>());
}

TEST_F(CurrenciesTest, IsAskedOnceADay) {
  say("33", today());
  look();
  look();
  clock.advance(hours(19));
  look();
  EXPECT_EQ(source.asked().size(), 1);
  clock.advance(hours(1));
  look();
  EXPECT_EQ(source.asked().size(), 2);
  const Plans wider(R"([shop]
    default = "all"
    upgrade_url = "/pricing"
    priced_daily = ["gbp", "try"]
    [shop.plans.all]
    title = "All"
    price = { monthly = 100 })",
                    "wider.toml");
  Currencies more(*db, frankfurter, wider, clock, log);
  run_task(more.refresh());
  EXPECT_EQ(source.asked().back(), "/v2/rates?base=usd&quotes=gbp,try") << "one of them was never seen";
}

TEST_F(CurrenciesTest, TheLastGoodRateHolds) {
  say("33", today());
  look();
  clock.advance(days(1));
  for (const char* body : {"", "<html>", "{}", "[7]", R"([{"date":"2026-11-20"}])", R"({"message":"not found"})"}) {
    source.answers(200, body);
    EXPECT_THROW(look(), Error) << body;
  }
  source.answers(503, "[]");
  try {
    look();
    FAIL();
  } catch (const Error& error) {
    EXPECT_TRUE(error.may_pass());
  }
  EXPECT_EQ(in_lira(), (Money{149'900, "try"}));
  source.answers(200, "[]");
  look();
  EXPECT_EQ(in_lira(), (Money{149'900, "try"}));
  const auto asked = source.asked().size();
  look();
  EXPECT_EQ(source.asked().size(), asked) << "it has said what it knows, for today";
}

TEST_F(CurrenciesTest, ARateThatJumpsIsNotBelievedUntilTimeHasPassed) {
  say("33", today());
  look();
  next_day("330");
  EXPECT_EQ(in_lira(), (Money{149'900, "try"})) << "a misplaced point";
  next_day("39.6");
  EXPECT_EQ(in_lira(), (Money{174'900, "try"})) << "by a fifth";
  next_day("47.53");
  EXPECT_EQ(in_lira(), (Money{174'900, "try"})) << "by more than a fifth in a day";
  next_day("47.53");
  EXPECT_EQ(in_lira(), (Money{224'900, "try"})) << "but not in two";
  clock.advance(days(1));
  say("10", "2020-01-01");
  look();
  EXPECT_EQ(in_lira(), (Money{224'900, "try"})) << "of long ago";
}

TEST_F(CurrenciesTest, TheJobLooksEveryHourAndFailsForNobody) {
  Metrics metrics;
  const auto coordination = coordination::open_memory({}, clock);
  jobs::Queue queue{*db, *coordination, clock};
  const auto run = [&] {
    run_task(with_timeout(std::chrono::seconds(60),
                          [](CurrenciesTest& test, jobs::Queue& queue, Metrics& metrics) -> Task<> {
                            jobs::Worker worker{queue, test.clock, test.log, metrics, {}};
                            test.currencies.install(worker);
                            auto tx = co_await test.db->begin();
                            const auto job = co_await queue.enqueue(*tx, RefreshRates{});
                            co_await tx->commit();
                            co_await worker.start();
                            co_await queue.watch(job.id, [](const jobs::Progress& progress) -> Task<bool> {
                              EXPECT_NE(progress.state, jobs::State::failed);
                              EXPECT_NE(progress.state, jobs::State::scheduled);
                              co_return true;
                            });
                            co_await worker.stop();
                          }(*this, queue, metrics)));
  };
  source.answers(500, "");
  run();
  EXPECT_FALSE(in_lira());
  say("33", today());
  run();
  EXPECT_EQ(in_lira(), (Money{149'900, "try"}));
}

const Instant kSaturday = parse_iso8601("2026-11-28T12:00:00Z").value();

std::vector<Rate> read(const std::string& quotes) {
  return read_rates(json::parse(quotes), kSaturday);
}

TEST(Rates, AreReadIntoMillionths) {
  const auto rates = read(R"([{"date":"2026-11-27","base":"USD","quote":"TRY","rate":42.3,"providers":["ECB"]},
                              {"date":"2026-11-28","base":"usd","quote":"eur","rate":0.8634567},
                              {"date":"2026-11-27","base":"USD","quote":"IDR","rate":16000}])");
  ASSERT_EQ(rates.size(), 3);
  EXPECT_EQ(rates[0].currency + rates[0].date, "try2026-11-27");
  EXPECT_EQ(rates[0].rate, 42'300'000);
  EXPECT_EQ(rates[1].rate, 863'457);
  EXPECT_EQ(rates[2].rate, 16'000'000'000);
}

TEST(Rates, WhatNobodyCanBelieveIsLeftOut) {
  for (const char* odd : {R"("date":"2026-11-27","base":"EUR","quote":"TRY","rate":42.3)",
                          R"("date":"2026-11-27","base":"USD","quote":"TRY","rate":0)",
                          R"("date":"2026-11-27","base":"USD","quote":"TRY","rate":-1)",
                          R"("date":"2026-11-27","base":"USD","quote":"TRY","rate":1e300)",
                          R"("date":"2026-11-27","base":"USD","quote":"TRY","rate":1e-9)",
                          R"("date":"2026-10-27","base":"USD","quote":"TRY","rate":42.3)",
                          R"("date":"2026-12-27","base":"USD","quote":"TRY","rate":42.3)",
                          R"("date":"2026-11-27T00:00:00Z","base":"USD","quote":"TRY","rate":42.3)",
                          R"("date":"2026-13-27","base":"USD","quote":"TRY","rate":42.3)",
                          R"("date":"2026-11-27","base":"USD","quote":"TRY'","rate":42.3)"})
    EXPECT_TRUE(read(fmt::format("[{{{}}}]", odd)).empty()) << odd;
}

TEST(Rates, MayMoveByAFifthEachDay) {
  const Rate before{"try", "2026-11-20", 1'000'000};
  const std::vector<std::tuple<const char*, RateMicros, bool>> cases{
      {"2026-11-20", 1'200'000, true},  {"2026-11-20", 1'200'001, false}, {"2026-11-21", 1'200'000, true},
      {"2026-11-21", 1'200'001, false}, {"2026-11-21", 800'000, true},    {"2026-11-21", 799'999, false},
      {"2026-11-22", 1'400'000, true},  {"2026-11-22", 1'400'001, false}, {"2026-11-19", 1'000'000, false},
      {"2026-11-30", 1, true}};
  for (const auto& [date, rate, good] : cases) EXPECT_EQ(may_follow(before, {"try", date, rate}), good) << date << rate;
}

// Whatever the source sends: an Error, or rates that can be reckoned with.
RC_GTEST_PROP(Rates, NeverSurprise, ()) {
  std::string body = R"([{"date":"2026-11-27","base":"USD","quote":"TRY","rate":42.3}])";
  for (int i = *rc::gen::inRange(0, 6); i > 0; --i)
    body.replace(*rc::gen::inRange<std::size_t>(0, body.size()), *rc::gen::inRange<std::size_t>(0, 6),
                 *rc::gen::container<std::string>(rc::gen::element('{', '}', '[', ']', '"', ',', ':', '9', '-', 'e')));
  try {
    for (const auto& rate : read(body)) {
      RC_ASSERT(rate.rate > 0 && rate.rate <= kMaxRate);
      RC_ASSERT(converted(1'000'000'000, rate.rate, rate.currency).amount >= 0);
    }
  } catch (const Error& error) {
    RC_ASSERT(!error.code.empty());
  }
}

}  // namespace
}  // namespace odeon::billing
