#include "engine/coordination/redis.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <boost/asio/use_future.hpp>
#include <fstream>
#include <future>
#include <thread>

#include "base/error.hpp"
#include "engine/coordination/conformance.hpp"
#include "engine/coordination/limits.hpp"
#include "testing/certificates.hpp"
#include "testing/clock.hpp"
#include "testing/redis_server.hpp"

namespace odeon::coordination {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Optional;

constexpr Limit kFiveOnRedis{5, 60s};

// A busy machine is no reason to give the server up.
RedisOptions patient(std::string url) {
  return {.url = std::move(url), .patience = 60s, .connecting = 60s, .first_retry = 1ms, .last_retry = 20ms};
}

class RedisSubject final : public Subject {
 public:
  Coordination& coordination() override { return *redis_; }
  void pass(Micros duration) override { clock_.advance(duration); }

 private:
  testing::RedisServer server_;
  testing::FakeClock clock_;
  std::unique_ptr<Coordination> redis_ = open_redis(patient(server_.url()), clock_);
};

INSTANTIATE_TEST_SUITE_P(Redis, Conformance, ::testing::Values([] { return std::make_unique<RedisSubject>(); }));

// Nodes on one server.
class RedisNodes : public ::testing::Test {
 protected:
  std::unique_ptr<Coordination> open() { return open_redis(patient(server.url()), clock); }
  Verdict take(Coordination& node, std::string key) { return run_task(node.take(std::move(key), kFiveOnRedis)); }
  std::optional<std::string> cached(Coordination& node, std::string key) {
    return run_task(node.cached(std::move(key)));
  }
  void cache(Coordination& node, std::string key, std::string value) {
    run_task(node.cache(std::move(key), std::move(value), 60s));
  }

  static std::string fault_of(Coordination& node) {
    try {
      run_task(node.ping());
    } catch (const Error& error) {
      EXPECT_EQ(error.fault, Fault::unavailable);
      return error.detail;
    }
    return {};
  }
  static void until_well(Coordination& node) {
    while (!fault_of(node).empty()) std::this_thread::yield();
  }
  static void until_away(Coordination& node) {
    while (fault_of(node).empty()) std::this_thread::yield();
  }
  // What is announced before the other node hears is lost, so it is said until it is heard.
  static void expect_heard(Coordination& from, Coordination& to, std::string topic) {
    const auto listener = to.listen(topic);
    for (;;) {
      from.announce(topic, "hello");
      try {
        EXPECT_EQ(run_task(with_timeout(20ms, listener->next())), "hello");
        return;
      } catch (const Error& silence) {
        EXPECT_EQ(silence.fault, Fault::timeout);
      }
    }
  }

