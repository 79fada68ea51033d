#include "engine/privacy/erasure.hpp"

#include <gmock/gmock.h>

#include "engine/privacy/fixture_test.hpp"

namespace odeon::privacy {
namespace {

using ::testing::ElementsAre;

struct Listen {
  static constexpr std::string_view kind = "chat.listen";
  std::string what;
};
BOOST_DESCRIBE_STRUCT(Listen, (), (what))

struct Read {
  static constexpr std::string_view kind = "podcasts.read";
};
BOOST_DESCRIBE_STRUCT(Read, (), ())

struct PrivacyErasureTest : PrivacyTest {
  PrivacyErasureTest() {
    diary.pages = {{"ann", "Dear diary"}, {"bob", "also dear"}};
    on_loop(storage::put(*storage, "diary/ann", "la la", {}));
    on_loop(storage::put(*storage, "diary/bob", "lo lo", {}));
    erasures.install(worker);
  }
  ~PrivacyErasureTest() override {
    if (working) on_loop(worker.stop());
  }

  Task<void> suspend(std::string user_id) {
    suspended.push_back(std::move(user_id));
    co_return;
  }
  Receipt done(std::string id) {
    on_loop(worker.start());
    working = true;
    const auto job = on_loop(database->query<std::string>("SELECT id FROM jobs WHERE kind = 'privacy.erase'"));
    auto ignore = [](this auto, const jobs::Progress&) -> Task<bool> { co_return true; };
    on_loop(queue.watch(job.at(0), ignore));
    return on_loop(erasures.receipt(std::move(id))).value();
  }
  template <class Job>
  Task<void> enqueue(std::string lane, Job job) {
    auto transaction = co_await database->begin();
    co_await queue.enqueue(*transaction, job, {.lane = lane});
    co_await transaction->commit();
  }
  std::int64_t jobs_of(const std::string& lane) {
    return *on_loop(
        database->find<std::int64_t>("SELECT COUNT(*) FROM jobs WHERE lane = $1 AND ended_at IS NULL", lane));
  }

