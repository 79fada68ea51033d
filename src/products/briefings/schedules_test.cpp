#include "products/briefings/schedules.hpp"

#include <gmock/gmock.h>

#include "products/briefings/fixture_test.hpp"

namespace odeon::briefings {
namespace {

using namespace std::chrono_literals;
using json::array;
using json::object;

// It is Friday, 2026-11-20T07:30:00Z.
struct SchedulesTest : BriefingsTest {
  SchedulesTest() {
    open(example_feeds());
    give("ann", "premium");
    work();
  }

  object morning() {
    return {{"time", "07:30"}, {"days", "weekdays"}, {"time_zone", "Europe/Berlin"}, {"tickers", array{"AAPL"}}};
  }
  std::string added(object schedule) {
    return std::string(post("ann", "/api/schedules", std::move(schedule), 201).at("id").as_string());
  }
  json::value only() { return data("/api/schedules", 200, "ann").at("schedules").at(0); }

  Task<std::vector<std::string>> enqueue_due(int times) {
    auto transaction = co_await database->begin();
    std::vector<std::string> ids;
    for (const auto& job : co_await queue.enqueue_all(*transaction, std::vector<SchedulesDue>(times)))
      ids.push_back(job.id);
    co_await transaction->commit();
    co_return ids;
  }
  void wait(const std::string& kind) {
    auto ignore = [](this auto, const jobs::Progress&) -> Task<bool> { co_return true; };
    for (const auto& id : on_loop(database->query<std::string>("SELECT id FROM jobs WHERE kind = $1", kind)))
      on_loop(queue.watch(id, ignore));
  }
  // The minute's job, on so many nodes at once, and all that it led to but the briefings themselves.
  void minute_passes(int nodes = 1) {
    on_loop(enqueue_due(nodes));
    wait("briefings.schedules_due");
    wait("briefings.run_schedule");
  }
  std::int64_t briefings() {
    return *on_loop(database->find<std::int64_t>("SELECT COUNT(*) FROM briefings_briefings WHERE user_id = $1",
                                                 std::string("ann")));
  }
};

TEST_F(SchedulesTest, ComeAtTheirTimeAndAreMade) {
  const std::string id = added(morning());
  auto schedule = only();
  EXPECT_EQ(schedule.at("id"), id.c_str());
  EXPECT_EQ(schedule.at("time"), "07:30");
  EXPECT_EQ(schedule.at("days"), (array{"mon", "tue", "wed", "thu", "fri"}));
  EXPECT_EQ(schedule.at("next_at"), "2026-11-23T06:30:00Z");
  EXPECT_FALSE(schedule.as_object().contains("last_result"));

  minute_passes();
  EXPECT_EQ(briefings(), 0) << "it is not due";
  wall.advance(71h);
  minute_passes();
  schedule = only();
  EXPECT_EQ(schedule.at("next_at"), "2026-11-24T06:30:00Z");
  EXPECT_EQ(schedule.at("last_result").at("result"), "queued");
  EXPECT_EQ(schedule.at("last_result").at("at"), "2026-11-23T06:30:00Z");
  const std::string briefing(schedule.at("last_result").at("briefing_id").as_string());
  finish(briefing);
  EXPECT_EQ(data("/api/briefings/" + briefing, 200, "ann").at("status"), "ready");
  const auto history = data("/api/briefings/personalized/history", 200, "ann");
  EXPECT_EQ(history.at("briefings").at(0).at("tickers_covered"), (array{"AAPL"}));
  EXPECT_EQ(data("/api/subscription/status", 200, "ann").at("usage").at("briefings_today"), 1) << "it counts";
}

TEST_F(SchedulesTest, ComeOnceHoweverManyNodesThereAre) {
  added(morning());
  wall.advance(71h);
  minute_passes(8);
  minute_passes(8);
  EXPECT_EQ(briefings(), 1);
}

TEST_F(SchedulesTest, AMissedTimeIsMadeUpForWithinAnHour) {
  added(morning());
  wall.advance(71h + 59min);
  minute_passes();
  EXPECT_EQ(briefings(), 1);
}

TEST_F(SchedulesTest, ATimeThatIsLongGoneIsLeftOut) {
  added(morning());
  wall.advance(24h * 5);
  minute_passes();
  EXPECT_EQ(briefings(), 0);
  EXPECT_EQ(only().at("last_result").at("result"), "missed");
  EXPECT_EQ(only().at("next_at"), "2026-11-26T06:30:00Z");
}

TEST_F(SchedulesTest, TheDaysLimitHoldsForThemToo) {
  added(morning());
  for (int i = 0; i < 5; ++i) post("ann", "/api/briefings", object{{"tickers", array{"AAPL"}}});
  wall.advance(71h);
  minute_passes();
  EXPECT_EQ(only().at("last_result").at("result"), "limited");
  EXPECT_EQ(briefings(), 5);
}

TEST_F(SchedulesTest, WhatCannotBeAskedForSaysWhy) {
  auto schedule = morning();
  schedule["tickers"] = array{"MSFT"};
  added(schedule);
  std::ofstream(folder / "quotes.csv") << "ticker,currency,price,previous_close,as_of\n"
                                          "AAPL,USD,1,1,2026-11-20T21:00:00Z\n";
  wall.advance(71h);
  minute_passes();
  const auto result = only().at("last_result");
  EXPECT_EQ(result.at("result"), "failed");
  EXPECT_EQ(result.at("message"), "Not a known stock: MSFT.");
}

TEST_F(SchedulesTest, ArePartOfThePaidPlans) {
  EXPECT_EQ(post("bob", "/api/schedules", morning(), 403).at("upgrade_url"), "app://upgrade");
  added(morning());
  give("ann", "free");
  wall.advance(71h);
  minute_passes();
  EXPECT_EQ(only().at("last_result").at("result"), "upgrade_required");
  EXPECT_EQ(briefings(), 0);
}

TEST_F(SchedulesTest, AreTenAtTheMost) {
  std::string last;
  for (int i = 0; i < 10; ++i) last = added(morning());
  EXPECT_EQ(post("ann", "/api/schedules", morning(), 409).at("code"), "TOO_MANY_SCHEDULES");
  EXPECT_EQ(call(http::Method::delete_, "bob", "/api/schedules/" + last, object{}, 404).at("code"),
            "SCHEDULE_NOT_FOUND");
  call(http::Method::delete_, "ann", "/api/schedules/" + last, object{}, 204);
  call(http::Method::delete_, "ann", "/api/schedules/" + last, object{}, 404);
  added(morning());
}

TEST_F(SchedulesTest, EveryFaultIsNamed) {
  const auto reply =
      post("ann", "/api/schedules",
           object{{"time", "25:00"}, {"days", array{"mon", "someday"}}, {"time_zone", "Mars/Olympus"}}, 400);
  EXPECT_EQ(reply.at("code"), "VALIDATION_ERROR");
  auto wrong = morning();
  for (const json::value& days : {json::value(array{}), json::value("funday"), json::value(7), json::value(array{1})}) {
    wrong["days"] = days;
    post("ann", "/api/schedules", wrong, 400);
  }
  wrong = morning();
  wrong["tickers"] = array{"NOPE"};
  EXPECT_EQ(post("ann", "/api/schedules", wrong, 400).at("code"), "invalid_ticker");
  wrong = morning();
  wrong["voice"] = "nobody";
  EXPECT_EQ(post("ann", "/api/schedules", wrong, 400).at("code"), "VOICE_NOT_AVAILABLE");
}

TEST_F(SchedulesTest, DaysAreSaidInWordsOrOneByOne) {
  auto days_shown = [this](json::value days) {
    auto schedule = morning();
    if (days.is_null())
      schedule.erase("days");
    else
      schedule["days"] = days;
    return post("ann", "/api/schedules", schedule, 201).at("days");
  };
  EXPECT_EQ(days_shown(array{"sun", "mon", "mon"}), (array{"mon", "sun"}));
  EXPECT_EQ(days_shown("weekends"), (array{"sat", "sun"}));
  EXPECT_EQ(days_shown(array{"weekends", "wed"}), (array{"wed", "sat", "sun"}));
  EXPECT_EQ(days_shown(nullptr).as_array().size(), 7U);
}

}  // namespace
}  // namespace odeon::briefings
