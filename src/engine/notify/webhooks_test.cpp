#include "engine/notify/webhooks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/use_future.hpp>
#include <deque>
#include <mutex>

#include "base/error.hpp"
#include "engine/coordination/coordination.hpp"
#include "engine/http/server.hpp"
#include "engine/notify/push.hpp"
#include "engine/notify/signatures.hpp"
#include "testing/clock.hpp"
#include "testing/database.hpp"
#include "testing/scratch.hpp"

namespace odeon::notify {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

struct Received {
  http::Headers headers;
  std::string body;
};

// Somebody's server that takes events, or says what a test scripts.
class Receiver {
 public:
  Receiver() {
    port_ = server_.start();
    loops_.start();
  }
  ~Receiver() {
    asio::co_spawn(loops_[0], server_.stop(0ms), asio::use_future).get();
    loops_.stop();
    loops_.join();
  }
  std::string url() const { return fmt::format("http://127.0.0.1:{}/hook", port_); }
  // The next answers.
  void say(std::vector<unsigned> statuses, std::string body = "") {
    const std::lock_guard lock(mutex_);
    for (const unsigned status : statuses) {
      http::Response response{.status = status, .body = body};
      if (status / 100 == 3) response.headers.add("Location", url() + "/elsewhere");
      answers_.push_back(std::move(response));
    }
  }
  std::vector<Received> received() const {
    const std::lock_guard lock(mutex_);
    return received_;
  }

 private:
  Task<http::Response> answer(http::Request& request) {
    std::string body = co_await read_all(*request.body, 1 << 20);
    const std::lock_guard lock(mutex_);
    received_.push_back({request.headers, std::move(body)});
    http::Response response{.status = 204};
    if (!answers_.empty()) {
      response = std::move(answers_.front());
      answers_.pop_front();
    }
    co_return response;
  }

  mutable std::mutex mutex_;
  std::vector<Received> received_;
  std::deque<http::Response> answers_;
  Log log_{Log::Level::off};
  Metrics metrics_;
  Loops loops_{1};
  std::uint16_t port_ = 0;
  http::Server server_{{.address = "127.0.0.1", .port = 0},
                       loops_,
                       [this](http::Request& request) { return answer(request); },
                       log_,
                       metrics_};
};

class WebhooksTest : public ::testing::Test {
 protected:
  WebhooksTest() {
    auto tables = jobs::migrations();
    std::ranges::move(notify::migrations(), std::back_inserter(tables));
    run_task(database::migrate(*database, tables, clock));
    loops.start();
  }
  ~WebhooksTest() override {
    if (worker) on_loop(worker->stop());
    on_loop(database->close());
  }
  // With the standard's number of attempts, but without its pauses.
  static WebhookOptions hurried() {
    return {.allow_private = true, .time = 10s, .pauses = std::vector<std::chrono::seconds>(9)};
  }
  void start_work(Webhooks& of) {
    worker.emplace(queue, real_clock, log, metrics, jobs::WorkerOptions{.backoff = 1ms});
    of.install(*worker);
    on_loop(worker->start());
  }

  template <class T>
  T on_loop(Task<T> task) {
    return asio::co_spawn(loops[0], std::move(task), asio::use_future).get();
  }
  CreatedEndpoint create(std::vector<std::string> events = {}, const std::string& product = "briefings") {
    return on_loop(webhooks.create({"ann", product, receiver.url(), std::move(events)}));
  }
  Task<void> place(WebhookEvent event) {
    auto transaction = co_await database->begin();
    co_await webhooks.send(*transaction, std::move(event));
    co_await transaction->commit();
  }
  void send(const std::string& type = "briefing.ready", const std::string& key = "") {
    on_loop(place({"ann", "briefings", type, json::object{{"id", "b-1"}}, key}));
  }
  std::vector<std::string> jobs_of(const std::string& kind = "notify.webhook") {
    return on_loop(database->query<std::string>("SELECT id FROM jobs WHERE kind = $1 ORDER BY id", kind));
  }
  std::int64_t count_events() {
    return on_loop(database->find<std::int64_t>("SELECT count(*) FROM notify_events")).value();
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
  void finish() {
    for (const auto& id : jobs_of()) EXPECT_EQ(ended(id), jobs::State::completed);
  }
  WebhookEndpoint only_endpoint() { return on_loop(webhooks.list("ann", "briefings")).at(0); }
  std::vector<std::string> faults(const std::string& endpoint) {
    std::vector<std::string> all;
    for (const auto& attempt : on_loop(webhooks.attempts("ann", endpoint))) all.push_back(attempt.fault);
    return all;
  }
  Task<void> forget_ann() {
    auto transaction = co_await database->begin();
    co_await webhooks.forget(*transaction, "ann");
    co_await transaction->commit();
  }

  testing::ScratchFolder folder;
  testing::FakeClock clock;
  SystemClock real_clock;
  Log log{Log::Level::off};
  Metrics metrics;
  Receiver receiver;
  Loops loops{1};
  std::unique_ptr<database::Database> database = testing::open_database(folder);
  std::unique_ptr<coordination::Coordination> coordination = coordination::open_memory({}, real_clock);
  jobs::Queue queue{*database, *coordination, real_clock};
  Webhooks webhooks{*database, queue, clock, log, metrics, hurried()};
  std::optional<jobs::Worker> worker;
};

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

TEST_F(WebhooksTest, ReadLittleOfALongAnswer) {
  create();
  receiver.say({200}, std::string(8 << 20, 'x'));
  send();
  start_work(webhooks);
  finish();
  EXPECT_EQ(receiver.received().size(), 1U);
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
  on_loop(forget_ann());
  EXPECT_THAT(on_loop(webhooks.list("ann", "briefings")), IsEmpty());
  EXPECT_EQ(count_events(), 0);
  start_work(webhooks);
  finish();
  EXPECT_THAT(receiver.received(), IsEmpty());
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
