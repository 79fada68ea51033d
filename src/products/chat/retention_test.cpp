#include "products/chat/retention.hpp"

#include "products/chat/house_test.hpp"
#include "products/chat/leftovers.hpp"

namespace odeon::chat {
namespace {

using std::chrono::days;

struct RetentionTest : ChatHouse {
  RetentionTest() { model("openai/gpt-4o-mini", {says("Yes."), ends()}); }
  Reply choose(const std::string& token, json::value retention) {
    return call(http::Method::patch, "/api/user/settings", {{"retention_days", std::move(retention)}}, token);
  }
  std::size_t kept(const std::string& mail) {
    return run_task(store::conversations(*database, ids.at(mail), Instant::max(), "", 100)).size();
  }
};

TEST_F(RetentionTest, IsChosen) {
  const auto token = join();
  EXPECT_EQ(get("/api/user/settings", token).at("retention_days"), 90);
  EXPECT_EQ(get("/api/user/settings", token).at("retention_is_default"), true);
  EXPECT_EQ(choose(token, 30).at("retention_days"), 30);
  EXPECT_EQ(call(http::Method::patch, "/api/user/settings", json::object(), token).at("retention_days"), 30);
  EXPECT_EQ(get("/api/user/settings", token).at("retention_is_default"), false);
  for (const json::value& wrong :
       {json::value(0), json::value(3651), json::value("30"), json::value(1.5), json::value(true)})
    EXPECT_EQ(choose(token, wrong).status, 400) << json::write(wrong);
  EXPECT_EQ(choose(token, nullptr).at("retention_days"), 90);
  EXPECT_EQ(get("/api/user/settings").status, 401);
}

TEST_F(RetentionTest, DeletesWhatNobodyWroteInForSoLong) {
  const auto ada = join(), bob = join("bob@example.com"), eve = join("eve@example.com");
  choose(bob, 10);
  choose(eve, 3650);
  const auto id = text(ask(ada, {{"text", "Ada's."}}).at("conversation_id"));
  ask(bob, {{"text", "Bob's."}});
  ask(eve, {{"text", "Eve's."}});
  clock.advance(days(10));
  EXPECT_EQ(run_task(retention.tidy()), 0) << "to the day";
  clock.advance(std::chrono::microseconds(1));
  EXPECT_EQ(run_task(retention.tidy()), 1);
  EXPECT_EQ(kept("bob@example.com"), 0U);
  EXPECT_TRUE(run_task(database->query<std::string>("SELECT id FROM chat_messages WHERE words = 'bob''s.'")).empty());
  clock.advance(days(75));
  run_task(subscriptions.set_plan(ids.at("ada@example.com"), product, "pro"));
  EXPECT_EQ(ask(run_task(door.sign_in("ada@example.com", "Correct horse 1", "127.0.0.1")).tokens.access_token,
                {{"text", "Still here."}, {"conversation_id", id}})
                .status,
            200);
  clock.advance(days(89));
  EXPECT_EQ(run_task(retention.tidy()), 0) << "counted from the last message";
  clock.advance(days(2));
  EXPECT_EQ(run_task(retention.tidy()), 1);
  EXPECT_EQ(kept("ada@example.com"), 0U);
  EXPECT_EQ(kept("eve@example.com"), 1U);
}

TEST_F(RetentionTest, DeletesWhatWasMadeOutsideOfConversationsAsWell) {
  const auto ada = join(), bob = join("bob@example.com");
  choose(bob, 10);
  const auto talk = text(ask(ada, {{"text", "Hello."}}).at("conversation_id"));
  const auto make = [&](const std::string& mail, const char* id, std::optional<std::string> conversation) {
    run_task([](RetentionTest& test, CreationRow row) -> Task<void> {
      co_await storage::put(test.storage, creation_folder(row.id) + "1.png", "picture", {});
      auto tx = co_await test.database->begin();
      static_cast<void>(co_await store::add(*tx, std::move(row)));
      co_await tx->commit();
    }(*this, {.id = id,
              .user_id = ids.at(mail),
              .conversation_id = std::move(conversation),
              .status = CreationStatus::ready,
              .created_at = clock.now()}));
  };
  make("ada@example.com", "1", std::nullopt);
  make("ada@example.com", "2", talk);
  make("bob@example.com", "3", std::nullopt);
  const auto left = [&] {
    run_task(sweep_leftovers(*database, storage, clock.now()));
    std::string ids;
    for (const auto& key : objects()) ids += key.substr(creation_folder("").size() - 1, 1);
    return ids;
  };
  clock.advance(days(11));
  EXPECT_EQ(run_task(retention.tidy()), 1);
  EXPECT_EQ(left(), "12");
  clock.advance(days(78));
  EXPECT_EQ(run_task(retention.tidy()), 0);
  clock.advance(days(2));
  EXPECT_EQ(run_task(retention.tidy()), 2) << "the conversation, too";
  EXPECT_EQ(left(), "");
}

TEST_F(RetentionTest, GivesBackWhatADeadServerLeftUnanswered) {
  const auto token = join();
  run_task([](RetentionTest& test) -> Task<void> {
    static_cast<void>(co_await test.asking.put(test.ids.at("ada@example.com"), "Hello?", std::nullopt));
    const auto asked = co_await test.asking.put(test.ids.at("ada@example.com"), "And now?", std::nullopt);
    auto tx = co_await test.database->begin();
    co_await store::add(*tx, MessageRow{.id = "answer",
                                        .conversation_id = asked.conversation_id,
                                        .parent_id = asked.question_id,
                                        .role = Role::assistant,
                                        .created_at = test.clock.now()});
    co_await tx->commit();
  }(*this));
  run_task(retention.tidy());
  const auto state = [&] { return run_task(allowances.of(ids.at("ada@example.com"), product, kConversations)); };
  EXPECT_EQ(state().reserved, 2) << "they may still be under way";
  clock.advance(std::chrono::hours(2));
  run_task(retention.tidy());
  EXPECT_EQ(state().reserved, 0);
  EXPECT_EQ(state().used, 1) << "only what was answered counts";
}

TEST_F(RetentionTest, GivesBackAllOfItInOneNight) {
  run_task([](RetentionTest& test) -> Task<void> {
    auto tx = co_await test.database->begin();
    for (int i = 0; i < 250; ++i)
      co_await store::add(*tx, ConversationRow{.id = std::to_string(i),
                                               .user_id = "somebody",
                                               .reservation = "reservation-" + std::to_string(i),
                                               .created_at = test.clock.now(),
                                               .updated_at = test.clock.now()});
    co_await tx->commit();
  }(*this));
  clock.advance(std::chrono::hours(2));
  run_task(retention.tidy());
  EXPECT_TRUE(run_task(store::held_since(*database, clock.now(), 1000)).empty());
}

TEST_F(RetentionTest, IsAJob) {
  const auto token = join();
  ask(token, {{"text", "Old."}});
  clock.advance(days(91));
  run_task(with_timeout(std::chrono::seconds(60), [](RetentionTest& test) -> Task<void> {
    jobs::Worker worker{test.queue, test.clock, test.log, test.metrics, {}};
    test.retention.install(worker);
    co_await worker.start();
    auto tx = co_await test.database->begin();
    const auto job = co_await test.queue.enqueue(*tx, DeleteAged{});
    co_await tx->commit();
    co_await test.queue.watch(job.id, [](this auto, const jobs::Progress&) -> Task<bool> { co_return true; });
    co_await worker.stop();
  }(*this)));
  EXPECT_EQ(kept("ada@example.com"), 0U);
}

}  // namespace
}  // namespace odeon::chat
