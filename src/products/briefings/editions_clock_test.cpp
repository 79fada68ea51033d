// Editions by the clock: a new one at 0, 4, 8 … o'clock, whatever asks for it.
#include <gtest/gtest.h>

#include "engine/coordination/coordination.hpp"
#include "engine/storage/files.hpp"
#include "products/briefings/jobs.hpp"
#include "testing/clock.hpp"
#include "testing/database.hpp"
#include "testing/kept_calls.hpp"
#include "testing/scratch.hpp"
#include "testing/voice.hpp"

namespace odeon::briefings {
namespace {

Task<Fetched> no_network(std::string, std::string, std::string) {
  throw Error(Fault::unavailable, "REFUSED", "no network here");
  co_return Fetched{};
}
Task<CallReply> no_calls(CallRequest) {
  throw Error(Fault::unavailable, "REFUSED", "no network here");
  co_return CallReply{};
}

// What a server needs to make editions, with a clock that stands still.
struct Desk {
  Desk() {
    auto migrations = jobs::migrations();
    std::ranges::move(billing::migrations(), std::back_inserter(migrations));
    std::ranges::move(briefings::migrations(), std::back_inserter(migrations));
    run_task(database::migrate(*database, migrations, clock));
    gateway.add(std::make_unique<testing::ToneVoice>());
    jobs.install(worker);
  }
  ~Desk() { run_task(database->close()); }

  // Moves the clock to `when` and waits until the edition of that hour is ready.
  Task<BriefingRow> edition_at(Instant when) {
    clock.advance(when - clock.now());
    for (;;) {
      auto row = co_await store.edition_of_slot(*database, when);
      if (row && row->status == Status::ready) co_return *row;
    }
  }
  Task<std::int64_t> editions() {
    co_return (co_await database->find<std::int64_t>("SELECT count(*) FROM briefings_briefings")).value();
  }

  testing::ScratchFolder folder;
  testing::FakeClock clock;
  Log log{Log::Level::off};
  Metrics metrics;
  ThreadPool pool{2};
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
  Newsroom newsroom{store, no_network, pool, clock, log};
  Quotes quotes{"", no_network, pool, clock, log};
  Finlight finlight{{}, no_calls, pool, clock, log};
  Producer producer{newsroom, quotes, finlight, gateway, pool, log};
  BriefingJobs jobs{
      *database,     store,
      queue,         *storage,
      *coordination, subscriptions,
      allowances,    producer,
      clock,         {.feeds = {ODEON_SOURCE_DIR "/examples/feeds/meridian-wire.xml"}, .target_seconds = 20}};
  jobs::Worker worker{queue, clock, log, metrics, {}};
};

// `desk` stays beside its coroutine: it is used on this loop alone.
Task<void> two_editions(Desk& desk) {
  const auto at = [](const char* time) { return *parse_iso8601(time); };
  desk.clock.advance(at("2026-11-21T03:59:00Z") - desk.clock.now());
  co_await desk.worker.start();
  // Without somebody who asks nothing is made before its time.
  while (
      !co_await desk.database->find<Instant>("SELECT fired_at FROM jobs_schedules WHERE name = 'briefings.editions'"))
    continue;
  EXPECT_EQ(co_await desk.editions(), 0);

  const auto four = co_await desk.edition_at(at("2026-11-21T04:00:00Z"));
  const auto eight = co_await desk.edition_at(at("2026-11-21T08:00:00Z"));
  EXPECT_EQ(four.slot, at("2026-11-21T04:00:00Z"));
  EXPECT_EQ(eight.slot, at("2026-11-21T08:00:00Z"));
  EXPECT_EQ(four.created_at, at("2026-11-21T04:00:00Z"));
  EXPECT_EQ(eight.created_at, at("2026-11-21T08:00:00Z"));
  EXPECT_NE(four.id, eight.id);
  EXPECT_EQ(eight.title, "Market Update - 8AM");

  // Whoever asks between them gets the one there is.
  desk.clock.advance(std::chrono::hours(3));
  EXPECT_EQ(co_await desk.jobs.request_current(), eight.id);
  EXPECT_EQ(co_await desk.editions(), 2);
  co_await desk.worker.stop();
}

TEST(EditionsByTheClock, ComeAtFourAndAtEight) {
  Desk desk;
  run_task(with_timeout(std::chrono::seconds(120), two_editions(desk)));
}

}  // namespace
}  // namespace odeon::briefings