  testing::RedisServer server;
  testing::FakeClock clock;
};

TEST_F(RedisNodes, a_hundred_at_once_over_four_nodes_let_five_through) {
  std::vector<std::unique_ptr<Coordination>> nodes;
  for (int i = 0; i < 4; ++i) nodes.push_back(open());
  Loops loops(4);
  std::vector<std::future<Verdict>> verdicts;
  for (std::size_t i = 0; i < 100; ++i)
    verdicts.push_back(
        asio::co_spawn(loops.executor(i / 4), nodes[i % 4]->take("crowd", kFiveOnRedis), asio::use_future));
  loops.start();
  int allowed = 0;
  for (auto& verdict : verdicts) allowed += verdict.get().allowed;
  EXPECT_EQ(allowed, 5);
}

TEST_F(RedisNodes, share_what_is_cached) {
  const auto ada = open(), bob = open();
  cache(*ada, "quote", "42");
  EXPECT_THAT(cached(*bob, "quote"), Optional(std::string("42")));
  run_task(bob->forget("quote"));
  EXPECT_EQ(cached(*ada, "quote"), std::nullopt);
  EXPECT_EQ(server.cli({"DBSIZE"}), "1\n") << "the key that shows the server to be well";
}

TEST_F(RedisNodes, hear_what_others_announce_and_themselves_once) {
  const auto ada = open(), bob = open();
  expect_heard(*ada, *bob, "warm up");
  expect_heard(*bob, *ada, "warm up");
  const auto at_ada = ada->listen("jobs"), at_bob = bob->listen("jobs");
  const std::string binary("\0:\r\n\xFF", 5);
  ada->announce("jobs", binary);
  EXPECT_EQ(run_task(at_bob->next()), binary);
  bob->announce("jobs", "");
  EXPECT_EQ(run_task(at_ada->next()), binary);
  EXPECT_EQ(run_task(at_ada->next()), "") << "its own came once";
}

TEST_F(RedisNodes, with_another_prefix_are_of_another_house) {
  const auto ada = open();
  RedisOptions options = patient(server.url());
  options.prefix = "other:";
  const auto other = open_redis(options, clock);
  cache(*ada, "quote", "42");
  EXPECT_EQ(cached(*other, "quote"), std::nullopt);
}

TEST_F(RedisNodes, go_on_alone_when_the_server_dies_and_together_when_it_is_back) {
  const auto ada = open(), bob = open();
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(take(*ada, "ada").allowed);
  EXPECT_FALSE(take(*bob, "ada").allowed);
  cache(*ada, "quote", "42");

  server.kill();
  for (auto* node : {ada.get(), bob.get()}) {
    until_away(*node);
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(take(*node, "carol").allowed) << "each node counts for itself";
    EXPECT_FALSE(take(*node, "carol").allowed);
    EXPECT_EQ(cached(*node, "quote"), std::nullopt);
    cache(*node, "quote", "43");
    EXPECT_EQ(cached(*node, "quote"), std::nullopt);
    EXPECT_EQ(run_task(cached_or(*node, "quote", 60s, []() -> Task<std::string> { co_return "made"; })), "made");
    expect_heard(*node, *node, "jobs");
  }

  server.restart();
  until_well(*ada);
  until_well(*bob);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(take(i % 2 ? *ada : *bob, "dora").allowed);
  EXPECT_FALSE(take(*ada, "dora").allowed);
  EXPECT_FALSE(take(*bob, "dora").allowed);
  cache(*ada, "quote", "44");
  EXPECT_THAT(cached(*bob, "quote"), Optional(std::string("44")));
  expect_heard(*ada, *bob, "jobs");
  expect_heard(*bob, *ada, "jobs");
}

TEST_F(RedisNodes, do_not_wait_for_a_server_that_hangs_and_forget_what_they_were_told_meanwhile) {
  const auto bob = open();
  cache(*bob, "removed", "old");
  cache(*bob, "replaced", "old");
  cache(*bob, "kept", "old");
  server.stop();
  RedisOptions hasty = patient(server.url());
  hasty.patience = 20ms;
  hasty.connecting = 20ms;
  const auto ada = open_redis(hasty, clock);
  for (int i = 0; i < 2000; ++i) EXPECT_EQ(take(*ada, "ada").allowed, i < 5);
  run_task(ada->forget("removed"));
  cache(*ada, "replaced", "new");
  EXPECT_THAT(fault_of(*ada), HasSubstr("redis: "));
  server.go_on();
  until_well(*ada);
  EXPECT_EQ(cached(*ada, "removed"), std::nullopt);
  EXPECT_EQ(cached(*ada, "replaced"), std::nullopt);
  EXPECT_THAT(cached(*bob, "kept"), Optional(std::string("old")));
}

TEST_F(RedisNodes, count_on_when_the_server_has_forgotten_the_script) {
  const auto ada = open();
  EXPECT_TRUE(take(*ada, "ada").allowed);
  server.cli({"SCRIPT", "FLUSH"});
  EXPECT_EQ(take(*ada, "ada").remaining, 3);
  EXPECT_EQ(take(*ada, "ada").remaining, 2);
}

TEST_F(RedisNodes, count_anew_what_somebody_else_has_written_over) {
  const auto ada = open();
  EXPECT_TRUE(take(*ada, "ada").allowed);
  server.cli({"SET", "odeon:limit:60:ada", "nonsense"});
  EXPECT_EQ(take(*ada, "ada").remaining, 4);
  server.cli({"DEL", "odeon:limit:60:ada"});
  server.cli({"LPUSH", "odeon:limit:60:ada", "a list"});
  EXPECT_EQ(take(*ada, "ada").remaining, 4) << "on this node";
}

TEST_F(RedisNodes, announce_but_count_alone_while_the_server_is_full) {
  const auto ada = open(), bob = open();
  EXPECT_TRUE(take(*ada, "ada").allowed);
  server.cli({"CONFIG", "SET", "maxmemory", "1"});
  EXPECT_THAT(fault_of(*ada), HasSubstr("OOM"));
  EXPECT_EQ(take(*ada, "ada").remaining, 4);
  EXPECT_EQ(take(*bob, "ada").remaining, 4);
  expect_heard(*ada, *bob, "jobs");
  server.cli({"CONFIG", "SET", "maxmemory", "0"});
  until_well(*ada);
  EXPECT_EQ(take(*ada, "ada").remaining, 3);
}

TEST_F(RedisNodes, leave_a_server_alone_that_only_reads) {
  const auto ada = open();
  EXPECT_TRUE(take(*ada, "ada").allowed);
  server.cli({"REPLICAOF", "127.0.0.1", "1"});
  until_away(*ada);
  EXPECT_THAT(fault_of(*ada), HasSubstr("READONLY"));
  EXPECT_EQ(take(*ada, "ada").remaining, 4);
  server.cli({"REPLICAOF", "NO", "ONE"});
  until_well(*ada);
  EXPECT_EQ(take(*ada, "ada").remaining, 3);
}

// The script and the memory driver are told the same story.
TEST_F(RedisNodes, count_as_a_node_alone_does) {
  const auto ada = open();
  int story = 0;
  EXPECT_TRUE(rc::check([&] {
    const std::string key = std::to_string(++story);
    const Limit limit{*rc::gen::inRange<std::int64_t>(0, 12), std::chrono::seconds(*rc::gen::inRange(0, 20))};
    Window window;
    for (const int step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 4'000'000))) {
      clock.advance(Micros(step));
      const Verdict expected = count(window, limit, clock.now());
      const Verdict verdict = run_task(ada->take(key, limit));
      RC_ASSERT(verdict.allowed == expected.allowed);
      RC_ASSERT(verdict.remaining == expected.remaining);
      RC_ASSERT(verdict.reset == expected.reset);
      RC_ASSERT(verdict.retry_after == expected.retry_after);
    }
  }));
}