  std::vector<std::string> suspended;
  bool working = false;
  jobs::Worker worker{queue, clock, log, metrics, {.backoff = std::chrono::milliseconds(1)}};
  Erasures erasures{*database,
                    queue,
                    audit,
                    {&diary},
                    [this](std::string user_id) { return suspend(std::move(user_id)); },
                    clock,
                    std::chrono::seconds(0)};
};

TEST_F(PrivacyErasureTest, LeavesAReceiptAndNothingElse) {
  on_loop(consents.decide(*database, "ann", "chat", "voice_logs", true, "2026-11"));
  on_loop(enqueue("ann", Listen{"to ann"}));
  on_loop(enqueue("bob", Listen{"to bob"}));
  const auto asked = on_loop(erasures.request({"ann"}));
  EXPECT_FALSE(asked.completed_at);
  EXPECT_THAT(suspended, ElementsAre("ann"));
  EXPECT_EQ(jobs_of("ann"), 0) << "what waited is cancelled at once";

  const auto receipt = done(asked.id);
  ASSERT_TRUE(receipt.completed_at);
  ASSERT_EQ(receipt.rooms.size(), 3U);
  EXPECT_EQ(receipt.rooms[0].room, "diary");
  EXPECT_EQ(receipt.rooms[0].rows, 1);
  EXPECT_EQ(receipt.rooms[0].objects, 1);
  EXPECT_EQ(receipt.rooms[1].rows, 1) << "the consent";
  EXPECT_EQ(receipt.rooms[2].rows, 1) << "the job";
  EXPECT_FALSE(diary.pages.contains("ann"));
  EXPECT_FALSE(on_loop(storage->stat("diary/ann")));
  EXPECT_EQ(diary.pages["bob"], "also dear");
  EXPECT_TRUE(on_loop(storage->stat("diary/bob")));
  EXPECT_EQ(jobs_of("bob"), 1);
  EXPECT_THAT(actions("ann"), ElementsAre("erased", "erasure_requested"));
  EXPECT_EQ(*on_loop(database->find<std::string>("SELECT user_id FROM privacy_erasures")), "");
}

TEST_F(PrivacyErasureTest, OfOneProductLeavesTheAccountAndTheOthers) {
  on_loop(consents.decide(*database, "ann", "chat", "voice_logs", true, "2026-11"));
  on_loop(consents.decide(*database, "ann", "podcasts", "statistics", true, "2026-11"));
  on_loop(enqueue("ann", Listen{}));
  on_loop(enqueue("ann", Read{}));
  done(on_loop(erasures.request({"ann", "chat"})).id);
  EXPECT_TRUE(suspended.empty());
  EXPECT_THAT(diary.extents, ElementsAre("chat"));
  EXPECT_EQ(jobs_of("ann"), 1);
  EXPECT_FALSE(on_loop(consents.granted("ann", "chat", "voice_logs")));
  EXPECT_TRUE(on_loop(consents.granted("ann", "podcasts", "statistics")));
}

TEST_F(PrivacyErasureTest, ARoomThatIsAwayIsAskedUntilItHasForgotten) {
  diary.failures = 5;
  const auto receipt = done(on_loop(erasures.request({"ann"})).id);
  EXPECT_TRUE(receipt.completed_at);
  EXPECT_FALSE(diary.pages.contains("ann"));
  EXPECT_EQ(diary.extents.size(), 6U);
}

TEST_F(PrivacyErasureTest, AskedTwiceItIsOne) {
  const auto first = on_loop(erasures.request({"ann"})), second = on_loop(erasures.request({"ann"}));
  EXPECT_EQ(first.id, second.id);
  EXPECT_NE(on_loop(erasures.request({"ann", "chat"})).id, first.id);
  EXPECT_FALSE(on_loop(erasures.receipt("no-such-receipt")));
}

TEST_F(PrivacyErasureTest, ItsReceiptIsSentAndTheAddressForgotten) {
  std::vector<std::string> sent;
  erasures.sent_by([&sent](this auto, database::Transaction&, std::string mail, Receipt receipt) -> Task<void> {
    sent.push_back(mail + " " + receipt.id + (receipt.completed_at ? " done" : " not done"));
    co_return;
  });
  const auto receipt = done(on_loop(erasures.request({.user_id = "ann", .mail = "ann@example.com"})).id);
  EXPECT_THAT(sent, ElementsAre("ann@example.com " + receipt.id + " done"));
  EXPECT_EQ(*on_loop(database->find<std::string>("SELECT mail FROM privacy_erasures")), "");
}

TEST_F(PrivacyErasureTest, WhoThinksItOverIsKeptUntilThen) {
  std::vector<std::string> waiting;
  erasures.on_waiting([&waiting](this auto, std::string user_id) -> Task<void> {
    waiting.push_back(std::move(user_id));
    co_return;
  });
  const auto asked = on_loop(erasures.request({.user_id = "ann", .wait = std::chrono::days(3)}));
  EXPECT_EQ(asked.due_at, asked.requested_at + std::chrono::days(3));
  EXPECT_THAT(suspended, ElementsAre("ann"));
  EXPECT_THAT(waiting, ElementsAre("ann"));
  EXPECT_EQ(*on_loop(database->find<Instant>("SELECT run_at FROM jobs WHERE kind = 'privacy.erase'")), asked.due_at);
  EXPECT_TRUE(diary.pages.contains("ann"));
  EXPECT_FALSE(on_loop(erasures.withdraw("bob")));
  EXPECT_TRUE(on_loop(erasures.withdraw("ann")));
  EXPECT_FALSE(on_loop(erasures.withdraw("ann")));
  EXPECT_FALSE(on_loop(erasures.receipt(asked.id)));
  EXPECT_THAT(actions("ann"), ElementsAre("erasure_withdrawn", "erasure_requested"));
  on_loop(database->execute("UPDATE jobs SET run_at = 0 WHERE kind = 'privacy.erase'"));
  on_loop(worker.start());
  working = true;
  const auto job = on_loop(database->query<std::string>("SELECT id FROM jobs WHERE kind = 'privacy.erase'"));
  on_loop(queue.watch(job.at(0), [](this auto, const jobs::Progress&) -> Task<bool> { co_return true; }));
  EXPECT_TRUE(diary.pages.contains("ann")) << "there is nothing left to do";
}

TEST_F(PrivacyErasureTest, WhatHasBegunIsNotWithdrawn) {
  const auto asked = on_loop(erasures.request({"ann"}));
  EXPECT_FALSE(on_loop(erasures.withdraw("ann")));
  EXPECT_TRUE(on_loop(erasures.receipt(asked.id)));
}

TEST_F(PrivacyErasureTest, TheAuditTrailGoesWhenItIsOld) {
  auto at = [&](std::chrono::seconds ago) { return clock.now() - ago; };
  on_loop(audit.record(*database, {.user_id = "ann", .action = "old"}));
  EXPECT_EQ(on_loop(audit.prune(at(std::chrono::seconds(60)))), 0);
  EXPECT_EQ(actions("ann"), std::vector<std::string>{"old"});
  EXPECT_EQ(on_loop(audit.prune(at(std::chrono::seconds(-60)))), 1);
  EXPECT_EQ(actions("ann"), std::vector<std::string>());
}

}  // namespace
}  // namespace odeon::privacy
