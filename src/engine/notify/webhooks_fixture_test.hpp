// What tests of webhooks share: somebody's server that takes events, and a house that has some to tell.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/use_future.hpp>
#include <deque>
#include <mutex>
#include <set>

#include "base/error.hpp"
#include "engine/coordination/coordination.hpp"
#include "engine/http/server.hpp"
#include "engine/notify/push.hpp"
#include "engine/notify/webhooks.hpp"
#include "testing/clock.hpp"
#include "testing/database.hpp"
#include "testing/scratch.hpp"

namespace odeon::notify {

using namespace std::chrono_literals;

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

}  // namespace odeon::notify