TEST_F(RedisNodes, whose_clocks_differ_stay_within_the_limit) {
  testing::FakeClock ahead;
  ahead.advance(61s);
  const auto ada = open(), bob = open_redis(patient(server.url()), ahead);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(take(*bob, "ada").allowed);
  EXPECT_FALSE(take(*ada, "ada").allowed);
  const Verdict refused = take(*ada, "ada");
  EXPECT_GE(refused.retry_after, 60s);
  EXPECT_EQ(refused.remaining, 0);
}

TEST_F(RedisNodes, a_cancelled_call_takes_nobody_elses_reply) {
  const auto ada = open();
  cache(*ada, "quote", "42");
  server.stop();
  EXPECT_THROW(run_task(with_timeout(5ms, ada->take("ada", kFiveOnRedis))), Error);
  server.go_on();
  EXPECT_THAT(cached(*ada, "quote"), Optional(std::string("42")));
}

TEST_F(RedisNodes, a_large_value_passes_and_one_too_large_is_not_kept) {
  const auto ada = open();
  const std::string large(3'000'000, 'x');
  cache(*ada, "large", large);
  EXPECT_THAT(cached(*ada, "large"), Optional(large));
  cache(*ada, "large", std::string(5'000'000, 'x'));
  EXPECT_EQ(cached(*ada, "large"), std::nullopt);
}

