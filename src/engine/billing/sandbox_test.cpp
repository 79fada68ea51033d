#include "engine/billing/sandbox.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "engine/billing/fixture_test.hpp"
#include "engine/billing/payments.hpp"
#include "engine/billing/personal_data.hpp"
#include "engine/billing/sandbox_pages.hpp"
#include "engine/billing/stripe_signature.hpp"
#include "testing/http.hpp"
#include "testing/kept_archive.hpp"

namespace odeon::billing {
namespace {

using std::chrono::days;
using ::testing::HasSubstr;
using ::testing::Not;

struct SandboxTest : ::testing::Test, Till {
  SandboxTest() {
    sandbox.on_event(
        [this](std::string body, http::Headers headers) { return heard(std::move(body), std::move(headers)); });
    payments.add(sandbox);
    server.add(pages.api());
  }
  Task<void> heard(std::string body, http::Headers headers) {
    events.push_back({body, headers});
    co_await payments.receive("sandbox", std::move(body), std::move(headers));
  }

  Checkout begun(const std::string& plan = "premium") {
    return run_task(payments.checkout({.user_id = "ann",
                                       .mail = "<ann>@example.com",
                                       .offer = {"briefings", plan},
                                       .success_url = "https://app.test/done?id={CHECKOUT_SESSION_ID}&x=\"",
                                       .cancel_url = "https://app.test/no",
                                       .server_url = "http://test"}));
  }
  std::string page(const std::string& url) {
    const auto reply = server.get(url.substr(std::string("http://test").size()));
    EXPECT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(reply.headers.get("Content-Type"), "text/html; charset=utf-8");
    EXPECT_THAT(std::string(reply.headers.get("Content-Security-Policy")), HasSubstr("default-src 'none'"));
    return reply.body;
  }
  // Presses the button of that form.
  testing::HttpReply press(const std::string& shown, const std::string& end) {
    const auto at = shown.find(end + "\"");
    EXPECT_NE(at, std::string::npos) << end << " in " << shown;
    const auto from = shown.rfind("action=\"", at) + 8;
    const auto reply = server.post(shown.substr(from, at + end.size() - from), "",
                                   {{"Content-Type", "application/x-www-form-urlencoded"}});
    apply();
    return reply;
  }
  // What the job of each webhook does.
  void apply() {
    for (const auto& id : run_task(db->query<std::string>("SELECT id FROM billing_sandbox_contracts")))
      run_task(payments.refresh("sandbox", id, ""));
  }
  std::string portal() {
    return run_task(payments.portal({.user_id = "ann", .product = "briefings", .server_url = "http://test"}));
  }
  Entitlement now() { return run_task(subscriptions.entitlement("ann", "briefings")); }
  std::string plan() { return now().plan->name; }
  void pay() { press(page(begun().url), "/pay"); }

