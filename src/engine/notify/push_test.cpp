#include "engine/notify/push.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/error.hpp"
#include "engine/coordination/coordination.hpp"
#include "engine/notify/fixture_test.hpp"
#include "engine/notify/folder.hpp"
#include "testing/clock.hpp"
#include "testing/database.hpp"
#include "testing/scratch.hpp"

namespace odeon::notify {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

// A person's devices, a queue that works, and Expo as a test wants it.
class PushTest : public ::testing::Test {
 protected:
  PushTest() {
    auto tables = jobs::migrations();
    std::ranges::move(notify::migrations(), std::back_inserter(tables));
    run_task(database::migrate(*database, tables, clock));
    push.install(worker);
    loops.start();
    on_loop(worker.start());
  }
  ~PushTest() override {
    on_loop(worker.stop());
    on_loop(database->close());
  }

  template <class T>
  T on_loop(Task<T> task) {
    return asio::co_spawn(loops[0], std::move(task), asio::use_future).get();
  }
  static std::string token(const std::string& name) { return "ExponentPushToken[" + name + "]"; }
  void add(const std::string& who, const std::string& name, const std::string& product = "briefings") {
    on_loop(push.add({who, product, token(name), "ios"}));
    clock.advance(1s);
  }
  Task<std::vector<std::string>> send_once(std::string who, std::string key) {
    auto transaction = co_await database->begin();
    co_await push.send(*transaction, {who, "briefings", {"Ready!", "Listen", {{"briefing_id", key}}}, key});
    co_await transaction->commit();
    co_return co_await database->query<std::string>("SELECT id FROM jobs WHERE kind = 'notify.push'");
  }
  // Runs the message's job to its end and tells how it ended.
  jobs::State send(const std::string& who, const std::string& key = "k-1") {
    const auto ids = on_loop(send_once(who, key));
    return ids.empty() ? jobs::State::cancelled : ended(ids.back());
  }
  jobs::State ended(const std::string& id) {
    auto state = jobs::State::ready;
    auto look = [&state](this auto, const jobs::Progress& progress) -> Task<bool> {
      state = progress.state;
      co_return true;
    };
    on_loop(queue.watch(id, look));
    return state;
  }
  Task<std::string> enqueue_receipts() {
    auto transaction = co_await database->begin();
    const auto job = co_await queue.enqueue(*transaction, FetchReceipts{});
    co_await transaction->commit();
    co_return job.id;
  }
  jobs::State fetch_receipts() { return ended(on_loop(enqueue_receipts())); }
  std::vector<std::string> devices(const std::string& who) {
    return on_loop(
        database->query<std::string>("SELECT token FROM notify_push_tokens WHERE user_id = $1 ORDER BY token", who));
  }
  // Whom each request was for.
  std::vector<std::string> reached() {
    std::vector<std::string> all;
    for (const auto& request : expo_server.asked())
      if (request.path.ends_with("/send"))
        for (const auto& message : request.body.as_array()) all.emplace_back(message.at("to").as_string());
    return all;
  }

