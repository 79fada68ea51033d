// Expo's own SDK against the stand-in that our tests believe, and beside what we take for tokens and messages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "engine/notify/fixture_test.hpp"
#include "testing/child.hpp"
#include "testing/clock.hpp"
#include "testing/scratch.hpp"

namespace odeon::notify {
namespace {

using ::testing::ElementsAre;

std::string token(std::string_view name) {
  return fmt::format("ExponentPushToken[{}]", name);
}

struct ExpoSdk : ::testing::Test {
  // What the SDK says that it learned.
  json::value learned(const json::object& given) {
    const std::string installed = ODEON_BUILD_DIR "/npm/notify";
    testing::Child install(
        {ODEON_SOURCE_DIR "/scripts/npm-install", ODEON_SOURCE_DIR "/src/engine/notify/strangers", installed});
    install.wait_for_line("\r\r");  // to its end
    std::ofstream(folder / "given") << json::write(given);
    testing::Child node({"node", installed + "/expo.mjs", folder / "given"}, {{"EXPO_BASE_URL", server.url()}});
    const std::string line = node.wait_for_line("{\"taken\"");
    EXPECT_FALSE(line.empty()) << install.output() << node.output();
    return line.empty() ? json::value(json::object()) : json::parse(line);
  }
  // As we send it to one device: the stand-in has seen it.
  json::value our_message() {
    Expo expo(client, clock, {.base_url = server.url()});
    run_task(expo.send({"Your briefing is ready!", "Tap to listen", {{"briefing_id", "b-1"}}}, {token("x")}));
    return server.asked().back().body.at(0);
  }

  testing::ScratchFolder folder;
  testing::FakeClock clock;
  ExpoServer server;
  http::Client client{http::ClientOptions{}};
};

TEST_F(ExpoSdk, FindsTheStandInAsExposServersAre) {
  json::object message = our_message().as_object();
  const std::size_t before = server.asked().size();
  json::array messages;
  for (int i = 0; i < 230; ++i) {
    message["to"] = token(fmt::format("d{}", i));
    messages.push_back(message);
  }
  server.say(token("d7"), ExpoServer::error("DeviceNotRegistered"));
  server.say("receipt-of-" + token("d0"), json::object{{"status", "ok"}});
  server.say("receipt-of-" + token("d1"), ExpoServer::error("MessageRateExceeded"));
  server.misbehave(429, "application/json", R"({"errors":[{"code":"TOO_MANY_REQUESTS","message":"x"}]})");

  const auto learned = this->learned({{"tokens", json::array()}, {"messages", messages}});
  EXPECT_EQ(learned.at("chunks"), (json::array{100, 100, 30})) << "as PushTest.SendsInBatches has them";
  const auto& tickets = learned.at("tickets").as_array();
  ASSERT_EQ(tickets.size(), 230U);
  EXPECT_EQ(tickets[7].at("details").at("error"), "DeviceNotRegistered");
  EXPECT_EQ(tickets[229].at("id"), ("receipt-of-" + token("d229")).c_str());
  EXPECT_EQ(learned.at("receipts").as_object().size(), 2U) << "those that there are";
  EXPECT_EQ(learned.at("receipts").at("receipt-of-" + token("d1")).at("details").at("error"), "MessageRateExceeded");
  EXPECT_EQ(learned.at("refused").at(0), (json::object{{"status", 400}, {"code", "PUSH_TOO_MANY_NOTIFICATIONS"}}));
  EXPECT_EQ(learned.at("refused").at(1), (json::object{{"status", 400}, {"code", "PUSH_TOO_MANY_RECEIPTS"}}));

  const auto asked = server.asked();
  EXPECT_EQ(asked.at(before).body, asked.at(before + 1).body) << "after the 429 the same again";
  EXPECT_EQ(asked.at(before).headers.get("Content-Encoding"), "gzip");
  EXPECT_EQ(asked.at(before).headers.get("Authorization"), "Bearer t-1");
  EXPECT_EQ(asked.at(before).body.at(99), messages.at(99));
}

TEST_F(ExpoSdk, TakesEveryTokenThatWeTake) {
  const std::vector<std::string> all{
      token("xxxxxxxxxxxxxxxxxxxxxx"), "ExpoPushToken[a-_9]", "", "ExponentPushToken", "ExponentPushToken[a",
      "exponentpushtoken[a]", "[a]", " ExponentPushToken[a]", "ExponentPushToken[a] ", "fcm:a",
      // From here on the SDK looks less closely, or at devices of long ago.
      token(""), token("a b"), token("ä"), token("a]["), "F5741A13-BCDA-434B-A316-5DC0E6FFA94F"};
  json::array tokens;
  std::vector<std::string> ours, theirs;
  for (const auto& each : all) {
    tokens.emplace_back(each);
    if (is_expo_token(each)) ours.push_back(each);
  }
  for (const auto& each :
       learned({{"tokens", tokens}, {"messages", json::array{our_message()}}}).at("taken").as_array())
    theirs.emplace_back(each.as_string());
  EXPECT_THAT(ours, ElementsAre(all[0], all[1]));
  EXPECT_THAT(theirs, ElementsAre(all[0], all[1], all[10], all[11], all[12], all[13], all[14]));
}

}  // namespace
}  // namespace odeon::notify
