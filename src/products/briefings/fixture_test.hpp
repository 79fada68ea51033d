// The product as its app uses it: real database, queue, storage and production; a tone for a voice and
// feed files for news.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/use_future.hpp>
#include <fstream>

#include "engine/coordination/coordination.hpp"
#include "engine/media/feeds/private_feed_store.hpp"
#include "engine/notify/folder.hpp"
#include "engine/storage/files.hpp"
#include "products/briefings/account.hpp"
#include "products/briefings/alerts.hpp"
#include "products/briefings/analytics.hpp"
#include "products/briefings/devices.hpp"
#include "products/briefings/editions.hpp"
#include "products/briefings/jobs.hpp"
#include "products/briefings/personal.hpp"
#include "products/briefings/portfolio.hpp"
#include "products/briefings/private_feed.hpp"
#include "products/briefings/schedules.hpp"
#include "products/briefings/webhooks.hpp"
#include "testing/database.hpp"
#include "testing/http.hpp"
#include "testing/kept_calls.hpp"
#include "testing/scratch.hpp"
#include "testing/voice.hpp"

namespace odeon::briefings {

inline Task<Fetched> no_network(std::string, std::string, std::string) {
  throw Error(Fault::unavailable, "REFUSED", "no network here");
  co_return Fetched{};
}

class BriefingsTest : public ::testing::Test {
 protected:
  void open(std::vector<std::string> feeds, double target_seconds = 60) {
    std::ofstream(folder / "quotes.csv") << "ticker,company,sector,currency,price,previous_close,as_of\n"
                                            "AAPL,Apple,Technology,USD,200.50,198.00,2026-11-20T21:00:00Z\n"
                                            "TSLA,Tesla,Automobiles,USD,300,310,2026-11-20T21:00:00Z\n"
                                            "MSFT,Microsoft,Technology,USD,400,400,2026-11-20T21:00:00Z\n";
    auto migrations = jobs::migrations();
    std::ranges::move(billing::migrations(), std::back_inserter(migrations));
    std::ranges::move(notify::migrations(), std::back_inserter(migrations));
    std::ranges::move(feeds::migrations(), std::back_inserter(migrations));
    std::ranges::move(briefings::migrations(), std::back_inserter(migrations));
    run_task(database::migrate(*database, migrations, clock));
    gateway.add(std::make_unique<testing::ToneVoice>());
    editions.emplace(store, playback, *coordination, gateway, subscriptions, clock, !feeds.empty());
    jobs.emplace(*database, store, queue, *storage, *coordination, subscriptions, allowances, producer, clock,
                 Order{.feeds = std::move(feeds), .target_seconds = target_seconds});
    auto api = std::make_unique<http::Api>("briefings", "Briefings", std::make_unique<EnvelopeFormat>());
    editions->mount(*api);
    playback.mount(*api);
    account.mount(*api);
    portfolios.mount(*api);
    personal.mount(*api);
    schedules.mount(*api);
    analytics.mount(*api);
    private_feed.mount(*api);
    alerts.mount(*api);
    devices.mount(*api);
    webhook_desk.mount(*api);
    server.add(std::move(api));
    announce_ready();
    jobs->install(worker);
    push.install(worker);
    webhooks.install(worker);
    schedules.install(worker);
    alerts.install(worker);
    loops.start();
  }

  void announce_ready() {
    jobs->on_ready([this](this auto, database::Transaction& transaction, BriefingRow briefing) -> Task<void> {
      co_await devices.briefing_ready(transaction, briefing.user_id, briefing.id);
      co_await ready_webhooks.briefing_ready(transaction, std::move(briefing));
    });
  }

  ~BriefingsTest() override {
    if (working) on_loop(worker.stop());
    on_loop(database->close());
  }

  template <class T>
  T on_loop(Task<T> task) {
    return asio::co_spawn(loops[0], std::move(task), asio::use_future).get();
  }

  void work() {
    on_loop(worker.start());
    working = true;
  }

  // Runs the edition's job to its end.
  std::string made() {
    const std::string id = on_loop(jobs->request_current());
    finish(id);
    return id;
  }

  // What `who` is answered (empty: an anonymous caller): the data, or the error.
  json::value data(const std::string& target, unsigned status = 200, const std::string& who = "") {
    testing::HttpServer::HeaderList headers;
    if (!who.empty()) headers.emplace_back("Authorization", "Bearer " + who);
    const auto reply = server.get("/briefings" + target, std::move(headers));
    EXPECT_EQ(reply.status, status) << reply.body;
    return reply.json().at(status == 200 ? "data" : "error");
  }

