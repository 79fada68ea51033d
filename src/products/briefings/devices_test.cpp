#include "products/briefings/devices.hpp"

#include <gmock/gmock.h>

#include "products/briefings/fixture_test.hpp"

namespace odeon::briefings {
namespace {

using json::object;

struct DevicesTest : BriefingsTest {
  DevicesTest() {
    open(example_feeds());
    give("ann", "premium");
  }
  void add(const std::string& who, const std::string& token) {
    post(who, "/api/push-tokens", object{{"token", token}, {"platform", "ios"}}, 201);
  }
  std::string asked(const std::string& who) {
    return std::string(post(who, "/api/briefings", object{}).at("briefing_id").as_string());
  }
  // What was sent, once every message's job has ended.
  std::vector<json::value> messages() {
    auto ignore = [](this auto, const jobs::Progress&) -> Task<bool> { co_return true; };
    for (const auto& id : on_loop(database->query<std::string>("SELECT id FROM jobs WHERE kind = 'notify.push'")))
      on_loop(queue.watch(id, ignore));
    std::vector<json::value> found;
    if (!std::filesystem::exists(folder / "push")) return found;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "push")) {
      std::ifstream file(entry.path());
      found.push_back(json::parse(std::string{std::istreambuf_iterator<char>(file), {}}));
    }
    return found;
  }
};

TEST_F(DevicesTest, ABriefingThatBecomesReadyIsAnnouncedOnce) {
  add("ann", "ExponentPushToken[anns]");
  add("bob", "ExponentPushToken[bobs]");
  const std::string id = asked("ann");
  finish(id);
  const auto sent = messages();
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].at("to"), "ExponentPushToken[anns]");
  EXPECT_EQ(sent[0].at("title"), "Your briefing is ready!");
  EXPECT_EQ(sent[0].at("body"), "Tap to listen");
  EXPECT_EQ(sent[0].at("data").at("briefing_id"), id.c_str());
}

TEST_F(DevicesTest, EditionsAndBriefingsThatFailAreNot) {
  add("ann", "ExponentPushToken[anns]");
  made();
  jobs.emplace(*database, store, queue, *storage, *coordination, subscriptions, allowances, producer, clock,
               Order{.feeds = {ODEON_SOURCE_DIR "/examples/feeds/broken.xml"}, .target_seconds = 60});
  announce_ready();
  finish(asked("ann"));
  EXPECT_TRUE(messages().empty());
}

TEST_F(DevicesTest, ADeviceThatWasRemovedIsLeftAlone) {
  add("ann", "ExponentPushToken[a]");
  add("ann", "ExponentPushToken[b]");
  call(http::Method::delete_, "ann", "/api/push-tokens/ExponentPushToken%5Ba%5D", object{}, 204);
  const auto error = call(http::Method::delete_, "bob", "/api/push-tokens/ExponentPushToken%5Bb%5D", object{}, 404);
  EXPECT_EQ(error.at("code"), "PUSH_TOKEN_NOT_FOUND");
  finish(asked("ann"));
  const auto sent = messages();
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].at("to"), "ExponentPushToken[b]");
}

TEST_F(DevicesTest, OnlyTokensOfExpoAreTaken) {
  const auto error = post("ann", "/api/push-tokens", object{{"token", "fcm:1"}}, 400);
  EXPECT_EQ(error.at("code"), "INVALID_PUSH_TOKEN");
  post("ann", "/api/push-tokens", object{{"token", "ExponentPushToken[a]"}, {"platform", "fridge"}}, 400);
  EXPECT_EQ(server.post("/briefings/api/push-tokens", "{}").status, 401);
}

}  // namespace
}  // namespace odeon::briefings
