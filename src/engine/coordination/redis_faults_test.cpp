// A server that misbehaves costs what Redis does for the nodes, and never a call.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/error.hpp"
#include "engine/coordination/redis.hpp"
#include "engine/coordination/redis_window.hpp"
#include "testing/clock.hpp"
#include "testing/raw_server.hpp"

namespace odeon::coordination {
namespace {

using namespace std::chrono_literals;
using testing::RawScript;
using testing::RawServer;

constexpr Limit kFiveWhileItFails{5, 60s};
const std::string kPing = redis::command({"SET", "odeon:ping", "", "PX", "1000"});
const std::string kGreeted = "+OK\r\n+OK\r\n";  // database and key that shows the server to be well

// Up to the first byte of the first command after the greeting.
testing::RawStep read_greeting() {
  using redis::command;
  return testing::read_bytes((command({"SELECT", "0"}) + command({"SET", "odeon:ping", "", "PX", "1000"})).size() + 1);
}

struct Outcome {
  Verdict first, second;
  std::optional<std::string> cached;
  std::string fault;
};

Task<Outcome> use(std::vector<RawScript> scripts, RedisOptions options) {
  testing::FakeClock clock;
  RawServer server(co_await asio::this_coro::executor);
  for (auto& script : scripts) server.on_connection(std::move(script));
  options.url = server.url("");
  options.url.replace(0, 4, "redis");
  std::unique_ptr<Coordination> redis = open_redis(options, clock);
  Outcome outcome;
  outcome.first = co_await redis->take("ada", kFiveWhileItFails);
  outcome.second = co_await redis->take("ada", kFiveWhileItFails);
  outcome.cached = co_await redis->cached("quote");
  const auto listener = redis->listen("jobs");
  redis->announce("jobs", "local");
  static_cast<void>(co_await listener->next());
  const auto ping = co_await settle(redis->ping());
  try {
    if (!ping) std::rethrow_exception(ping.error());
  } catch (const Error& error) {
    outcome.fault = error.detail;
  }
  redis.reset();
  co_await server.stop();
  co_return outcome;
}

// What a node makes of a server all of whose connections go like this. It is tried once.
Outcome make_of(RawScript script, std::chrono::milliseconds patience = 60s) {
  return run_task(
      use({std::move(script)}, {.patience = patience, .connecting = 60s, .first_retry = 1h, .last_retry = 1h}));
}

void expect_alone(const Outcome& outcome, const std::string& fault) {
  EXPECT_TRUE(outcome.first.allowed);
  EXPECT_EQ(outcome.first.remaining, 4);
  EXPECT_EQ(outcome.second.remaining, 3);
  EXPECT_EQ(outcome.cached, std::nullopt);
  EXPECT_NE(outcome.fault.find(fault), std::string::npos) << outcome.fault;
}

TEST(RedisFaults, a_server_that_is_loading) {
  expect_alone(make_of({testing::send("-LOADING Redis is loading the dataset in memory\r\n"), testing::hold()}),
               "LOADING");
}

TEST(RedisFaults, a_server_that_begins_to_load_later) {
  expect_alone(make_of({testing::send(kGreeted), read_greeting(), testing::send("-LOADING wait\r\n"), testing::hold()}),
               "LOADING");
}

TEST(RedisFaults, a_server_that_hangs_up) {
  expect_alone(make_of({testing::close_connection()}), "");
  expect_alone(make_of({testing::reset_connection()}), "");
  expect_alone(make_of({testing::send(kGreeted), read_greeting(), testing::close_connection()}), "");
}

TEST(RedisFaults, a_server_that_says_nothing) {
  expect_alone(make_of({testing::hold()}, 10ms), "no answer");
  expect_alone(make_of({testing::send(kGreeted), testing::hold()}, 10ms), "no answer");
}

TEST(RedisFaults, a_server_that_stops_within_a_reply) {
  expect_alone(
      make_of({testing::send(kGreeted), read_greeting(), testing::send("*4\r\n:1\r\n:2"), testing::hold()}, 10ms),
      "no answer");
}

TEST(RedisFaults, a_server_of_another_kind) {
  expect_alone(make_of({testing::send("HTTP/1.1 400 Bad Request\r\n\r\n"), testing::hold()}), "reply type");
}

TEST(RedisFaults, a_server_that_answers_what_nobody_asked) {
  expect_alone(make_of({testing::send(kGreeted + ":1\r\n:2\r\n:3\r\n"), testing::hold()}), "");
}

// Answers the commands of `use` one by one, each when it has come.
RawScript answering(const std::string& verdict, const std::string& value, const std::string& pong) {
  const std::string take = redis::Counting("odeon:", "ada", kFiveWhileItFails, testing::FakeClock().now()).by_digest();
  const std::string publish = redis::command({"PUBLISH", "odeon:announcements", std::string(16, 'n') + "4:jobslocal"});
  RawScript script{testing::send(kGreeted), read_greeting()};
  std::size_t read = 1;
  for (const auto& [command, reply] :
       {std::pair(take, verdict), std::pair(take, verdict),
        std::pair(redis::command({"GET", "odeon:cache:quote"}), value), std::pair(publish + kPing, ":1\r\n" + pong)}) {
    script.push_back(testing::read_bytes(command.size() - std::exchange(read, 0)));
    script.push_back(testing::send(reply));
  }
  script.push_back(testing::hold());
  return script;
}

TEST(RedisFaults, an_error_of_one_command_leaves_the_connection_alone) {
  const Outcome outcome = make_of(answering("-BUSY a script runs\r\n", "-WRONGTYPE a list\r\n", "+OK\r\n"));
  expect_alone(outcome, "");
  EXPECT_EQ(outcome.fault, "");
  expect_alone(make_of(answering("-BUSY a script runs\r\n", "$-1\r\n", "-MISCONF no disk\r\n")), "MISCONF");
}

TEST(RedisFaults, verdicts_that_the_script_does_not_give_are_not_believed) {
  for (const std::string reply :
       {"*4\r\n:0\r\n:99999999999\r\n:0\r\n:0\r\n", "*4\r\n:1\r\n:0\r\n:0\r\n:0\r\n",
        "*4\r\n:1\r\n:-1\r\n:-1\r\n:-1\r\n", "*4\r\n+1\r\n+1\r\n+1\r\n+1\r\n", "*0\r\n", "*-1\r\n", "+OK\r\n"}) {
    const Outcome outcome = make_of(answering(reply, "$3\r\nabc\r\n", "+OK\r\n"));
    expect_alone(outcome, "");
    EXPECT_EQ(outcome.fault, "") << reply;
  }
}

RC_GTEST_PROP(RedisFaults, whatever_it_sends_calls_are_answered, (const std::string& bytes)) {
  const auto piece =
      *rc::gen::element<std::string>("", "*4\r\n", ":1\r\n", "$-1\r\n", "+OK\r\n", "-ERR x\r\n", "$9\r\n");
  const RawScript script = *rc::gen::arbitrary<bool>()
                               ? RawScript{testing::send(kGreeted), read_greeting(), testing::send(piece + bytes),
                                           testing::close_connection()}
                               : RawScript{testing::send(piece + bytes), testing::close_connection()};
  const Outcome outcome = make_of(script);
  RC_ASSERT(outcome.first.allowed && outcome.second.allowed);
  RC_ASSERT(outcome.cached == std::nullopt);
}

TEST(RedisFaults, a_server_that_has_loaded_is_used_again) {
  const auto recover = [](this auto) -> Task<void> {
    testing::FakeClock clock;
    RawServer server(co_await asio::this_coro::executor);
    for (int i = 0; i < 6; ++i) server.on_connection({testing::send("-LOADING wait\r\n"), testing::hold()});
    RawScript well{testing::send(kGreeted), read_greeting()};
    for (int i = 0; i < 1000; ++i) {
      well.push_back(testing::send("+OK\r\n"));
      well.push_back(testing::read_bytes(kPing.size()));
    }
    server.on_connection(well);
    RedisOptions options{.patience = 60s, .connecting = 60s, .first_retry = 1ms, .last_retry = 2ms};
    options.url = "redis" + server.url("").substr(4);
    std::unique_ptr<Coordination> redis = open_redis(options, clock);
    while (!co_await settle(redis->ping())) co_await sleep_on_loop(1ms);
    redis.reset();
    co_await server.stop();
  };
  run_task(recover());
}

}  // namespace
}  // namespace odeon::coordination