  json::value call(http::Method method, const std::string& who, const std::string& target, json::value body,
                   unsigned status = 200) {
    const auto reply = server.call(method, "/briefings" + target, json::bj::serialize(body),
                                   {{"Authorization", "Bearer " + who}, {"Content-Type", "application/json"}});
    EXPECT_EQ(reply.status, status) << reply.body;
    if (reply.body.empty()) return {};
    return reply.json().at(status < 300 ? "data" : "error");
  }
  json::value post(const std::string& who, const std::string& target, json::value body, unsigned status = 200) {
    return call(http::Method::post, who, target, std::move(body), status);
  }

  void give(const std::string& who, const std::string& plan) {
    run_task(subscriptions.set_plan(who, std::string(kProduct), plan));
  }
  // Waits until the job of a briefing has ended.
  void finish(const std::string& id) {
    if (!working) work();
    const auto row = on_loop(store.briefing(id));
    auto ignore = [](this auto, const jobs::Progress&) -> Task<bool> { co_return true; };
    on_loop(queue.watch(row->job_id, ignore));
  }

  static std::vector<std::string> example_feeds() {
    const std::string folder = ODEON_SOURCE_DIR "/examples/feeds/";
    return {folder + "meridian-wire.xml", folder + "ledger-daily.xml", folder + "harbour-street.xml",
            folder + "broken.xml", folder + "no-such-file.xml"};
  }

  testing::ScratchFolder folder;
  SystemClock clock;
  Log log{Log::Level::off};
  Metrics metrics;
  ThreadPool pool{2};
  Loops loops{1};
  std::unique_ptr<database::Database> database = testing::open_database(folder);
  std::unique_ptr<coordination::Coordination> coordination = coordination::open_memory({}, clock);
  storage::FileSigner signer{std::string(32, 's'), clock};
  std::unique_ptr<storage::Storage> storage = storage::open_files(folder / "objects", pool, signer, clock);
  jobs::Queue queue{*database, *coordination, clock};
  testing::KeptCalls meter;
  ai::Gateway gateway{clock, log, metrics, meter};
  billing::Plans plans = billing::Plans::standard();
  billing::Subscriptions subscriptions{*database, plans, clock};
  billing::Allowances allowances{*database, subscriptions, clock};
  Store store{*database};
  Playback playback{store, queue, *storage, signer, subscriptions, clock};
  VoiceChoice voices{gateway, ""};
  Account account{store, voices, subscriptions, allowances, clock};
  testing::FakeClock wall;  // of what comes by itself, and of how old prices are
  Quotes quotes{folder / "quotes.csv", no_network, pool, wall, log};
  Portfolios portfolios{*database, store, quotes, subscriptions, allowances, clock};
  Personal personal{*database, store,         queue,      *coordination, playback, quotes,
                    voices,    subscriptions, allowances, pool,          clock};
  Schedules schedules{*database, queue, personal, subscriptions, allowances, pool, wall};
  PrivateFeed private_feed{*database, store, signer, subscriptions, std::string(32, 'f'), clock};
  Analytics analytics{*database, metrics, clock};
  notify::PushFolder carrier{folder / "push", pool, clock};
  notify::Push push{*database, queue, carrier, clock, log, metrics};
  Devices devices{push};
  notify::Webhooks webhooks{*database, queue, clock, log, metrics, {.allow_private = true}};
  notify::WebhookDesk webhook_desk{std::string(kProduct), kWebhookEvents, webhooks};
  ReadyWebhooks ready_webhooks{webhooks, playback, "https://odeon.test/briefings"};
  Newsroom newsroom{store, no_network, pool, clock, log};
  Finlight finlight{{}, {}, pool, clock, log};
  Alerts alerts{{*database, queue, *coordination, newsroom, quotes, push, subscriptions, pool, wall},
                {folder / "breaking.xml"}};
  Producer producer{newsroom, quotes, finlight, gateway, pool, log};
  jobs::Worker worker{queue, clock, log, metrics, {.backoff = std::chrono::milliseconds(1)}};
  bool working = false;
  std::optional<Editions> editions;
  std::optional<BriefingJobs> jobs;
  testing::HttpServer server;
};

}  // namespace odeon::briefings
