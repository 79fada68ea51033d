#include "engine/notify/webhooks.hpp"
#include "engine/notify/personal_data.hpp"

#include <gmock/gmock.h>

#include "engine/notify/signatures.hpp"
#include "engine/notify/webhooks_fixture_test.hpp"

namespace odeon::notify {
namespace {

using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST_F(WebhooksTest, TellOnlyWhoWantsToKnow) {
  create({"briefing.ready"});
  create({"other.thing"});
  create({}, "stories");
  on_loop(webhooks.create({"bob", "briefings", receiver.url(), {}}));
  send();
  EXPECT_EQ(jobs_of().size(), 1U);
  send("unheard.of");
  EXPECT_EQ(jobs_of().size(), 1U);
  EXPECT_EQ(count_events(), 1) << "what nobody wants to know is not kept";
}

TEST_F(WebhooksTest, ARolledSecretSignsBesideTheNewOneForADay) {
  const auto [endpoint, old_secret] = create();
  EXPECT_FALSE(on_loop(webhooks.roll_secret("bob", endpoint.id)));
  const auto new_secret = on_loop(webhooks.roll_secret("ann", endpoint.id));
  ASSERT_TRUE(new_secret);
  start_work(webhooks);
  auto is_signed_by = [&](std::vector<std::string> secrets) {
    const auto last = receiver.received().back();
    return last.headers.get("webhook-signature") ==
           sign_webhook(last.headers.get("webhook-id"), clock.now(), last.body, secrets).signature;
  };
  send();
  finish();
  EXPECT_TRUE(is_signed_by({*new_secret, old_secret}));
  clock.advance(25h);
  send();
  finish();
  EXPECT_TRUE(is_signed_by({*new_secret}));
}

TEST_F(WebhooksTest, SecretsLieSealedWhereThereIsASeal) {
  auto options = hurried();
  options.seal = [](std::string plain) { return "sealed:" + plain; };
  options.open = [](std::string sealed) { return sealed.substr(7); };
  Webhooks sealing(*database, queue, clock, log, metrics, options);
  const auto [endpoint, secret] = on_loop(sealing.create({"ann", "briefings", receiver.url(), {}}));
  const auto rolled = on_loop(sealing.roll_secret("ann", endpoint.id));
  for (const auto& kept : on_loop(database->query<std::string>(
           "SELECT secret FROM notify_endpoints UNION ALL SELECT old_secret FROM notify_endpoints")))
    EXPECT_THAT(kept, StartsWith("sealed:whsec_"));
  send();
  start_work(sealing);
  finish();
  const auto last = receiver.received().at(0);
  EXPECT_EQ(last.headers.get("webhook-signature"),
            sign_webhook(last.headers.get("webhook-id"), clock.now(), last.body, {*rolled, secret}).signature);
}

TEST_F(WebhooksTest, AddressesThatCannotBeAreRefusedAtOnce) {
  Webhooks guarded(*database, queue, clock, log, metrics, {});
  auto take = [&](std::string url) { on_loop(guarded.create({"ann", "briefings", std::move(url), {}})); };
  for (const char* bad :
       {"", "hook", "ftp://example.org/", "https://user:pass@example.org/", "http://127.0.0.1/", "http://[::1]/",
        "https://10.0.0.1/", "http://169.254.169.254/latest", "http://localhost:8080/", "http://a.localhost/",
        "http://[::ffff:192.168.0.1]/", "http://example.org:22/", "http://example.org:25/"})
    EXPECT_THROW(take(bad), Error) << bad;
  for (const char* good : {"https://example.org/hook?x=1", "http://example.org:8080/", "https://1.1.1.1/"})
    EXPECT_NO_THROW(take(good)) << good;
  EXPECT_THROW(on_loop(guarded.create({"ann", "briefings", "https://example.org/", {"no spaces"}})), Error);
}

TEST_F(WebhooksTest, KeepTheLastAttemptsAndOnlyTheOwnerSeesThem) {
  const auto endpoint = create().endpoint;
  start_work(webhooks);
  for (int i = 0; i < Webhooks::kept_attempts + 5; ++i) send();
  finish();
  EXPECT_EQ(std::ssize(faults(endpoint.id)), Webhooks::kept_attempts);
  EXPECT_THAT(on_loop(webhooks.attempts("bob", endpoint.id)), IsEmpty());
}

TEST_F(WebhooksTest, AnOwnerHasSoManyEndpointsAndNoMore) {
  for (std::size_t i = 0; i < Webhooks::max_endpoints; ++i) create();
  EXPECT_THROW(create(), Error);
  EXPECT_NO_THROW(create({}, "stories"));
}

TEST_F(WebhooksTest, WhatIsRemovedOrForgottenIsToldNothing) {
  const auto first = create().endpoint;
  create();
  send();
  EXPECT_FALSE(on_loop(webhooks.remove("bob", first.id)));
  EXPECT_TRUE(on_loop(webhooks.remove("ann", first.id)));
  on_loop(NotifyData(*database).forget("ann", ""));
  EXPECT_THAT(on_loop(webhooks.list("ann", "briefings")), IsEmpty());
  EXPECT_EQ(count_events(), 0);
  start_work(webhooks);
  finish();
  EXPECT_THAT(receiver.received(), IsEmpty());
}

// An archive that a test can look into.
struct Told final : PersonalArchive {
  Task<void> document(std::string path, std::string text) override {
    documents.emplace(std::move(path), std::move(text));
    co_return;
  }
  Task<void> object(std::string, std::string) override { co_return; }
  std::map<std::string, std::string> documents;
};

TEST_F(WebhooksTest, OwnersTakeAlongWhatIsKeptAndOneProductIsForgottenAlone) {
  const auto [endpoint, secret] = create({"briefing.ready"});
  create({}, "stories");
  start_work(webhooks);
  send();
  finish();
  NotifyData data(*database);
  Told all, stories;
  on_loop(data.tell("ann", "", all));
  on_loop(data.tell("ann", "stories", stories));
  const auto endpoints = json::parse(all.documents.at("notify/webhook_endpoints.json")).as_array();
  ASSERT_EQ(endpoints.size(), 2U);
  EXPECT_EQ(endpoints[0].at("id"), endpoint.id.c_str());
  EXPECT_EQ(endpoints[0].at("events"), json::array{"briefing.ready"});
  EXPECT_EQ(json::parse(all.documents.at("notify/webhook_attempts.json")).at(0).at("status"), 204);
  EXPECT_EQ(all.documents.at("notify/webhook_endpoints.json").find(secret), std::string::npos);
  EXPECT_EQ(json::parse(stories.documents.at("notify/webhook_endpoints.json")).as_array().size(), 1U);

  EXPECT_EQ(on_loop(data.forget("ann", "stories")).rows, 1);
  EXPECT_EQ(on_loop(webhooks.list("ann", "briefings")).size(), 1U);
  EXPECT_EQ(count_events(), 1);
  EXPECT_EQ(on_loop(data.forget("ann", "briefings")).rows, 3) << "the endpoint, an event and an attempt";
  EXPECT_EQ(count_events(), 0);
}

TEST_F(WebhooksTest, EventsAreKeptNoLongerThanTheirAttempts) {
  create();
  start_work(webhooks);
  send();
  finish();
  auto tidy = [](jobs::Queue& queue, database::Database& database) -> Task<std::string> {
    auto transaction = co_await database.begin();
    const auto job = co_await queue.enqueue(*transaction, TidyWebhooks{});
    co_await transaction->commit();
    co_return job.id;
  };
  clock.advance(6 * 24h);
  EXPECT_EQ(ended(on_loop(tidy(queue, *database))), jobs::State::completed);
  EXPECT_EQ(count_events(), 1);
  clock.advance(2 * 24h);
  EXPECT_EQ(ended(on_loop(tidy(queue, *database))), jobs::State::completed);
  EXPECT_EQ(count_events(), 0);
}

}  // namespace
}  // namespace odeon::notify