TEST(RedisLogin, by_password_and_by_user_into_a_database) {
  testing::FakeClock clock;
  testing::RedisServer server({"--requirepass", "s/e:cret"});
  EXPECT_EQ(
      server.cli({"-a", "s/e:cret", "--no-auth-warning", "ACL", "SETUSER", "ada", "on", ">hush", "~*", "&*", "+@all"}),
      "OK\n");
  const std::string at = fmt::format("127.0.0.1:{}", server.port());
  const auto by_password = open_redis(patient("redis://:s%2Fe%3Acret@" + at + "/2"), clock);
  const auto by_user = open_redis(patient("redis://ada:hush@" + at + "/2"), clock);
  run_task(by_password->cache("quote", "42", 60s));
  EXPECT_THAT(run_task(by_user->cached("quote")), Optional(std::string("42")));
  const auto elsewhere = open_redis(patient("redis://ada:hush@" + at + "/3"), clock);
  EXPECT_EQ(run_task(elsewhere->cached("quote")), std::nullopt);
  EXPECT_NO_THROW(run_task(elsewhere->ping()));
}

TEST(RedisLogin, that_is_refused_says_so_and_degrades) {
  testing::FakeClock clock;
  testing::RedisServer server({"--requirepass", "secret"});
  for (const std::string login : {"", ":wrong@", "nobody:secret@"}) {
    const auto redis = open_redis(patient(fmt::format("redis://{}127.0.0.1:{}", login, server.port())), clock);
    EXPECT_EQ(run_task(redis->take("ada", kFiveOnRedis)).remaining, 4);
    try {
      run_task(redis->ping());
      ADD_FAILURE() << login;
    } catch (const Error& error) {
      EXPECT_THAT(error.detail, ::testing::AnyOf(HasSubstr("WRONGPASS"), HasSubstr("NOAUTH")));
      EXPECT_THAT(error.detail, ::testing::Not(HasSubstr("secret")));
    }
  }
}

TEST(RedisTls, is_spoken_with_whom_the_authorities_know) {
  testing::FakeClock clock;
  testing::ScratchFolder folder;
  const auto write = [&](std::string_view name, const std::string& text) {
    std::ofstream(folder / name) << text;
    return folder / name;
  };
  const auto authority = testing::make_authority("Ours"), stranger = testing::make_authority("Theirs");
  const auto certificate = testing::make_certificate("127.0.0.1", authority);
  const std::string ours = write("ours.pem", authority.certificate), theirs = write("theirs.pem", stranger.certificate);
  testing::RedisServer server({"--tls-cert-file", write("server.pem", certificate.certificate), "--tls-key-file",
                               write("server.key", certificate.key), "--tls-ca-cert-file", ours, "--tls-auth-clients",
                               "no"});
  RedisOptions options = patient(fmt::format("rediss://127.0.0.1:{}", server.port()));
  options.authorities_file = ours;
  const auto trusting = open_redis(options, clock);
  run_task(trusting->cache("quote", "42", 60s));
  EXPECT_THAT(run_task(trusting->cached("quote")), Optional(std::string("42")));
  EXPECT_NO_THROW(run_task(trusting->ping()));

  options.authorities_file = theirs;
  EXPECT_THROW(run_task(open_redis(options, clock)->ping()), Error);
  options.authorities_file = ours;
  options.url = fmt::format("rediss://localhost:{}", server.port());
  EXPECT_THROW(run_task(open_redis(options, clock)->ping()), Error) << "the certificate is for another name";
  options.authorities_file = folder / "missing.pem";
  EXPECT_THROW(open_redis(options, clock), Error);
}

}  // namespace
}  // namespace odeon::coordination
