#include "products/briefings/analytics.hpp"

#include <gmock/gmock.h>

#include "products/briefings/fixture_test.hpp"

namespace odeon::briefings {
namespace {

using json::array;
using json::object;
using ::testing::HasSubstr;

struct AnalyticsTest : BriefingsTest {
  AnalyticsTest() { open({}); }

  static object played(const char* event, double position = 0, const char* briefing = "b-1",
                       const char* session = "s-1") {
    return {{"briefing_id", briefing}, {"event", event}, {"position", position}, {"session_id", session}};
  }
  std::int64_t report(const std::string& who, json::value body) {
    return post(who, "/api/analytics/playback", std::move(body), 202).at("accepted").as_int64();
  }
  Task<void> ask(std::string id, std::string who, Instant when) {
    auto transaction = co_await database->begin();
    co_await store.add(*transaction, {.id = id, .user_id = who, .job_id = "j", .created_at = when});
    co_await transaction->commit();
  }
  Engagement today() {
    const auto days = on_loop(store::engagement(*database, Instant{}));
    EXPECT_EQ(days.size(), 1U);
    return days.at(0);
  }
};

TEST_F(AnalyticsTest, MeasuresADay) {
  report("ann", played("started"));
  report("ann", played("paused", 12.5));
  report("ann", played("completed", 170));
  auto offline = played("started", 0, "b-2");
  offline["offline"] = true;
  report("bob", object{{"events", array{played("started"), offline, played("skipped", 3, "b-2")}}});
  post("bob", "/api/analytics/performance",
       object{{"metric", "audio_load_time"}, {"value", 300}, {"context", object{{"net", "wifi"}}}}, 202);
  post("bob", "/api/analytics/performance",
       object{{"metrics", array{object{{"metric", "audio_load_time"}, {"value", 100}},
                                object{{"metric", "api_response_time"}, {"value", 80.4}},
                                object{{"metric", "network_error"}, {"value", 2}}}}},
       202);
  const auto day = today();
  EXPECT_EQ(day.listeners, 2);
  EXPECT_EQ(day.started, 3);
  EXPECT_EQ(day.offline, 1);
  EXPECT_EQ(day.plays, 3);
  EXPECT_EQ(day.plays_completed, 1);
  EXPECT_EQ(day.audio_loads, 2);
  EXPECT_EQ(day.audio_load_time, 400);
  EXPECT_EQ(day.response_time, 80);
  EXPECT_EQ(day.network_errors, 2);
  EXPECT_THAT(describe(day), HasSubstr("33.3 %"));

  const std::string shown = metrics.text();
  EXPECT_THAT(shown, HasSubstr("odeon_briefings_active_listeners_total 2"));
  EXPECT_THAT(shown, HasSubstr("odeon_briefings_plays_total 3"));
  EXPECT_THAT(shown, HasSubstr("odeon_briefings_plays_completed_total 1"));
  EXPECT_THAT(shown, HasSubstr("odeon_briefings_offline_starts_total 1"));
  EXPECT_THAT(shown, HasSubstr("odeon_briefings_network_errors_total 2"));
  EXPECT_THAT(shown, HasSubstr("odeon_briefings_app_seconds_count{metric=\"audio_load_time\"} 2"));
}

TEST_F(AnalyticsTest, AReportThatIsSentTwiceCountsOnce) {
  const object batch{{"events", array{played("started"), played("completed", 100), played("started")}}};
  EXPECT_EQ(report("ann", batch), 2);
  EXPECT_EQ(report("ann", batch), 0);
  EXPECT_EQ(report("ann", played("started", 0, "b-1", "s-2")), 1) << "heard again in another session";
  EXPECT_EQ(report("ann", played("completed", 100, "b-1", "s-2")), 1);
  const auto day = today();
  EXPECT_EQ(day.started, 2);
  EXPECT_EQ(day.plays, 1);
  EXPECT_EQ(day.plays_completed, 1);
}

TEST_F(AnalyticsTest, KnowsHowLongAListenerWaited) {
  const auto asked = clock.now() - std::chrono::seconds(40);
  on_loop(ask("anns", "ann", asked));
  report("ann", played("started", 0, "anns"));
  report("ann", played("started", 0, "anns", "s-2"));
  report("bob", played("started", 0, "anns"));
  const auto day = today();
  EXPECT_EQ(day.first_plays, 1);
  EXPECT_GE(day.first_play_time, 40'000);
  EXPECT_THAT(metrics.text(), HasSubstr("odeon_briefings_first_play_seconds_count 1"));
}

TEST_F(AnalyticsTest, FaultsAreNamedAndNothingOfTheReportIsKept) {
  auto error = post("ann", "/api/analytics/playback", object{{"event", "started"}}, 400);
  EXPECT_EQ(error.at("code"), "VALIDATION_ERROR");
  for (const auto& wrong :
       {played("exploded"), played("started", -1), played("started", 1e9), object{{"events", array{}}}})
    post("ann", "/api/analytics/playback", wrong, 400);
  post("ann", "/api/analytics/playback", object{{"events", array{played("started"), played("started", -1)}}}, 400);
  array many;
  for (int i = 0; i < 101; ++i) many.push_back(played("paused", i));
  post("ann", "/api/analytics/playback", object{{"events", many}}, 400);
  for (const object& wrong :
       {object{{"metric", "audio_load_time"}}, object{{"metric", "x"}, {"value", 1}},
        object{{"metric", "audio_load_time"}, {"value", -1}},
        object{{"metric", "audio_load_time"}, {"value", 1}, {"context", object{{"x", std::string(3000, 'x')}}}}})
    post("ann", "/api/analytics/performance", wrong, 400);
  EXPECT_EQ(server.post("/briefings/api/analytics/playback", "{}").status, 401);
  EXPECT_TRUE(on_loop(store::engagement(*database, Instant{})).empty());
}

TEST_F(AnalyticsTest, ReportsAreForgottenAndSumsKept) {
  report("ann", played("started"));
  post("ann", "/api/analytics/performance", object{{"metric", "network_error"}, {"value", 1}}, 202);
  on_loop(store::forget_reports(*database, clock.now() - std::chrono::days(30)));
  const auto rows = [this] {
    return *on_loop(
        database->find<std::int64_t>("SELECT (SELECT COUNT(*) FROM briefings_playback) + (SELECT COUNT(*) FROM "
                                     "briefings_performance) + (SELECT COUNT(*) FROM briefings_plays)"));
  };
  EXPECT_EQ(rows(), 3);
  on_loop(store::forget_reports(*database, clock.now() + std::chrono::seconds(1)));
  EXPECT_EQ(rows(), 0);
  EXPECT_EQ(today().started, 1);
}

}  // namespace
}  // namespace odeon::briefings
