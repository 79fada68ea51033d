#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/error.hpp"
#include "engine/notify/fixture_test.hpp"
#include "testing/clock.hpp"

namespace odeon::notify {
namespace {

using ::testing::HasSubstr;

const PushMessage kMessage{"Your briefing is ready!", "Tap to listen", {{"briefing_id", "b-1"}}};

class ExpoTest : public ::testing::Test {
 protected:
  std::vector<Ticket> send(std::vector<std::string> tokens) { return run_task(expo.send(kMessage, std::move(tokens))); }
  Error refusal() {
    try {
      send({"ExponentPushToken[a]", "ExponentPushToken[b]"});
    } catch (const Error& error) {
      return error;
    }
    throw std::logic_error("it was sent");
  }

  testing::FakeClock clock;
  ExpoServer server;
  http::Client client{http::ClientOptions{}};
  Expo expo{client, clock, {.base_url = server.url(), .access_token = "t-1"}};
};

TEST(ExpoTokens, AreKnownByTheirForm) {
  for (const char* good : {"ExponentPushToken[xxxxxxxxxxxxxxxxxxxxxx]", "ExpoPushToken[a-_9]"})
    EXPECT_TRUE(is_expo_token(good)) << good;
  for (const char* bad :
       {"", "]", "ExponentPushToken", "ExponentPushToken[]", "ExponentPushToken[a", "ExponentPushToken[a b]",
        "ExponentPushToken[a]]", "exponentpushtoken[a]", "[a]", "x ExponentPushToken[a]", "ExponentPushToken[ä]"})
    EXPECT_FALSE(is_expo_token(bad)) << bad;
  EXPECT_FALSE(is_expo_token("ExponentPushToken[" + std::string(300, 'a') + "]"));
}

RC_GTEST_PROP(ExpoTokens, TakeAnyBytes, (const std::string& bytes)) {
  RC_ASSERT(!is_expo_token(bytes));
  const std::string inside = *rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::element('a', 'Z', '0', '-')));
  RC_ASSERT(is_expo_token("ExponentPushToken[" + inside + "]") == (inside.size() + 19 <= 200));
}

TEST_F(ExpoTest, SendsInItsWireShape) {
  const auto tickets = send({"ExponentPushToken[a]", "ExponentPushToken[b]"});
  ASSERT_EQ(tickets.size(), 2U);
  EXPECT_EQ(tickets[1].outcome, Outcome::accepted);
  EXPECT_EQ(tickets[1].receipt_id, "receipt-of-ExponentPushToken[b]");
  const auto asked = server.asked().at(0);
  EXPECT_EQ(asked.path, "/--/api/v2/push/send");
  EXPECT_EQ(asked.headers.get("Authorization"), "Bearer t-1");
  EXPECT_EQ(asked.headers.get("Content-Type"), "application/json");
  EXPECT_EQ(asked.body.at(0),
            json::parse(R"({"to":"ExponentPushToken[a]","title":"Your briefing is ready!","body":"Tap to listen",
                            "data":{"briefing_id":"b-1"},"sound":"default"})"));
}

TEST_F(ExpoTest, EveryDeviceHasATicketOfItsOwn) {
  server.say("ExponentPushToken[b]", ExpoServer::error("DeviceNotRegistered"));
  server.say("ExponentPushToken[c]", ExpoServer::error("MessageTooBig"));
  server.say("ExponentPushToken[d]", ExpoServer::error("MessageRateExceeded"));
  server.say("ExponentPushToken[e]", json::object{{"status", "error"}, {"message", "?"}});
  server.say("ExponentPushToken[f]", "nonsense");
  std::vector<Outcome> outcomes;
  for (const auto& ticket : send({"ExponentPushToken[a]", "ExponentPushToken[b]", "ExponentPushToken[c]",
                                  "ExponentPushToken[d]", "ExponentPushToken[e]", "ExponentPushToken[f]"}))
    outcomes.push_back(ticket.outcome);
  EXPECT_EQ(outcomes, (std::vector{Outcome::accepted, Outcome::gone, Outcome::refused, Outcome::later, Outcome::refused,
                                   Outcome::refused}));
}

TEST_F(ExpoTest, DevicesOfSeveralProjectsAreSentToOneByOne) {
  server.mix_projects();
  server.say("ExponentPushToken[b]", ExpoServer::error("DeviceNotRegistered"));
  const auto tickets = send({"ExponentPushToken[a]", "ExponentPushToken[b]", "ExponentPushToken[c]"});
  EXPECT_EQ(server.asked().size(), 4U);
  EXPECT_EQ(tickets.at(1).outcome, Outcome::gone);
  EXPECT_EQ(tickets.at(2).receipt_id, "receipt-of-ExponentPushToken[c]");
}

