#include "engine/billing/google_play.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "engine/billing/google_play_wire.hpp"
#include "engine/billing/stores_shop_test.hpp"
#include "engine/identity/jwt.hpp"

namespace odeon::billing {
namespace {

using json::object;
using std::chrono::days;
using std::chrono::seconds;
using ::testing::SizeIs;

struct GooglePlayTest : ::testing::Test, Stores {
  Contract fetched(const std::string& token) { return run_task(play.fetch(token)).value(); }
  template <class Call>
  static Error refusal(Call&& call) {
    try {
      run_task(call());
    } catch (const Error& error) {
      return error;
    }
    throw std::logic_error("it was not refused");
  }
  std::string refused_push(const Push& push) {
    return refusal([&] { return play.read_webhook(push.body, push.headers); }).code;
  }
  std::string acknowledgement(const std::string& token) {
    return std::string(play_server.purchase(token).at("acknowledgementState").as_string());
  }
};

TEST_F(GooglePlayTest, TheTruthAboutAPurchase) {
  const std::string token = play_server.buy("app.premium.yearly", "0192F0C0-0000-7000-8000-00000000000A");
  auto contract = fetched(token);
  EXPECT_EQ(contract.id, token);
  EXPECT_EQ(contract.user_id, kAnn);
  EXPECT_EQ(contract.offer, (Offer{"briefings", "premium", Cycle::yearly}));
  EXPECT_EQ(contract.status, ContractStatus::active);
  EXPECT_EQ(contract.period_end, clock.now() + days(30));
  EXPECT_FALSE(contract.cancel_at_period_end);

  play_server.set_item(token, "offerPhase", object{{"freeTrial", object{}}});
  EXPECT_EQ(fetched(token).status, ContractStatus::trialing);
  EXPECT_TRUE(fetched(token).had_trial);
  play_server.set_item(token, "offerPhase", object{{"basePrice", object{}}});
  for (const auto& [state, expected] :
       std::map<std::string, ContractStatus>{{"ACTIVE", ContractStatus::active},
                                             {"CANCELED", ContractStatus::active},
                                             {"IN_GRACE_PERIOD", ContractStatus::past_due},
                                             {"ON_HOLD", ContractStatus::past_due},
                                             {"PAUSED", ContractStatus::incomplete},
                                             {"PENDING", ContractStatus::incomplete},
                                             {"PENDING_PURCHASE_CANCELED", ContractStatus::ended},
                                             {"EXPIRED", ContractStatus::ended},
                                             {"INVENTED", ContractStatus::incomplete}}) {
    play_server.set_state(token, state);
    contract = fetched(token);
    EXPECT_EQ(contract.status, expected) << state;
    EXPECT_EQ(contract.cancel_at_period_end, state == "CANCELED") << state;
    if (expected == ContractStatus::past_due) {
      EXPECT_EQ(*contract.past_due_since + kGrace, contract.period_end) << "as long as Google lets it, and no longer";
    }
  }
  play_server.set_state(token, "ACTIVE");
  play_server.set_item(token, "autoRenewingPlan", nullptr);
  play_server.set_item(token, "prepaidPlan", object{});
  EXPECT_TRUE(fetched(token).cancel_at_period_end) << "what is paid in advance ends";
}

TEST_F(GooglePlayTest, WhatLastsLongestCounts) {
  const std::string token = play_server.buy("app.premium.monthly");
  auto item = [&](const char* product, std::optional<days> lasts) {
    object made{{"productId", product}, {"autoRenewingPlan", object{{"autoRenewEnabled", true}}}};
    if (lasts) made["expiryTime"] = to_iso8601(clock.now() + *lasts);
    return made;
  };
  play_server.set(token, "lineItems",
                  json::array{item("app.premium.monthly", days(3)), item("app.pro.monthly", days(9)),
                              item("app.premium.yearly", std::nullopt)});
  EXPECT_EQ(fetched(token).offer.plan, "pro");
  EXPECT_EQ(fetched(token).period_end, clock.now() + days(9));
  play_server.set(token, "lineItems", json::array{});
  EXPECT_EQ(refusal([&] { return play.fetch(token); }).code, "PAYMENT_ANSWER");
  play_server.set(token, "lineItems", json::array{item("app.gold", days(1))});
  EXPECT_EQ(refusal([&] { return play.fetch(token); }).code, "UNKNOWN_PRICE");
}

TEST_F(GooglePlayTest, WhatIsNotOursIsNothing) {
  for (const char* unknown : {"", "abc", "token.99:x", "../../x y", "ü"})
    EXPECT_FALSE(run_task(play.fetch(unknown))) << unknown;
  EXPECT_EQ(refusal([&] { return play.read_receipt(""); }).code, "INVALID_RECEIPT");
  EXPECT_EQ(refusal([&] { return play.read_receipt("token.99:x"); }).code, "NO_SUCH_PURCHASE");
  play_server.misbehave(410, PlayServer::error("subscriptionPurchaseNoLongerAvailable"));
  EXPECT_FALSE(run_task(play.fetch("token.98:x")));
  const std::string token = play_server.buy("app.pro.monthly", "hash of somebody");
  EXPECT_EQ(fetched(token).user_id, "");
  play_server.set(token, "testPurchase", object{});
  EXPECT_FALSE(run_task(play.fetch(token))) << "nobody has paid";
  EXPECT_EQ(refusal([&] { return play.read_receipt(token); }).code, "NO_SUCH_PURCHASE");
  auto options = play_server.options(test_products());
  options.test_purchases = true;
  GooglePlay testing(client, clock, *db, queue, keys, std::move(options));
  EXPECT_TRUE(run_task(testing.fetch(token)));
  EXPECT_EQ(run_task(testing.read_receipt(token)).product, "app.pro.monthly");
}

TEST_F(GooglePlayTest, ATokenServesUntilShortlyBeforeItsEnd) {
  const std::string token = play_server.buy("app.pro.monthly");
  for (int i = 0; i < 3; ++i) fetched(token);
  EXPECT_THAT(play_server.asked("POST /token"), SizeIs(1));
  clock.advance(seconds(3298));
  fetched(token);
  EXPECT_THAT(play_server.asked("POST /token"), SizeIs(1));
  clock.advance(seconds(1));
  const auto before = play_server.asked("POST /token").size();
  fetched(token);
  EXPECT_EQ(play_server.asked("POST /token").size(), before + 1);
  play_server.revoke_tokens();
  fetched(token);
  EXPECT_EQ(play_server.asked("POST /token").size(), before + 2) << "one that is refused is given up";
  play_server.misbehave(401);
  play_server.misbehave(200, {{"access_token", "wrong"}, {"expires_in", 3599}});
  EXPECT_EQ(refusal([&] { return play.fetch(token); }).code, "PAYMENT_AWAY") << "but only once";
  play_server.misbehave(400, {{"error", "invalid_grant"}});
  EXPECT_EQ(refusal([&] { return play.fetch(token); }).code, "PAYMENT_AWAY");
}

TEST_F(GooglePlayTest, FaultsOfGooglesAreWaitedOut) {
  const std::string token = play_server.buy("app.pro.monthly");
  fetched(token);
  for (const unsigned status : {500U, 503U, 403U, 409U}) {
    play_server.misbehave(status);
    EXPECT_EQ(refusal([&] { return play.fetch(token); }).code, "PAYMENT_AWAY") << status;
  }
  play_server.misbehave(404, PlayServer::error("applicationNotFound"));
  EXPECT_EQ(refusal([&] { return play.fetch(token); }).code, "PAYMENT_AWAY") << "the settings are wrong";
  http::Headers headers;
  headers.add("Retry-After", "17");
  play_server.misbehave(429, {}, headers);
  EXPECT_EQ(refusal([&] { return play.fetch(token); }).retry_after, seconds(17));
  auto options = play_server.options(test_products());
  options.time = std::chrono::milliseconds(50);
  GooglePlay impatient(client, clock, *db, queue, keys, std::move(options));
  play_server.misbehave(0);
  EXPECT_EQ(refusal([&] { return impatient.fetch(token); }).fault, Fault::timeout);
}

TEST_F(GooglePlayTest, WhatHasArrivedIsAcknowledgedOnce) {
  const std::string hers = play_server.buy("app.pro.monthly", kAnn), nobodys = play_server.buy("app.pro.monthly");
  const std::string pending = play_server.buy("app.pro.monthly", kAnn);
  play_server.set_state(pending, "PENDING");
  for (int i = 0; i < 2; ++i)
    for (const auto& token : {hers, nobodys, pending}) fetched(token);
  EXPECT_EQ(play_server.asked(":acknowledge"),
            (std::vector<std::string>{"POST /androidpublisher/v3/applications/com.example.app/purchases/subscriptions/"
                                      "app.pro.monthly/tokens/" +
                                      hers + ":acknowledge"}));
  EXPECT_EQ(acknowledgement(nobodys), "ACKNOWLEDGEMENT_STATE_PENDING") << "Google gives the money back";
  run_task(play.confirm(nobodys));
  run_task(play.confirm(nobodys));
  run_task(play.confirm("unknown"));
  EXPECT_EQ(acknowledgement(nobodys), "ACKNOWLEDGEMENT_STATE_ACKNOWLEDGED");
  EXPECT_THAT(play_server.asked(":acknowledge"), SizeIs(2));
}

TEST_F(GooglePlayTest, ItIsCancelledAndManagedThere) {
  const std::string token = play_server.buy("app.pro.monthly", kAnn);
  run_task(play.cancel_at_period_end(token));
  EXPECT_EQ(play_server.last_body(), R"({"cancellationContext":{"cancellationType":"USER_REQUESTED_STOP_RENEWALS"}})");
  EXPECT_TRUE(fetched(token).cancel_at_period_end);
  EXPECT_EQ(fetched(token).status, ContractStatus::active);
  EXPECT_NO_THROW(run_task(play.cancel_at_period_end("unknown"))) << "what is long over is at its end";
  EXPECT_EQ(refusal([&] { return play.cancel_at_period_end("abc"); }).code, "PAYMENT_REFUSED");
  EXPECT_EQ(run_task(play.portal({})), "https://play.google.com/store/account/subscriptions?package=com.example.app");
}

TEST_F(GooglePlayTest, PushesAreHints) {
  const auto push = play_server.tell("token-1", 2);
  const auto event = run_task(play.read_webhook(push.body, push.headers));
  EXPECT_EQ(event.id, "1");
  EXPECT_EQ(event.type, "subscription.2");
  EXPECT_EQ(event.contract, "token-1");
  auto read = [&](object notification) {
    const auto pushed = play_server.push(std::move(notification), "m");
    return run_task(play.read_webhook(pushed.body, pushed.headers));
  };
  EXPECT_EQ(read({{"testNotification", object{{"version", "1.0"}}}}).contract, "");
  EXPECT_EQ(read({{"oneTimeProductNotification", object{{"purchaseToken", "t"}}}}).contract, "");
  EXPECT_EQ(read({{"voidedPurchaseNotification", object{{"purchaseToken", "t"}, {"productType", 1}}}}).contract, "t");
  EXPECT_EQ(read({{"voidedPurchaseNotification", object{{"purchaseToken", "t"}, {"productType", 2}}}}).contract, "");
}

TEST_F(GooglePlayTest, PushesOfOthersAreRefused) {
  const auto good = play_server.tell("token-1");
  auto with_claim = [&](const char* name, const json::value& value) {
    auto claims = play_server.claims();
    claims[name] = value;
    Push push{good.body, {}};
    push.headers.add("Authorization", "Bearer " + play_server.bearer(claims));
    return push;
  };
  EXPECT_EQ(run_task(play.read_webhook(good.body, with_claim("iss", "accounts.google.com").headers)).id, "1");
  const auto now = std::chrono::floor<seconds>(clock.now()).time_since_epoch().count();
  for (const auto& [name, value] :
       std::vector<std::pair<const char*, json::value>>{{"iss", "https://accounts.example.com"},
                                                        {"aud", "https://other"},
                                                        {"aud", nullptr},
                                                        {"email", "other@example.com"},
                                                        {"email", nullptr},
                                                        {"email_verified", false},
                                                        {"email_verified", "true"},
                                                        {"exp", now - 11},
                                                        {"exp", nullptr},
                                                        {"iat", now + 60},
                                                        {"sub", nullptr}})
    EXPECT_EQ(refused_push(with_claim(name, value)), "INVALID_SIGNATURE") << name;
  for (const std::string value : {"", "Bearer", "Bearer ", "Basic x", "Bearer a.b.c"}) {
    Push push{good.body, {}};
    push.headers.add("Authorization", value);
    EXPECT_EQ(refused_push(push), "INVALID_SIGNATURE") << value;
  }
  EXPECT_EQ(refused_push({good.body, {}}), "INVALID_SIGNATURE");
  const auto stranger = identity::Key::make();
  Push forged{good.body, {}};
  forged.headers.add("Authorization", "Bearer " + identity::jwt::write(play_server.claims(), stranger, stranger.id()));
  EXPECT_EQ(refused_push(forged), "INVALID_SIGNATURE");

  for (const char* body : {"", "{}", "[]", R"({"message":{"data":"!","messageId":"1"}})",
                           R"({"message":{"data":"e30=","messageId":"1"}})", R"({"message":{"data":"e30="}})"})
    EXPECT_EQ(refusal([&] { return play.read_webhook(body, good.headers); }).fault, Fault::invalid) << body;
  auto options = play_server.options(test_products());
  options.package = "com.example.other";
  EXPECT_EQ(refusal([&] {
              GooglePlay other(client, clock, *db, queue, keys, options);
              run_task(other.read_webhook(good.body, good.headers));
              return Task<void>();
            }).code,
            "INVALID_EVENT");
  options.push_audience.clear();
  GooglePlay unset(client, clock, *db, queue, keys, options);
  EXPECT_EQ(refusal([&] { return unset.read_webhook(good.body, good.headers); }).code, "INVALID_SIGNATURE");
}

TEST_F(GooglePlayTest, WithoutKeysNobodyIsBelieved) {
  play_server.misbehave(500);
  const auto push = play_server.tell("token-1");
  EXPECT_TRUE(refusal([&] { return play.read_webhook(push.body, push.headers); }).may_pass()) << "Google tries again";
  clock.advance(seconds(6));
  EXPECT_EQ(run_task(play.read_webhook(push.body, push.headers)).contract, "token-1");
}

// Whatever Google says: a contract or an Error, never anything else.
RC_GTEST_PROP(PlayWire, AnyPurchaseIsReadOrRefused, ()) {
  const auto value = [] {
    return *rc::gen::elementOf(std::vector<json::value>{nullptr, true, 1, "", "x", "2026-12-01T00:00:00Z",
                                                        "SUBSCRIPTION_STATE_ACTIVE", "app.pro.monthly", json::array{},
                                                        json::array{object{}}, object{}});
  };
  object item, purchase;
  for (const char* name : {"productId", "expiryTime", "autoRenewingPlan", "offerPhase"}) item[name] = value();
  for (const char* name : {"subscriptionState", "startTime", "externalAccountIdentifiers"}) purchase[name] = value();
  purchase["lineItems"] = *rc::gen::arbitrary<bool>() ? json::value(json::array{item, value()}) : value();
  try {
    const auto contract = google_play::contract_of("t", purchase, test_products(), Instant());
    RC_ASSERT(contract.id == "t");
    RC_ASSERT(contract.offer.plan == "pro");
  } catch (const Error&) {
    RC_SUCCEED("refused");
  }
}

}  // namespace
}  // namespace odeon::billing