  testing::ScratchFolder folder;
  testing::FakeClock clock;
  SystemClock real_clock;
  Log log{Log::Level::off};
  Metrics metrics;
  Loops loops{1};
  std::unique_ptr<database::Database> database = testing::open_database(folder);
  std::unique_ptr<coordination::Coordination> coordination = coordination::open_memory({}, real_clock);
  jobs::Queue queue{*database, *coordination, real_clock};
  ExpoServer expo_server;
  http::Client client{http::ClientOptions{}};
  Expo expo{client, clock, {.base_url = expo_server.url()}};
  Push push{*database, queue, expo, clock, log, metrics};
  jobs::Worker worker{queue, real_clock, log, metrics, {.backoff = 1ms}};
};

TEST_F(PushTest, ReachesEveryDeviceOfAPersonAndNobodyElses) {
  add("ann", "phone");
  add("ann", "tablet");
  add("ann", "stories", "stories");
  add("bob", "bobs");
  EXPECT_EQ(send("ann"), jobs::State::completed);
  EXPECT_THAT(reached(), UnorderedElementsAre(token("phone"), token("tablet")));
  EXPECT_EQ(expo_server.asked().at(0).body.at(0).at("data").at("briefing_id"), "k-1");
}

TEST_F(PushTest, APersonWithoutDevicesCostsNothing) {
  EXPECT_EQ(send("ann"), jobs::State::cancelled);
  EXPECT_TRUE(expo_server.asked().empty());
}

TEST_F(PushTest, TwoOrdersOfOneKeyAreOneMessage) {
  add("ann", "phone");
  send("ann", "k-1");
  send("ann", "k-1");
  EXPECT_EQ(reached().size(), 1U);
}

TEST_F(PushTest, OnlyTokensAreDevices) {
  EXPECT_THROW(on_loop(push.add({"ann", "briefings", "fcm:abc", ""})), Error);
  EXPECT_THAT(devices("ann"), ElementsAre());
}

TEST_F(PushTest, ADeviceIsItsLastAccounts) {
  add("ann", "phone");
  add("bob", "phone");
  EXPECT_THAT(devices("ann"), ElementsAre());
  EXPECT_THAT(devices("bob"), ElementsAre(token("phone")));
  EXPECT_FALSE(on_loop(push.remove({"ann", "briefings", token("phone"), ""})));
  EXPECT_TRUE(on_loop(push.remove({"bob", "briefings", token("phone"), ""})));
  EXPECT_THAT(devices("bob"), ElementsAre());
}

TEST_F(PushTest, TheLongestUnseenDevicesMakeRoom) {
  for (int i = 0; i < Push::max_devices; ++i) add("ann", fmt::format("d{:02}", i));
  add("ann", "d00");  // seen again
  add("ann", "new");
  const auto kept = devices("ann");
  EXPECT_EQ(std::ssize(kept), Push::max_devices);
  EXPECT_EQ(std::ranges::count(kept, token("d00")), 1);
  EXPECT_EQ(std::ranges::count(kept, token("d01")), 0);
}

TEST_F(PushTest, DevicesThatAreGoneAreForgottenAndTheOthersReached) {
  for (const char* name : {"a", "b", "c"}) add("ann", name);
  expo_server.say(token("b"), ExpoServer::error("DeviceNotRegistered"));
  expo_server.say(token("c"), ExpoServer::error("InvalidCredentials"));
  EXPECT_EQ(send("ann"), jobs::State::completed);
  EXPECT_THAT(devices("ann"), ElementsAre(token("a"), token("c")));
}

TEST_F(PushTest, TriesAgainWithoutRepeatingItself) {
  for (const char* name : {"a", "b"}) add("ann", name);
  expo_server.say(token("b"), ExpoServer::error("MessageRateExceeded"));
  const auto ids = on_loop(send_once("ann", "k-1"));
  auto until_retry = [](this auto, const jobs::Progress& progress) -> Task<bool> { co_return progress.attempt < 2; };
  on_loop(queue.watch(ids.at(0), until_retry));
  expo_server.unsay(token("b"));
  EXPECT_EQ(ended(ids.at(0)), jobs::State::completed);
  EXPECT_EQ(std::ranges::count(reached(), token("a")), 1);
  EXPECT_GE(std::ranges::count(reached(), token("b")), 2);
}

TEST_F(PushTest, OutlastsAServiceThatIsAway) {
  add("ann", "phone");
  expo_server.misbehave(503, "text/html", "<html>down</html>");
  expo_server.misbehave(200, "text/html", "<html>portal</html>");
  EXPECT_EQ(send("ann"), jobs::State::completed);
  EXPECT_EQ(reached().size(), 3U);
}

TEST_F(PushTest, WhatItNeverTakesFailsForSomeoneToLookAt) {
  add("ann", "phone");
  expo_server.misbehave(401, "application/json", R"({"errors":[{"code":"UNAUTHORIZED"}]})");
  EXPECT_EQ(send("ann"), jobs::State::failed);
  EXPECT_EQ(on_loop(queue.failed(10)).size(), 1U);
}

TEST_F(PushTest, ReceiptsForgetDevicesThatWereNotSeenAgain) {
  for (const char* name : {"a", "b", "c", "d"}) add("ann", name);
  send("ann");
  EXPECT_EQ(fetch_receipts(), jobs::State::completed);
  EXPECT_EQ(expo_server.asked().size(), 1U) << "too early to ask";

  clock.advance(16min);
  add("ann", "c");
  for (const char* name : {"a", "b", "c"})
    expo_server.say("receipt-of-" + token(name), ExpoServer::error("DeviceNotRegistered"));
  expo_server.say("receipt-of-" + token("a"), json::object{{"status", "ok"}});
  fetch_receipts();
  EXPECT_THAT(devices("ann"), ElementsAre(token("a"), token("c"), token("d")));
  fetch_receipts();
  EXPECT_THAT(expo_server.asked().back().body.at("ids"), json::array{"receipt-of-" + token("d")})
      << "only what has not ended is asked for again";

  clock.advance(48h);
  const auto before = expo_server.asked().size();
  fetch_receipts();
  EXPECT_EQ(expo_server.asked().size(), before) << "a receipt is kept for a day";
}

// A hundred and more devices of one person cannot be registered; what is there all the same is sent in parts.
TEST_F(PushTest, SendsInBatches) {
  std::vector<std::tuple<std::string>> rows;
  for (int i = 0; i < 230; ++i) rows.emplace_back(token(fmt::format("d{}", i)));
  on_loop(
      database->execute_each("INSERT INTO notify_push_tokens (product, token, user_id, platform, created_at, "
                             "seen_at) VALUES ('briefings', $1, 'ann', '', 0, 0)",
                             rows));
  EXPECT_EQ(send("ann"), jobs::State::completed);
  std::vector<std::size_t> sizes;
  for (const auto& request : expo_server.asked()) sizes.push_back(request.body.as_array().size());
  EXPECT_THAT(sizes, ElementsAre(100, 100, 30));
}

TEST(PushFolder, KeepsMessagesInTheOrderTheyWereSent) {
  const testing::ScratchFolder folder;
  testing::FakeClock clock;
  ThreadPool pool(1);
  PushFolder carrier(folder / "push", pool, clock);
  for (const char* title : {"one", "two"})
    EXPECT_EQ(run_task(carrier.send({title, "Tap", {{"briefing_id", "b"}}}, {"ExponentPushToken[a]"})).size(), 1U);
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "push")) files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<std::string> titles;
  for (const auto& path : files) {
    EXPECT_EQ(path.extension(), ".json");
    std::ifstream file(path);
    const auto message = json::parse(std::string{std::istreambuf_iterator<char>(file), {}});
    titles.emplace_back(message.at("title").as_string());
    EXPECT_EQ(message.at("to"), "ExponentPushToken[a]");
    EXPECT_EQ(message.at("data").at("briefing_id"), "b");
  }
  EXPECT_THAT(titles, ElementsAre("one", "two"));
  pool.join();
}

}  // namespace
}  // namespace odeon::notify
