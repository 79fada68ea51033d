#include "products/briefings/personal.hpp"

#include <gmock/gmock.h>

#include "base/crypto.hpp"
#include "base/ids.hpp"
#include "products/briefings/fixture_test.hpp"
#include "products/briefings/script/personal_phrases.hpp"

namespace odeon::briefings {
namespace {

using json::array;
using json::object;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct PersonalTest : BriefingsTest {
  PersonalTest() { open(example_feeds()); }

  std::string asked(const std::string& who, object body = {}) {
    const auto reply = post(who, "/api/briefings/personalized", std::move(body));
    EXPECT_EQ(reply.at("status"), "queued") << json::bj::serialize(reply);
    return std::string(reply.at("briefing_id").as_string());
  }
  Task<void> publish(BriefingRow row) {
    auto transaction = co_await database->begin();
    co_await store.add(*transaction, row);
    co_await store.mark_ready(*transaction, row);
    co_await transaction->commit();
    co_await coordination->forget(kLatestKey);
  }
  std::string path_of(const json::value& url) {
    const std::string text(url.as_string());
    return text.substr(std::string("http://test").size());
  }
};

TEST_F(PersonalTest, IsQueuedMadeAndPlayedByItsOwner) {
  give("ann", "premium");
  const auto reply = post("ann", "/api/briefings/personalized", object{{"tickers", array{"aapl", "TSLA", "AAPL"}}});
  EXPECT_EQ(reply.at("status"), "queued");
  EXPECT_EQ(reply.at("tier"), "premium");
  EXPECT_EQ(reply.at("queue_position"), 1);
  const std::string id(reply.at("briefing_id").as_string());
  finish(id);

  const auto briefing = data("/api/briefings/" + id, 200, "ann");
  EXPECT_EQ(briefing.at("status"), "ready");
  EXPECT_THAT(std::string(briefing.at("transcript").as_string()), HasSubstr("Apple"));
  EXPECT_EQ(briefing.at("ad_markers").as_array().size(), 0U);
  const auto played = server.get(path_of(briefing.at("audio_url")));
  EXPECT_EQ(played.status, 200);
  EXPECT_EQ(played.headers.get("Content-Type"), "audio/mpeg");
  EXPECT_THAT(std::string(played.headers.get("Cache-Control")), StartsWith("private"));

  const auto history = data("/api/briefings/personalized/history", 200, "ann");
  const auto& first = history.at("briefings").at(0);
  EXPECT_EQ(first.at("id"), id.c_str());
  EXPECT_EQ(first.at("tickers_covered"), (array{"AAPL", "TSLA"}));
  EXPECT_EQ(first.at("tier_generated"), "premium");
  EXPECT_EQ(first.at("downloadable"), true);
  EXPECT_EQ(history.at("has_more"), false);
}

TEST_F(PersonalTest, AnothersIsNoneThatExists) {
  give("ann", "premium");
  const std::string id = asked("ann");
  finish(id);
  const std::string audio = path_of(data("/api/briefings/" + id, 200, "ann").at("audio_url"));
  for (const char* what : {"", "/quick", "/captions.vtt", "/download"}) {
    EXPECT_EQ(data("/api/briefings/" + id + what, 404, "bob").at("code"), "BRIEFING_NOT_FOUND") << what;
  }
  EXPECT_EQ(data("/api/briefings/" + id, 404).at("code"), "BRIEFING_NOT_FOUND");
  EXPECT_EQ(server.get("/briefings/api/audio/" + id + ".mp3").status, 404);
  EXPECT_EQ(server.get(audio.substr(0, audio.size() - 2) + "xx").status, 403);
  EXPECT_EQ(data("/api/briefings/personalized/history", 200, "bob").at("briefings").as_array().size(), 0U);
}

TEST_F(PersonalTest, IsPartOfThePaidPlans) {
  const auto reply = post("ann", "/api/briefings", object{{"tickers", array{"AAPL"}}});
  EXPECT_EQ(reply.at("status"), "upgrade_required");
  EXPECT_EQ(reply.at("tier"), "free");
  EXPECT_EQ(reply.at("upgrade_url"), "app://upgrade");
  EXPECT_FALSE(reply.as_object().contains("briefing_id"));
}

TEST_F(PersonalTest, TheDaysLimitIsReachedAndSaysUntilWhen) {
  give("ann", "premium");
  for (int i = 0; i < 5; ++i) asked("ann");
  const auto reply = post("ann", "/api/briefings/personalized", object{});
  EXPECT_EQ(reply.at("status"), "limited");
  EXPECT_GT(reply.at("retry_after").as_int64(), 0);
  EXPECT_LE(reply.at("retry_after").as_int64(), 86400);
  EXPECT_EQ(reply.at("upgrade_url"), "app://upgrade");
  EXPECT_EQ(data("/api/subscription/status", 200, "ann").at("usage").at("briefings_today"), 5);
}

TEST_F(PersonalTest, WhatCannotBeMadeIsNotCounted) {
  give("ann", "premium");
  jobs.emplace(*database, store, queue, *storage, *coordination, subscriptions, allowances, producer, clock,
               Order{.feeds = {ODEON_SOURCE_DIR "/examples/feeds/broken.xml"}, .target_seconds = 60});
  const std::string id = asked("ann");
  EXPECT_EQ(data("/api/subscription/status", 200, "ann").at("usage").at("briefings_today"), 1);
  finish(id);
  EXPECT_EQ(data("/api/briefings/" + id, 200, "ann").at("status"), "failed");
  EXPECT_EQ(data("/api/subscription/status", 200, "ann").at("usage").at("briefings_today"), 0);
}

TEST_F(PersonalTest, UnknownStocksAreNamed) {
  give("ann", "pro");
  const auto error = post("ann", "/api/briefings/personalized", object{{"tickers", array{"AAPL", "NOPE", "1/2"}}}, 400);
  EXPECT_EQ(error.at("code"), "invalid_ticker");
  EXPECT_THAT(std::string(error.at("message").as_string()), ::testing::AllOf(HasSubstr("NOPE"), HasSubstr("1/2")));
}

TEST_F(PersonalTest, ARequestThatIsSentAgainFindsTheSameBriefing) {
  give("ann", "premium");
  give("bob", "premium");
  auto ask = [this](const std::string& who, const std::string& key, unsigned status = 200) {
    const auto reply = server.call(
        http::Method::post, "/briefings/api/briefings", R"({"tickers":["AAPL"]})",
        {{"Authorization", "Bearer " + who}, {"Content-Type", "application/json"}, {"Idempotency-Key", key}});
    EXPECT_EQ(reply.status, status) << reply.body;
    return status == 200 ? std::string(reply.json().at("data").at("briefing_id").as_string()) : "";
  };
  const std::string first = ask("ann", "a-key");
  EXPECT_EQ(ask("ann", "a-key"), first);
  EXPECT_NE(ask("ann", "another"), first);
  EXPECT_NE(ask("bob", "a-key"), first) << "keys are each listener's own";
  EXPECT_EQ(data("/api/subscription/status", 200, "ann").at("usage").at("briefings_today"), 2);
  ask("ann", std::string(256, 'k'), 400);
  ask("ann", "a key", 400);
}

TEST_F(PersonalTest, RequestsOfOneKeyAtTheSameTimeAreOne) {
  give("ann", "premium");
  auto ask = [this](this auto, std::string* id) -> Task<void> {
    const auto reply = co_await personal.request({.user_id = "ann", .idempotency_key = "k"}, {});
    *id = reply.briefing_id.value_or("none");
  };
  std::vector<std::string> ids(20);
  std::vector<Task<void>> all;
  for (auto& id : ids) all.push_back(ask(&id));
  on_loop(all_of(std::move(all)));
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 1U);
  EXPECT_EQ(data("/api/subscription/status", 200, "ann").at("usage").at("briefings_today"), 1);
}

TEST_F(PersonalTest, GreetsWhereAndAsTheListenerIs) {
  give("ann", "premium");
  jobs->call_by([](this auto, std::string user) -> Task<std::string> { co_return user == "ann" ? "Ann" : ""; });
  EXPECT_EQ(post("ann", "/api/briefings", object{{"time_zone", "Mars/Olympus"}}, 400).at("code"), "VALIDATION_ERROR");
  finish(asked("ann", {{"tickers", array{"AAPL"}}, {"time_zone", "Pacific/Kiritimati"}}));
  auto title_there = [this] { return personal_title(clock.now() + std::chrono::hours(14), {"AAPL"}); };
  const std::string before = title_there();
  const std::string again = asked("ann", {{"tickers", array{"AAPL"}}});
  EXPECT_EQ(on_loop(store.briefing(again))->time_zone, "Pacific/Kiritimati") << "as last said";
  finish(again);
  const auto briefing = data("/api/briefings/" + again, 200, "ann");
  EXPECT_THAT(std::string(briefing.at("transcript").as_string()), HasSubstr("Ann"));
  EXPECT_THAT(std::string(briefing.at("title").as_string()), AnyOf(before, title_there()));
}

TEST_F(PersonalTest, APlanCoversSoManyStocks) {
  give("ann", "premium");
  std::ofstream table(folder / "quotes.csv");
  table << "ticker,currency,price,previous_close,as_of\n";
  array tickers;
  for (char c = 'A'; c <= 'K'; ++c) {
    table << "X" << c << ",USD,1,1,2026-11-20T21:00:00Z\n";
    tickers.push_back(json::value(std::string("X") + c));
  }
  table.close();
  EXPECT_EQ(post("ann", "/api/briefings/personalized", object{{"tickers", tickers}}).at("status"), "upgrade_required");
  give("ann", "pro");
  EXPECT_EQ(post("ann", "/api/briefings/personalized", object{{"tickers", tickers}}).at("status"), "queued");
}

TEST_F(PersonalTest, DownloadsComeWithTheirChecksum) {
  give("ann", "premium");
  const std::string id = asked("ann");
  finish(id);
  const auto download = data("/api/briefings/" + id + "/download", 200, "ann");
  const auto file = server.get(path_of(download.at("audio_url")));
  EXPECT_EQ(download.at("file_size"), static_cast<std::int64_t>(file.body.size()));
  EXPECT_EQ(download.at("checksum"), crypto::to_hex(crypto::md5(file.body)).c_str());
  EXPECT_GT(*parse_iso8601(std::string_view(download.at("expires_at").as_string())),
            clock.now() + std::chrono::hours(23));
  // An edition is everybody's, but to keep it is not.
  EXPECT_EQ(data("/api/briefings/" + made() + "/download", 403, "bob").at("upgrade_url"), "app://upgrade");
}

TEST_F(PersonalTest, AVoiceOutsideOfThePlanIsRefused) {
  give("ann", "premium");
  const auto error = post("ann", "/api/briefings/personalized", object{{"voice", "nobody"}}, 400);
  EXPECT_EQ(error.at("code"), "VOICE_NOT_AVAILABLE");
  EXPECT_EQ(error.at("upgrade_url"), "app://upgrade");
}

TEST_F(PersonalTest, AFreeListenerHearsOneEditionADay) {
  const std::string first = made();
  EXPECT_EQ(data("/api/briefings/general/latest", 200, "ann").at("id"), first.c_str());
  // A newer one, for those who were not served yet and those who pay.
  BriefingRow newer = *on_loop(store.briefing(first));
  newer.id = new_uuid(clock);
  newer.slot = *newer.slot + kEditionEvery;
  newer.generated_at = clock.now();
  on_loop(publish(newer));
  give("pia", "premium");
  const auto anns = data("/api/briefings/general/latest", 200, "ann");
  EXPECT_EQ(anns.at("id"), first.c_str());
  EXPECT_EQ(anns.at("upgrade_url"), "app://upgrade");
  EXPECT_EQ(anns.at("next_update_at"), to_iso8601(*billing::end_of(billing::Period::day, clock.now())).c_str());
  for (const char* who : {"bob", "pia", ""})
    EXPECT_EQ(data("/api/briefings/general/latest", 200, who).at("id"), newer.id.c_str()) << who;
}

// ---- portfolio -------------------------------------------------------------------------------------

struct PortfolioTest : PersonalTest {
  json::value add(const std::string& who, object stock) { return post(who, "/api/portfolio/add", std::move(stock)); }
};

TEST_F(PortfolioTest, ShowsPricesAndToProProfitAndLoss) {
  give("ann", "pro");
  EXPECT_EQ(add("ann", {{"ticker", "aapl"}, {"shares", 10}, {"avg_cost", 150.25}}).at("success"), true);
  EXPECT_EQ(add("ann", {{"ticker", "TSLA"}, {"shares", 0.5}}).at("success"), true);
  const auto portfolio = data("/api/portfolio", 200, "ann");
  const auto& apple = portfolio.at("tickers").at(0);
  EXPECT_EQ(apple.at("company_name"), "Apple");
  EXPECT_EQ(apple.at("current_price"), 200.5);
  EXPECT_EQ(apple.at("change_percent"), 1.26);
  EXPECT_EQ(apple.at("p_l"), 502.5);
  EXPECT_FALSE(portfolio.at("tickers").at(1).as_object().contains("p_l"));
  EXPECT_EQ(portfolio.at("portfolio_value").to_number<double>(), 2155);
  EXPECT_EQ(portfolio.at("daily_change").to_number<double>(), 20);

  give("ann", "premium");
  const auto plain = data("/api/portfolio", 200, "ann");
  EXPECT_FALSE(plain.at("tickers").at(0).as_object().contains("p_l"));
  EXPECT_FALSE(plain.as_object().contains("portfolio_value"));
}

TEST_F(PortfolioTest, AddsUpOnlyOneCurrency) {
  std::ofstream(folder / "quotes.csv") << "ticker,currency,price,previous_close,as_of\n"
                                          "AAPL,USD,200,100,2026-11-20T21:00:00Z\n"
                                          "SAP,EUR,200,100,2026-11-20T21:00:00Z\n";
  give("ann", "pro");
  add("ann", {{"ticker", "AAPL"}, {"shares", 1}});
  EXPECT_EQ(data("/api/portfolio", 200, "ann").at("portfolio_value").to_number<double>(), 200);
  add("ann", {{"ticker", "SAP"}, {"shares", 1}});
  EXPECT_FALSE(data("/api/portfolio", 200, "ann").as_object().contains("portfolio_value"));
}

TEST_F(PortfolioTest, IsNoneOfTheFreePlan) {
  EXPECT_FALSE(data("/api/portfolio", 200, "ann").as_object().contains("tickers"));
  const auto reply = add("ann", {{"ticker", "AAPL"}});
  EXPECT_EQ(reply.at("success"), false);
  EXPECT_EQ(reply.at("error"), "tier_limit");
  EXPECT_EQ(reply.at("upgrade_url"), "app://upgrade");
}

TEST_F(PortfolioTest, UnknownStocksAreRefused) {
  give("ann", "premium");
  EXPECT_EQ(add("ann", {{"ticker", "NOPE"}}).at("error"), "invalid_ticker");
  EXPECT_EQ(add("ann", {{"ticker", "a b"}}).at("error"), "invalid_ticker");
  post("ann", "/api/portfolio/add", object{{"ticker", "AAPL"}, {"shares", -1}}, 400);
}

TEST_F(PortfolioTest, AFollowedStockHoldsOnePlaceUntilItIsRemoved) {
  give("ann", "premium");
  for (int i = 0; i < 2; ++i) add("ann", {{"ticker", "AAPL"}});
  add("ann", {{"ticker", "TSLA"}});
  EXPECT_EQ(data("/api/subscription/status", 200, "ann").at("usage").at("stocks_used"), 2);
  call(http::Method::delete_, "ann", "/api/portfolio/aapl", object{}, 204);
  EXPECT_EQ(call(http::Method::delete_, "ann", "/api/portfolio/AAPL", object{}, 404).at("code"), "NOT_FOLLOWED");
  EXPECT_EQ(data("/api/subscription/status", 200, "ann").at("usage").at("stocks_used"), 1);
  finish(asked("ann"));
  const auto history = data("/api/briefings/personalized/history", 200, "ann");
  EXPECT_EQ(history.at("briefings").at(0).at("tickers_covered"), (array{"TSLA"}));
}

TEST(ValueOf, IsExactAndSaturates) {
  EXPECT_EQ(value_of(2'500'000, 10'000'000), 25'000'000);
  EXPECT_EQ(value_of(1'000'000'000'000'000, 1'000'000'000'000'000), std::numeric_limits<std::int64_t>::max());
}

}  // namespace
}  // namespace odeon::briefings
