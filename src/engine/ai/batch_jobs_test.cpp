// Batches as jobs keep them (batch.hpp): handed over, looked after and collected, whoever dies in between.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "engine/ai/gateway.hpp"
#include "engine/jobs/queue.hpp"
#include "engine/jobs/worker.hpp"
#include "testing/clock.hpp"
#include "testing/database.hpp"
#include "testing/scratch.hpp"

namespace odeon::ai {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

struct AskLater {
  static constexpr std::string_view kind = "house.ask_later";
  std::vector<std::string> questions;
};
BOOST_DESCRIBE_STRUCT(AskLater, (), (questions))

struct CollectLater {
  static constexpr std::string_view kind = "house.collect_later";
  BatchTicket ticket;
};
BOOST_DESCRIBE_STRUCT(CollectLater, (), (ticket))

// What outlives the process: the provider, the books, what was held.
struct World {
  std::vector<std::vector<TextRequest>> batches;
  bool ended = false;
  int looks = 0;
  std::map<std::string, NanoUsd> booked;  // by the call's name
  std::set<std::string> held;
  NanoUsd spent = 0;
  bool stored = false;
  int unlucky = 0;  // so many results are lost before they are stored
};

class WorldBatcher final : public BatchModel {
 public:
  explicit WorldBatcher(World& world) : world_(world) {}
  std::string name() const override { return "a/one"; }
  Task<std::string> submit(std::vector<TextRequest> requests) override {
    world_.batches.push_back(std::move(requests));
    co_return "batch_1";
  }
  Task<BatchLook> look(BatchTicket ticket) override {
    ++world_.looks;
    if (!world_.ended) co_return BatchLook{};
    std::vector<BatchAnswer> answers;
    for (const auto& request : world_.batches.at(0))
      answers.emplace_back(TextReply::of("echo " + request.messages.front().text(), "", {.output_tokens = 3}));
    co_return BatchLook{ticket.entries.size(), std::move(answers)};
  }
  Task<void> cancel(std::string) override { co_return; }

 private:
  World& world_;
};

class Books final : public Meter, public Budgets {
 public:
  explicit Books(World& world) : world_(world) {}
  Task<void> record(Metered call) override {
    if (call.usage.anything()) world_.booked.emplace(call.id, call.cost);
    co_return;
  }
  Task<std::string> reserve(Payer, NanoUsd) override {
    world_.held.insert("r1");
    co_return "r1";
  }
  Task<void> settle(std::string id, NanoUsd cost) override {
    if (world_.held.erase(id) == 1) world_.spent += cost;
    co_return;
  }

 private:
  World& world_;
};

constexpr std::string_view kOneOffer = R"(
[[model]]
name = "brief"
price = { input = 1_000, output = 2_000 }
offer = [{ provider = "a", id = "one", batch = 50 }]
)";

// One process, of several one after the other.
class Process {
 public:
  Process(World& world, database::Database& database, Clock& clock)
      : world_(world), database_(database), clock_(clock), books_(world) {
    gateway_.add(std::make_unique<WorldBatcher>(world));
    worker.handle<AskLater>([this](AskLater payload, jobs::Job& job) { return ask(std::move(payload), job); });
    worker.handle<CollectLater>(
        [this](CollectLater payload, jobs::Job& job) { return collect(std::move(payload), job); });
  }

 private:
  Task<void> ask(AskLater payload, jobs::Job& job) {
    std::vector<TextRequest> requests;
    for (const auto& question : payload.questions)
      requests.push_back({.task = "house.later",
                          .messages = {{MessageRole::user, question}},
                          .payer = {.user_id = "anna", .product = "chat"}});
    CollectLater next{co_await gateway_.submit_batch(std::move(requests))};
    auto tx = co_await database_.begin();
    co_await later(*tx, std::move(next));
    co_await job.complete(*tx);
    co_await tx->commit();
  }
  Task<void> collect(CollectLater payload, jobs::Job& job) {
    const auto look = co_await gateway_.collect_batch(payload.ticket);
    if (look.answers && world_.unlucky-- > 0) throw std::runtime_error("the disk is full");
    auto tx = co_await database_.begin();
    if (!look.answers) {
      co_await later(*tx, std::move(payload));
    } else {
      for (const auto& answer : *look.answers)
        co_await tx->execute("INSERT INTO answers (said) VALUES ($1)", answer->text());
    }
    co_await job.complete(*tx);
    co_await tx->commit();
    world_.stored = look.answers.has_value();
  }
  Task<void> later(database::Transaction& tx, CollectLater job) {
    const Instant when = clock_.now() + until_next_look(job.ticket, clock_.now());
    co_await queue.enqueue(tx, std::move(job), {.run_at = when});
  }

  World& world_;
  database::Database& database_;
  Clock& clock_;
  Log log_{Log::Level::off};
  Metrics metrics_;
  Books books_;
  Gateway gateway_{clock_, log_, metrics_, books_,
                   GatewayOptions{.catalogue = Catalogue::from_toml(kOneOffer), .budgets = &books_}};
  std::unique_ptr<coordination::Coordination> coordination_ = coordination::open_memory({}, clock_);

 public:
  jobs::Queue queue{database_, *coordination_, clock_};
  jobs::Worker worker{queue, clock_, log_, metrics_, {}};
};

// Lets time go by whenever nothing is at work.
Task<void> until(database::Database& database, odeon::testing::FakeClock& clock, std::function<bool()> holds) {
  while (!holds()) {
    const auto at_work =
        co_await database.find<std::int64_t>("SELECT COUNT(*) FROM jobs WHERE state IN ('ready', 'running')");
    if (at_work == 0) clock.advance(1min);
    co_await asio::post(asio::use_awaitable);
  }
}

TEST(BatchJobs, OutliveTheirProcessesAndPayOnce) {
  odeon::testing::ScratchFolder folder;
  odeon::testing::FakeClock clock;
  const auto database = odeon::testing::open_database(folder);
  World world;
  world.unlucky = 1;
  const auto play = [](World& world, database::Database& database, odeon::testing::FakeClock& clock) -> Task<void> {
    static_cast<void>(co_await database::migrate(database, jobs::migrations(), clock));
    co_await database.execute("CREATE TABLE answers (said TEXT NOT NULL)");
    {
      Process first(world, database, clock);
      auto tx = co_await database.begin();
      co_await first.queue.enqueue(*tx, AskLater{{"one", "two"}});
      co_await tx->commit();
      co_await first.worker.start();
      co_await until(database, clock, [&] { return world.looks == 1; });
      co_await first.worker.stop();
    }
    Process second(world, database, clock);
    co_await second.worker.start();
    co_await until(database, clock, [&] { return world.looks == 3; });
    world.ended = true;
    co_await until(database, clock, [&] { return world.stored; });
    co_await second.worker.stop();
    EXPECT_THAT(co_await database.query<std::string>("SELECT said FROM answers ORDER BY said"),
                ElementsAre("echo one", "echo two"));
  };
  run_task(play(world, *database, clock));
  EXPECT_EQ(world.batches.size(), 1U);
  // Their answers came twice: the first time they were lost before they were stored.
  EXPECT_GE(world.looks, 5);
  EXPECT_LT(world.unlucky, 0);
  // Two answers of 3 tokens, at half of 2 thousandths of a dollar each.
  EXPECT_EQ(world.booked.size(), 2U);
  EXPECT_EQ(world.spent, 2 * 3 * 1'000'000);
  EXPECT_TRUE(world.held.empty());
}

}  // namespace
}  // namespace odeon::ai