  Log log{Log::Level::off};
  std::unique_ptr<coordination::Coordination> coordination = coordination::open_memory({}, clock);
  jobs::Queue queue{*db, *coordination, clock};
  Payments payments{*db, queue, subscriptions, clock, log};
  Sandbox sandbox{*db, plans, clock, "secret"};
  SandboxPages pages{sandbox};
  std::vector<std::pair<std::string, http::Headers>> events;
  testing::HttpServer server;
};

TEST_F(SandboxTest, WhoPaysHasThePlan) {
  const auto checkout = begun();
  EXPECT_EQ(checkout.url, "http://test/pay/sandbox/checkout/" + checkout.id);
  const std::string shown = page(checkout.url);
  EXPECT_THAT(shown, HasSubstr("Subscribe to Premium"));
  EXPECT_THAT(shown, HasSubstr("$4.99 a month"));
  EXPECT_THAT(shown, HasSubstr("7 days of trial"));
  EXPECT_THAT(shown, HasSubstr("&lt;ann&gt;@example.com"));
  const auto reply = press(shown, "/pay");
  EXPECT_EQ(reply.status, 303);
  EXPECT_EQ("http://test" + std::string(reply.headers.get("Location")), checkout.url);
  const std::string after = page(checkout.url);
  EXPECT_THAT(after, HasSubstr("https://app.test/done?id=" + checkout.id + "&amp;x=&quot;"));
  EXPECT_EQ(plan(), "premium");
  EXPECT_EQ(now().expires_at, clock.now() + days(7));
  EXPECT_EQ(run_task(db->query<std::string>("SELECT event_id FROM billing_webhooks")).size(), 1U);
  press(shown, "/pay");
  EXPECT_EQ(events.size(), 1U) << "once is enough";
}

TEST_F(SandboxTest, SellsInAnyCurrencyAtThePriceOfTheOrder) {
  CheckoutOrder order{.user_id = "ann",
                      .offer = {"briefings", "premium"},
                      .currency = "try",
                      .success_url = "https://app.test/done",
                      .cancel_url = "https://app.test/no",
                      .server_url = "http://test"};
  EXPECT_THROW(run_task(sandbox.create_checkout(order)), Error) << "its own prices are in dollars";
  order.amount = 149'900;
  const auto shown = page(run_task(sandbox.create_checkout(order)).url);
  EXPECT_THAT(shown, HasSubstr("1,499.00 TRY a month"));
  press(shown, "/pay");
  EXPECT_THAT(page(portal()), HasSubstr("1,499.00 TRY a month"));
  EXPECT_EQ(run_task(db->find<std::int64_t>("SELECT amount FROM billing_payments WHERE currency = 'try'")), 149'900);
}

TEST_F(SandboxTest, WhoDeclinesHasNothingAndMayThinkAgain) {
  const auto checkout = begun();
  press(page(checkout.url), "/decline");
  const std::string shown = page(checkout.url);
  EXPECT_THAT(shown, HasSubstr("was declined"));
  EXPECT_EQ(plan(), "free");
  press(shown, "/pay");
  EXPECT_EQ(plan(), "premium");
}

TEST_F(SandboxTest, AnOldOrClosedCheckoutIsOver) {
  const auto first = begun();
  const std::string shown = page(first.url);
  begun("pro");
  EXPECT_THAT(page(first.url), HasSubstr("closed"));
  press(shown, "/pay");
  EXPECT_EQ(plan(), "free");
  const auto second = begun();
  const std::string open = page(second.url);
  clock.advance(days(1) + Micros(1));
  EXPECT_THAT(page(second.url), HasSubstr("closed"));
  press(open, "/pay");
  EXPECT_EQ(plan(), "free");
}

TEST_F(SandboxTest, IsCancelledResumedAndEnds) {
  pay();
  press(page(portal()), "/cancel");
  EXPECT_TRUE(now().cancel_at_period_end);
  press(page(portal()), "/resume");
  EXPECT_FALSE(now().cancel_at_period_end);
  press(page(portal()), "/cancel");
  clock.advance(days(7));
  EXPECT_EQ(plan(), "free");
  apply();
  EXPECT_EQ(now().status, SubscriptionStatus::canceled);
  EXPECT_THAT(page(portal()), HasSubstr("Ended"));
  EXPECT_THAT(page(begun().url), Not(HasSubstr("trial"))) << "one in a lifetime";
}

TEST_F(SandboxTest, RenewsItselfAndIsPaidFor) {
  pay();
  EXPECT_TRUE(run_task(db->query<std::int64_t>("SELECT amount FROM billing_payments")).empty());
  clock.advance(days(8));
  apply();
  EXPECT_EQ(plan(), "premium");
  EXPECT_EQ(run_task(db->query<std::int64_t>("SELECT amount FROM billing_payments")), std::vector<std::int64_t>{499});
  clock.advance(days(31));
  apply();
  EXPECT_EQ(run_task(db->query<std::int64_t>("SELECT amount FROM billing_payments")).size(), 2U);
}

TEST_F(SandboxTest, ARenewalMayFailAndBeSettled) {
  pay();
  press(page(portal()), "/fail");
  EXPECT_EQ(now().status, SubscriptionStatus::past_due);
  EXPECT_EQ(plan(), "premium");
  clock.advance(days(3));
  EXPECT_EQ(plan(), "free");
  press(page(portal()), "/settle");
  EXPECT_EQ(plan(), "premium");
  EXPECT_EQ(run_task(db->query<std::string>("SELECT status FROM billing_payments")),
            std::vector<std::string>{"succeeded"});
}

TEST_F(SandboxTest, ChangesToAnotherPlan) {
  pay();
  press(page(portal()), "/change/pro/yearly");
  EXPECT_EQ(plan(), "pro");
  const std::string shown = page(portal());
  EXPECT_THAT(shown, HasSubstr("$149.99 a year"));
  const auto from = shown.find("/pay/sandbox/portal/");
  const std::string base = shown.substr(from, shown.find("/fail\"") - from);
  EXPECT_EQ(server.post(base + "/change/free/monthly", "").status, 400);
  EXPECT_EQ(server.post(base + "/change/pro/daily", "").status, 400);
}

TEST_F(SandboxTest, OthersHaveNothingToChange) {
  EXPECT_EQ(server.get("/pay/sandbox/checkout/cs_sandbox_x").status, 404);
  EXPECT_EQ(server.post("/pay/sandbox/checkout/cs_sandbox_x/pay", "").status, 404);
  EXPECT_EQ(server.get("/pay/sandbox/portal/cus_sandbox_x").status, 404);
  pay();
  const auto contract = run_task(db->query<std::string>("SELECT id FROM billing_sandbox_contracts")).front();
  EXPECT_EQ(server.post("/pay/sandbox/portal/cus_sandbox_x/" + contract + "/cancel", "").status, 404);
  EXPECT_FALSE(now().cancel_at_period_end);
  EXPECT_EQ(server.get("/pay/sandbox/style.css").status, 200);
}

TEST_F(SandboxTest, ItsWebhooksAreSignedAsAnybodys) {
  pay();
  const auto [body, headers] = events.front();
  EXPECT_EQ(run_task(sandbox.read_webhook(body, headers)).type, "customer.subscription.created");
  EXPECT_THROW(run_task(sandbox.read_webhook(body + " ", headers)), Error);
  EXPECT_THROW(run_task(sandbox.read_webhook(body, {})), Error);
  http::Headers forged;
  forged.add(std::string(Sandbox::signature_field), sign(body, "guessed", clock.now()));
  EXPECT_THROW(run_task(payments.receive("sandbox", body, forged)), Error);
  clock.advance(std::chrono::seconds(301));
  EXPECT_THROW(run_task(sandbox.read_webhook(body, headers)), Error);
}

TEST_F(SandboxTest, EndsAtTheProvidersToo) {
  pay();
  run_task(payments.cancel("ann", "briefings"));
  EXPECT_TRUE(now().cancel_at_period_end);
}

TEST(SandboxPeriods, KeepToTheCalendar) {
  auto later = [](const char* from, Cycle cycle) { return to_iso8601(sandbox::after(*parse_iso8601(from), cycle)); };
  EXPECT_EQ(later("2026-01-31T10:00:00Z", Cycle::monthly), "2026-02-28T10:00:00Z");
  EXPECT_EQ(later("2026-12-15T00:00:00Z", Cycle::monthly), "2027-01-15T00:00:00Z");
  EXPECT_EQ(later("2028-02-29T23:59:59Z", Cycle::yearly), "2029-02-28T23:59:59Z");
}

// However long nobody looks: the period is the present one, and looking twice changes nothing.
RC_GTEST_PROP(SandboxPeriods, AlwaysHoldTheMoment, (bool yearly, bool cancelled)) {
  sandbox::ContractRow row{.cycle = yearly ? Cycle::yearly : Cycle::monthly};
  row.period_start = Instant(std::chrono::seconds(*rc::gen::inRange<std::int64_t>(1, 4'000'000'000)));
  row.period_end = sandbox::after(row.period_start, row.cycle);
  row.cancel_at_period_end = cancelled;
  const Instant now = row.period_start + std::chrono::seconds(*rc::gen::inRange<std::int64_t>(0, 200'000'000));
  const auto seen = sandbox::as_of(row, now);
  RC_ASSERT(seen.status == (cancelled && row.period_end <= now ? ContractStatus::ended : ContractStatus::active));
  if (seen.status == ContractStatus::active) RC_ASSERT(seen.period_start <= now && now < seen.period_end);
  RC_ASSERT(json::write(sandbox::as_of(seen, now)) == json::write(seen));
}

TEST_F(SandboxTest, WhoIsForgottenPaysNoMoreAndTheBooksKeepTheAmounts) {
  BillingData data(*db, payments, clock);
  run_task(db->execute("INSERT INTO billing_trials (user_id, product, used_at) VALUES ('ann', 'briefings', 0)"));
  pay();
  EXPECT_EQ(plan(), "premium");
  testing::KeptArchive archive;
  run_task(data.tell("ann", "", archive));
  EXPECT_THAT(archive.documents.at("billing/payments.json"), HasSubstr("\"amount\":499"));
  const std::string contract = *run_task(db->find<std::string>("SELECT id FROM billing_sandbox_contracts"));

  run_task(data.forget("ann", "chat"));
  EXPECT_EQ(plan(), "premium") << "that is another product's";
  run_task(data.forget("ann", ""));
  EXPECT_EQ(plan(), "free");
  EXPECT_FALSE(run_task(sandbox.fetch(contract)).has_value());
  for (const auto& kept :
       run_task(db->query<std::string>("SELECT user_id FROM billing_payments UNION SELECT user_id FROM "
                                       "billing_contracts UNION SELECT payload FROM billing_webhooks "
                                       "UNION SELECT checkout_order FROM billing_sandbox_checkouts")))
    EXPECT_EQ(kept, "");
  EXPECT_EQ(*run_task(db->find<std::int64_t>("SELECT SUM(amount) FROM billing_payments")), 499);
}

}  // namespace
}  // namespace odeon::billing
