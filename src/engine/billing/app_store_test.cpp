#include "engine/billing/app_store.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "engine/billing/app_store_server_test.hpp"
#include "engine/billing/app_store_wire.hpp"
#include "testing/clock.hpp"

namespace odeon::billing {
namespace {

using json::object;
using std::chrono::days;
using enum AppStoreServer::Environment;

struct AppStoreTest : ::testing::Test {
  Contract fetched(const std::string& id) { return run_task(store.fetch(id)).value(); }
  template <class Call>
  static Error refusal(Call&& call) {
    try {
      run_task(call());
    } catch (const Error& error) {
      return error;
    }
    throw std::logic_error("it was not refused");
  }
  std::string refused(const object& notification) {
    return refusal([&] { return store.read_webhook(server.body_of(notification), {}); }).code;
  }
  WebhookEvent read(const std::string& body) { return run_task(store.read_webhook(body, {})); }
  AppStoreOptions without_sandbox() {
    auto options = server.options();
    options.sandbox_url.clear();
    return options;
  }

  testing::FakeClock clock;
  AppStoreServer server{clock};
  http::Client client{http::ClientOptions{}};
  AppStore store{client, clock, server.options()};
};

TEST_F(AppStoreTest, TheTruthAboutASubscription) {
  server.buy("app.pro.monthly", "somebody else");
  const std::string id = server.buy("app.premium.yearly", "0192F0C0-0000-7000-8000-00000000000A");
  auto contract = fetched(id);
  EXPECT_EQ(contract.id, id);
  EXPECT_EQ(contract.customer, id);
  EXPECT_EQ(contract.user_id, kAnn) << "however its letters are written";
  EXPECT_EQ(contract.offer, (Offer{"briefings", "premium", Cycle::yearly}));
  EXPECT_EQ(contract.status, ContractStatus::active);
  EXPECT_EQ(contract.period_start, clock.now());
  EXPECT_EQ(contract.period_end, clock.now() + days(30));
  EXPECT_FALSE(contract.cancel_at_period_end);
  EXPECT_FALSE(contract.had_trial);
  ASSERT_TRUE(contract.latest_invoice);
  EXPECT_EQ(contract.latest_invoice->amount, 499);
  EXPECT_EQ(contract.latest_invoice->currency, "usd");
  EXPECT_EQ(contract.latest_invoice->contract, id);
  EXPECT_EQ(run_task(store.fetch_invoice(contract.latest_invoice->id))->amount, 499);

  server.set_renewal(id, "autoRenewStatus", 0);
  EXPECT_TRUE(fetched(id).cancel_at_period_end);
  server.set(id, "productId", "app.pro.yearly");
  EXPECT_EQ(fetched(id).offer.plan, "pro");
  server.fail_to_renew(id, 16);
  contract = fetched(id);
  EXPECT_EQ(contract.status, ContractStatus::past_due);
  EXPECT_EQ(*contract.past_due_since + kGrace, contract.period_end + days(16)) << "Apple's grace period, not ours";
  server.fail_to_renew(id, 0);
  EXPECT_EQ(fetched(id).status, ContractStatus::past_due);
  EXPECT_EQ(*fetched(id).past_due_since + kGrace, contract.period_end);
  for (const int over : {2, 5}) {
    server.set_status(id, over);
    EXPECT_EQ(fetched(id).status, ContractStatus::ended) << over;
  }
  server.set_status(id, 6);
  EXPECT_EQ(fetched(id).status, ContractStatus::incomplete);
}

TEST_F(AppStoreTest, TrialsAreTold) {
  const std::string id = server.buy("app.pro.monthly", kAnn, true);
  EXPECT_EQ(fetched(id).status, ContractStatus::trialing);
  EXPECT_TRUE(fetched(id).had_trial);
  EXPECT_FALSE(fetched(id).latest_invoice) << "nothing was paid";
  server.renew(id);
  EXPECT_EQ(fetched(id).status, ContractStatus::active);
  server.set(id, "offerType", 1);
  server.set(id, "offerDiscountType", "PAY_AS_YOU_GO");
  EXPECT_EQ(fetched(id).status, ContractStatus::active);
  server.set(id, "offerDiscountType", nullptr);
  server.set(id, "price", 0);
  EXPECT_EQ(fetched(id).status, ContractStatus::trialing) << "as older transactions have it";
}

TEST_F(AppStoreTest, WhatIsNotOursIsNothing) {
  const std::string id = server.buy("app.pro.monthly", "no uuid");
  EXPECT_EQ(fetched(id).user_id, "");
  for (const char* unknown : {"", "1", "99999999999999999999", "x", "../1", "1/2", "-1"})
    EXPECT_FALSE(run_task(store.fetch(unknown))) << unknown;
  server.set(id, "inAppOwnershipType", "FAMILY_SHARED");
  EXPECT_FALSE(fetched(id).latest_invoice) << "somebody else paid";
  server.set(id, "productId", "app.gold");
  EXPECT_EQ(refusal([&] { return store.fetch(id); }).code, "UNKNOWN_PRICE");
  server.set(id, "type", "Consumable");
  EXPECT_FALSE(run_task(store.fetch(id)));
}

TEST_F(AppStoreTest, TheSandboxIsAskedWhereItCounts) {
  const std::string id = server.buy("app.pro.monthly", kAnn, false, Sandbox);
  EXPECT_EQ(fetched(id).status, ContractStatus::active);
  EXPECT_EQ(server.asked(), (std::vector<std::string>{"/Production/inApps/v1/subscriptions/" + id,
                                                      "/Sandbox/inApps/v1/subscriptions/" + id}));
  AppStore strict(client, clock, without_sandbox());
  EXPECT_FALSE(run_task(strict.fetch(id)));
  EXPECT_EQ(refusal([&] { return strict.read_receipt(server.receipt(id)); }).code, "INVALID_RECEIPT");
  EXPECT_EQ(refusal([&] { return strict.read_webhook(server.event("DID_RENEW", id), {}); }).code, "OTHER_APP");
  EXPECT_EQ(read(server.event("DID_RENEW", id)).contract, id);
}

TEST_F(AppStoreTest, AReceiptIsASignedTransactionOrAnId) {
  const std::string id = server.buy("app.pro.monthly", kAnn);
  server.renew(id);
  for (const auto& receipt : {server.receipt(id), server.transaction_of(id)}) {
    const auto purchase = run_task(store.read_receipt(receipt));
    EXPECT_EQ(purchase.contract, id);
    EXPECT_EQ(purchase.product, "app.pro.monthly");
  }
  EXPECT_EQ(refusal([&] { return store.read_receipt("42"); }).code, "NO_SUCH_PURCHASE");
  std::string tampered = server.receipt(id);
  tampered[tampered.find('.') + 20] ^= 1;
  const AppleChain stranger(clock.now());
  const object foreign{{"bundleId", "com.example.app"},
                       {"environment", "Production"},
                       {"productId", "app.pro.monthly"},
                       {"originalTransactionId", id},
                       {"signedDate", 1795159800000}};
  for (const auto& bad : {tampered, stranger.sign(foreign), std::string("x"), std::string()})
    EXPECT_EQ(refusal([&] { return store.read_receipt(bad); }).code, "INVALID_RECEIPT");
  EXPECT_EQ(run_task(store.read_receipt(server.chain().sign(foreign))).contract, id);
  for (const auto& [member, value] :
       {std::pair{"bundleId", "com.example.other"}, {"environment", "Xcode"}, {"originalTransactionId", "../x"}}) {
    auto other = foreign;
    other[member] = value;
    EXPECT_EQ(refusal([&] { return store.read_receipt(server.chain().sign(other)); }).code, "INVALID_RECEIPT")
        << member;
  }
}

TEST_F(AppStoreTest, ANotificationIsAHintOfWhatToLookAt) {
  const std::string id = server.buy("app.pro.monthly", kAnn);
  auto notification = server.notification("SUBSCRIBED", id);
  notification["subtype"] = "INITIAL_BUY";
  const auto event = read(server.body_of(notification));
  EXPECT_EQ(event.id, notification.at("notificationUUID").as_string().c_str());
  EXPECT_EQ(event.type, "SUBSCRIBED.INITIAL_BUY");
  EXPECT_EQ(event.contract, id);
  EXPECT_EQ(event.invoice, server.transaction_of(id));

  // Taken, and of no consequence.
  auto test = server.notification("TEST", id);
  for (const char* member : {"signedTransactionInfo", "signedRenewalInfo", "status"})
    test["data"].as_object().erase(member);
  EXPECT_EQ(read(server.body_of(test)).contract, "");
  server.set(id, "type", "Non-Consumable");
  EXPECT_EQ(read(server.event("ONE_TIME_CHARGE", id)).contract, "");
  auto summary = server.notification("RENEWAL_EXTENSION", id);
  summary["summary"] = summary["data"];
  summary.erase("data");
  EXPECT_EQ(read(server.body_of(summary)).contract, "");
}

TEST_F(AppStoreTest, NotificationsForOthersAreRefused) {
  const std::string id = server.buy("app.pro.monthly", kAnn);
  const auto good = server.notification("DID_RENEW", id);
  auto with = [&](const char* member, const json::value& value) {
    auto changed = good;
    changed["data"].as_object()[member] = value;
    return changed;
  };
  EXPECT_EQ(refused(with("bundleId", "com.example.other")), "OTHER_APP");
  EXPECT_EQ(refused(with("appAppleId", 4321)), "OTHER_APP");
  EXPECT_EQ(refused(with("appAppleId", nullptr)), "OTHER_APP");
  EXPECT_EQ(refused(with("environment", "Sandbox")), "OTHER_APP") << "the transaction is of the other";
  EXPECT_EQ(refused(with("environment", "Xcode")), "OTHER_APP");
  const AppleChain stranger(clock.now());
  EXPECT_EQ(refused(with("signedTransactionInfo", json::value(stranger.sign(object{{"bundleId", "com.example.app"},
                                                                                   {"environment", "Production"},
                                                                                   {"signedDate", 1795159800000}})))),
            "INVALID_SIGNATURE")
      << "what is inside is signed as well";
  auto nobody = good;
  nobody.erase("data");
  EXPECT_EQ(refused(nobody), "OTHER_APP");
  auto nameless = good;
  nameless.erase("notificationUUID");
  EXPECT_EQ(refused(nameless), "INVALID_EVENT");
  for (const char* body : {"", "{}", "[]", "{\"signedPayload\":7}", "{\"signedPayload\":\"a.b.c\"}"})
    EXPECT_EQ(refusal([&] { return store.read_webhook(body, {}); }).fault, Fault::invalid) << body;
  auto options = server.options();
  options.app_id = 0;
  AppStore unset(client, clock, std::move(options));
  EXPECT_EQ(refusal([&] { return unset.read_webhook(server.body_of(good), {}); }).code, "OTHER_APP");
}

TEST_F(AppStoreTest, FaultsOfApplesAreWaitedOut) {
  const std::string id = server.buy("app.pro.monthly", kAnn);
  for (const unsigned status : {500U, 503U, 401U, 404U}) {
    server.misbehave(status);
    const auto error = refusal([&] { return store.fetch(id); });
    EXPECT_EQ(error.code, "PAYMENT_AWAY") << status;
    EXPECT_TRUE(error.may_pass());
  }
  server.misbehave(404, {{"errorCode", 4040006}});
  EXPECT_EQ(refusal([&] { return store.fetch(id); }).code, "PAYMENT_AWAY") << "it will be found later";
  server.misbehave(400, {{"errorCode", 4000006}});
  server.misbehave(400, {{"errorCode", 4000006}});
  EXPECT_FALSE(run_task(store.fetch(id)));
  server.misbehave(400, {{"errorCode", 4000002}});
  EXPECT_EQ(refusal([&] { return store.fetch(id); }).code, "PAYMENT_REFUSED");
  server.misbehave(
      200,
      {{"data",
        json::array{object{{"lastTransactions", json::array{object{{"originalTransactionId", id}, {"status", 1}}}}}}}});
  EXPECT_EQ(refusal([&] { return store.fetch(id); }).code, "PAYMENT_ANSWER");
  EXPECT_EQ(fetched(id).status, ContractStatus::active);
  clock.advance(std::chrono::hours(5));
  EXPECT_EQ(fetched(id).status, ContractStatus::active) << "no token of ours is older than its request";
}

TEST_F(AppStoreTest, APauseIsAskedForInMilliseconds) {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(clock.now()).time_since_epoch().count();
  for (const auto& [header, pause] : std::vector<std::pair<std::string, int>>{{std::to_string(now + 90'500), 91},
                                                                              {std::to_string(now - 5), 1},
                                                                              {"30", 30},
                                                                              {"", 1},
                                                                              {"9999999999999999999999", 1}}) {
    http::Headers headers;
    headers.add("Retry-After", header);
    server.misbehave(429, {{"errorCode", 4290000}}, headers);
    const auto error = refusal([&] { return store.fetch("1"); });
    EXPECT_EQ(error.fault, Fault::rate_limited);
    EXPECT_EQ(error.retry_after, std::chrono::seconds(pause)) << header;
  }
}

TEST_F(AppStoreTest, ASilentStoreIsGivenUp) {
  auto options = server.options();
  options.time = std::chrono::milliseconds(50);
  AppStore impatient(client, clock, std::move(options));
  server.misbehave(0);
  EXPECT_EQ(refusal([&] { return impatient.fetch("1"); }).fault, Fault::timeout);
}

TEST_F(AppStoreTest, OnlyItsOwnerCancels) {
  const auto error = refusal([&] { return store.cancel_at_period_end("1"); });
  EXPECT_EQ(error.code, kManagedByStore);
  EXPECT_EQ(error.fallback_action, "manage_subscription");
  EXPECT_EQ(run_task(store.portal({})), "https://apps.apple.com/account/subscriptions");
  EXPECT_FALSE(store.sells({"briefings", "pro", Cycle::monthly}));
}

TEST(AppStoreMoney, IsCountedInTheSmallestUnit) {
  EXPECT_EQ(app_store::smallest_units(4990, "USD"), 499);
  EXPECT_EQ(app_store::smallest_units(500'000, "JPY"), 500);
  EXPECT_EQ(app_store::smallest_units(1'490, "KWD"), 1490);
  EXPECT_EQ(app_store::smallest_units(4990, ""), 499);
}

// Whatever is signed: a contract or an Error, never anything else.
RC_GTEST_PROP(AppStoreWire, AnyPayloadIsReadOrRefused, ()) {
  object transaction{{"originalTransactionId", "1"},
                     {"transactionId", "2"},
                     {"productId", "app.pro.monthly"},
                     {"type", "Auto-Renewable Subscription"},
                     {"purchaseDate", 1'795'159'800'000},
                     {"expiresDate", 1'797'751'800'000},
                     {"currency", "USD"},
                     {"price", 4990}};
  const std::vector<std::string> names{
      "originalTransactionId", "productId", "purchaseDate", "expiresDate", "type", "price", "currency",
      "appAccountToken",       "offerType"};
  const std::vector<json::value> values{
      nullptr, true, -1, 1.5, 9e300, std::int64_t{9'000'000'000'000'000'000}, "", "x", json::array{}, object{}};
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i)
    transaction[*rc::gen::elementOf(names)] = *rc::gen::elementOf(values);
  const object renewal{{"autoRenewStatus", *rc::gen::elementOf(values)},
                       {"gracePeriodExpiresDate", *rc::gen::elementOf(values)}};
  try {
    const auto contract = app_store::contract_of(*rc::gen::inRange(0, 7), transaction, renewal, test_products());
    RC_ASSERT((!contract || contract->offer.plan == "pro"));
  } catch (const Error&) {
    RC_SUCCEED("refused");
  }
}

}  // namespace
}  // namespace odeon::billing