TEST_F(ExpoTest, APauseItAsksForIsKnown) {
  http::Headers seconds;
  seconds.add("Retry-After", "90");
  server.misbehave(429, "application/json", R"({"errors":[{"code":"TOO_MANY_REQUESTS","message":"x"}]})", seconds);
  auto error = refusal();
  EXPECT_EQ(error.fault, Fault::rate_limited);
  EXPECT_EQ(error.retry_after, std::chrono::seconds(90));

  http::Headers date;
  date.add("Retry-After", to_http_date(clock.now() + std::chrono::minutes(2)));
  server.misbehave(429, "text/html", "<html>slow down</html>", date);
  EXPECT_EQ(refusal().retry_after, std::chrono::minutes(2));

  server.misbehave(429, "text/plain", "");
  error = refusal();
  EXPECT_TRUE(error.may_pass());
  EXPECT_GE(error.retry_after, std::chrono::seconds(1));
}

TEST_F(ExpoTest, WhatMayPassIsToldFromWhatWillNot) {
  server.misbehave(502, "text/html", "<html><h1>Bad gateway</h1></html>");
  EXPECT_EQ(refusal().fault, Fault::unavailable);
  server.misbehave(200, "text/html", "<html>Please sign in to this network</html>");
  EXPECT_EQ(refusal().fault, Fault::upstream);
  server.misbehave(200, "application/json", R"({"data":[{"status":"ok","id":"only one"}]})");
  EXPECT_EQ(refusal().fault, Fault::upstream);
  for (const char* strange : {"null", "[]", "{}", "7", R"({"data":{}})", R"({"errors":[]})", R"({"errors":[7]})"}) {
    server.misbehave(200, "application/json", strange);
    EXPECT_TRUE(refusal().may_pass()) << strange;
  }
  server.misbehave(401, "application/json", R"({"errors":[{"code":"UNAUTHORIZED","message":"bad token t-1"}]})");
  const auto refused = refusal();
  EXPECT_FALSE(refused.may_pass());
  EXPECT_THAT(refused.message, HasSubstr("401 UNAUTHORIZED"));
  EXPECT_THAT(refused.message, ::testing::Not(HasSubstr("t-1")));
}

TEST_F(ExpoTest, AnAnswerThatIsCutMayPassLater) {
  http::Response cut;
  cut.headers.add("Content-Type", "application/json");
  cut.body = http::StreamBody([](this auto, http::BodyWriter& out) -> Task<void> {
    co_await out.write(R"({"data":[{"status":"ok","id":"x"},)");
    throw std::runtime_error("power cut");
  });
  server.misbehave(std::move(cut));
  EXPECT_TRUE(refusal().may_pass());
}

TEST_F(ExpoTest, NobodyThereMayPassLater) {
  Expo nobody(client, clock, {.base_url = "http://127.0.0.1:1"});
  try {
    run_task(nobody.send(kMessage, {"ExponentPushToken[a]"}));
    FAIL();
  } catch (const Error& error) {
    EXPECT_TRUE(error.may_pass());
  }
}

TEST_F(ExpoTest, GivesTheReceiptsThatThereAre) {
  server.say("r-1", json::object{{"status", "ok"}});
  server.say("r-2", ExpoServer::error("DeviceNotRegistered"));
  const auto receipts = run_task(expo.receipts({"r-1", "r-2", "r-3"}));
  EXPECT_EQ(server.asked().at(0).path, "/--/api/v2/push/getReceipts");
  EXPECT_EQ(receipts.size(), 2U);
  EXPECT_EQ(receipts.at("r-1").outcome, Outcome::accepted);
  EXPECT_EQ(receipts.at("r-2").outcome, Outcome::gone);
  server.misbehave(200, "application/json", R"({"data":[]})");
  EXPECT_THROW(run_task(expo.receipts({"r-1"})), Error);
}

// Whatever a broken service sends: an Error, or a ticket for each device.
RC_GTEST_PROP(ExpoAnswers, NeverSurprise, ()) {
  static ExpoServer server;
  static testing::FakeClock clock;
  static http::Client client{http::ClientOptions{}};
  Expo expo(client, clock, {.base_url = server.url()});
  const std::string good = R"({"data":[{"status":"error","message":"m","details":{"error":"DeviceNotRegistered"}}]})";
  auto body = good;
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
    body.replace(*rc::gen::inRange<std::size_t>(0, body.size()), *rc::gen::inRange<std::size_t>(0, 6),
                 *rc::gen::container<std::string>(rc::gen::element('{', '}', '[', ']', '"', ',', ':', '7', 'x')));
  server.misbehave(*rc::gen::element(200U, 200U, 200U, 400U, 500U), "application/json", body);
  try {
    RC_ASSERT(run_task(expo.send(kMessage, {"ExponentPushToken[a]"})).size() == 1);
  } catch (const Error& error) {
    RC_ASSERT(!error.code.empty());
  }
}

}  // namespace
}  // namespace odeon::notify
