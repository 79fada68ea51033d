#include <gmock/gmock.h>

#include "engine/notify/signatures.hpp"
#include "engine/notify/webhooks_fixture_test.hpp"

namespace odeon::notify {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

TEST_F(WebhooksTest, TellTheEndpointSigned) {
  const auto [endpoint, secret] = create();
  send();
  start_work(webhooks);
  finish();
  const auto received = receiver.received();
  ASSERT_EQ(received.size(), 1U);
  const auto& [headers, body] = received[0];
  EXPECT_EQ(json::parse(body),
            json::parse(R"({"type":"briefing.ready","timestamp":"2026-11-20T07:30:00Z","data":{"id":"b-1"}})"));
  const std::string id(headers.get("webhook-id"));
  EXPECT_THAT(id, StartsWith("evt_"));
  const auto [timestamp, signature] = sign_webhook(id, clock.now(), body, {secret});
  EXPECT_EQ(headers.get("webhook-timestamp"), timestamp);
  EXPECT_EQ(headers.get("webhook-signature"), signature);
  EXPECT_EQ(headers.get("Content-Type"), "application/json");
  const auto attempts = on_loop(webhooks.attempts("ann", endpoint.id));
  ASSERT_EQ(attempts.size(), 1U);
  EXPECT_EQ(attempts[0].event_id, id);
  EXPECT_EQ(attempts[0].status, 204);
  EXPECT_EQ(attempts[0].fault, "");
}

TEST_F(WebhooksTest, TwoEventsOfOneKeyAreOne) {
  create();
  create();
  send("briefing.ready", "k-1");
  send("briefing.ready", "k-1");
  EXPECT_EQ(jobs_of().size(), 2U) << "one for each endpoint";
  EXPECT_EQ(count_events(), 1);
}

TEST_F(WebhooksTest, TryAgainWithTheSameIdUntilTheEventIsTaken) {
  const auto endpoint = create().endpoint;
  receiver.say({500, 404, 302, 429});
  send();
  start_work(webhooks);
  finish();
  std::set<std::string> ids, bodies;
  for (const auto& [headers, body] : receiver.received()) {
    ids.emplace(headers.get("webhook-id"));
    bodies.insert(body);
  }
  EXPECT_EQ(receiver.received().size(), 5U) << "and the redirect was not followed";
  EXPECT_EQ(ids.size(), 1U);
  EXPECT_EQ(bodies.size(), 1U);
  EXPECT_THAT(faults(endpoint.id), ElementsAre("", "status", "status", "status", "status"));
  EXPECT_FALSE(only_endpoint().disabled_at);
}

TEST_F(WebhooksTest, GiveAnEventUpAfterTheLastAttempt) {
  const auto endpoint = create().endpoint;
  receiver.say(std::vector<unsigned>(20, 503));
  send();
  start_work(webhooks);
  finish();
  EXPECT_EQ(receiver.received().size(), 10U);
  EXPECT_TRUE(on_loop(queue.failed(10)).empty()) << "that is the owner's to look at, not the operator's";
  EXPECT_EQ(faults(endpoint.id).size(), 10U);
}

TEST_F(WebhooksTest, PauseForThreeDaysInAll) {
  std::chrono::seconds all{0};
  for (const auto pause : WebhookOptions{}.pauses) all += pause;
  EXPECT_EQ(WebhookOptions{}.pauses.size(), 9U);
  EXPECT_EQ(all, 75h + 35min + 5s);

  const Instant before = real_clock.now();
  Webhooks patient(*database, queue, clock, log, metrics, {.allow_private = true});
  create();
  receiver.say({500});
  send();
  start_work(patient);
  auto until_scheduled = [](this auto, const jobs::Progress& progress) -> Task<bool> {
    co_return progress.state != jobs::State::scheduled;
  };
  on_loop(queue.watch(jobs_of().at(0), until_scheduled));
  const auto run_at = on_loop(database->find<Instant>("SELECT run_at FROM jobs WHERE kind = 'notify.webhook'"));
  EXPECT_GE(*run_at - before, 5s);
  on_loop(worker->stop());
  worker.reset();
}

TEST_F(WebhooksTest, AnEndpointThatIsGoneIsLeftAloneUntilItIsEnabled) {
  const auto endpoint = create().endpoint;
  receiver.say({410});
  send();
  start_work(webhooks);
  finish();
  EXPECT_EQ(only_endpoint().disabled_because, "gone");
  EXPECT_TRUE(only_endpoint().disabled_at);
  send();
  EXPECT_EQ(jobs_of().size(), 1U);
  EXPECT_FALSE(on_loop(webhooks.enable("bob", endpoint.id)));
  EXPECT_TRUE(on_loop(webhooks.enable("ann", endpoint.id)));
  send();
  finish();
  EXPECT_EQ(receiver.received().size(), 2U);
}

TEST_F(WebhooksTest, FailingForFiveDaysDisables) {
  create();
  start_work(webhooks);
  receiver.say(std::vector<unsigned>(10, 500));
  send();
  finish();
  clock.advance(4 * 24h);
  send();  // is taken: that starts the days anew
  finish();
  receiver.say(std::vector<unsigned>(10, 500));
  send();
  finish();
  clock.advance(4 * 24h);
  receiver.say(std::vector<unsigned>(10, 500));
  send();
  finish();
  EXPECT_FALSE(only_endpoint().disabled_at);
  clock.advance(24h);
  receiver.say({500});
  send();
  finish();
  EXPECT_EQ(only_endpoint().disabled_because, "failing");
}

// The address was good when the endpoint was made, and its name leads to this machine now.

TEST_F(WebhooksTest, NeverConnectToWhatOnlyWeCanReach) {
  auto options = hurried();
  options.allow_private = false;
  Webhooks guarded(*database, queue, clock, log, metrics, options);
  const auto endpoint = create().endpoint;
  send();
  start_work(guarded);
  finish();
  EXPECT_TRUE(receiver.received().empty());
  EXPECT_THAT(faults(endpoint.id), Not(IsEmpty()));
  for (const auto& fault : faults(endpoint.id)) EXPECT_EQ(fault, "address");
}

TEST_F(WebhooksTest, ReadLittleOfALongAnswer) {
  create();
  receiver.say({200}, std::string(8 << 20, 'x'));
  send();
  start_work(webhooks);
  finish();
  EXPECT_EQ(receiver.received().size(), 1U);
}

}  // namespace
}  // namespace odeon::notify
