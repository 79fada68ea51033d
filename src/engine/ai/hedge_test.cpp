#include "engine/ai/hedge.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>

#include "engine/ai/gateway.hpp"
#include "testing/clock.hpp"
#include "testing/kept_calls.hpp"

namespace odeon::ai {
namespace {

using namespace std::chrono_literals;

class SettledCosts final : public Budgets {
 public:
  Task<std::string> reserve(Payer, NanoUsd) override { co_return "r1"; }
  Task<void> settle(std::string, NanoUsd cost) override {
    settled.push_back(cost);
    co_return;
  }
  std::vector<NanoUsd> settled;
};

struct Behaviour {
  bool hangs = false;
  std::optional<Fault> fault;
  std::function<void()> asked;
  std::function<Task<void>()> wait;
  int calls = 0, cancelled = 0;
};

class HedgedModel final : public TextModel {
 public:
  HedgedModel(std::string name, Behaviour& behaviour) : name_(std::move(name)), behaviour_(behaviour) {}
  std::string name() const override { return name_; }
  Task<TextReply> complete(const TextRequest&, TraceContext) override {
    ++behaviour_.calls;
    if (behaviour_.asked) behaviour_.asked();
    if (behaviour_.fault) throw Error(*behaviour_.fault, "SCRIPTED", "It failed.");
    if (behaviour_.wait) co_await behaviour_.wait();
    if (behaviour_.hangs) {
      const auto slept = co_await settle(sleep_on_loop(1h));
      if (!slept) ++behaviour_.cancelled;
      if (!slept) std::rethrow_exception(slept.error());
    }
    co_return TextReply::of("from " + name_, "", {.input_tokens = 10, .output_tokens = 5});
  }

 private:
  std::string name_;
  Behaviour& behaviour_;
};

// The first is waited for as long as `hedge_after` says, the second for ever.
constexpr std::string_view kHedgedCatalogue = R"(
[[model]]
name = "small"
hedge_after = 0.005
price = { input = 1 }
offer = [{ provider = "a", id = "one" }, { provider = "b", id = "two" }]
)";

class HedgeTest : public ::testing::TestWithParam<bool> {
 protected:
  HedgeTest() {
    gateway.add(std::make_unique<HedgedModel>("a/one", first));
    gateway.add(std::make_unique<HedgedModel>("b/two", second));
  }
  ~HedgeTest() override { run_task(gateway.stop()); }
  static Task<std::string> answer(Gateway& gateway, bool streamed) {
    TextRequest request{.task = "chat", .messages = {{MessageRole::user, "?"}}, .payer = {.user_id = "anna"}};
    if (!streamed) co_return (co_await gateway.text(std::move(request))).model;
    auto reply = co_await gateway.stream(std::move(request));
    co_await collect(*reply.events);
    co_return reply.model;
  }
  std::string ask() { return run_task(answer(gateway, GetParam())); }

  odeon::testing::FakeClock clock;
  Log log{Log::Level::off};
  Metrics metrics;
  testing::KeptCalls ledger;
  SettledCosts purse;
  Behaviour first, second;
  Gateway gateway{
      clock, log, metrics, ledger, {.catalogue = Catalogue::from_toml(kHedgedCatalogue), .budgets = &purse}};
};
INSTANTIATE_TEST_SUITE_P(WholeAndStreamed, HedgeTest, ::testing::Bool());

TEST_P(HedgeTest, WhoeverIsSlowHasCompanyAndIsCancelled) {
  first.hangs = true;
  EXPECT_EQ(ask(), "b/two");
  EXPECT_EQ(first.cancelled, 1);
  ASSERT_EQ(ledger.calls.size(), 1U) << "one answer, one price";
  EXPECT_EQ(purse.settled, std::vector<NanoUsd>{ledger.calls[0].cost});
  EXPECT_TRUE(gateway.health()[0].available) << "to be slow is no failure";
}

TEST_P(HedgeTest, WhoeverAnswersInTimeIsAlone) {
  EXPECT_EQ(ask(), "a/one");
  EXPECT_EQ(second.calls, 0);
}

TEST_P(HedgeTest, WhoeverFailsInTimeIsFollowedAtOnce) {
  first.fault = Fault::upstream;
  EXPECT_EQ(ask(), "b/two");
  EXPECT_EQ(second.calls, 1);
  EXPECT_EQ(purse.settled.size(), 1U);
}

TEST_P(HedgeTest, AFaultOfTheRequestEndsBoth) {
  first.fault = Fault::invalid;
  EXPECT_THROW(ask(), Error);
  EXPECT_EQ(second.calls, 0);
  EXPECT_EQ(purse.settled, std::vector<NanoUsd>{0});
}

TEST_P(HedgeTest, AnotherThatFailsLeavesTheFirstItsTime) {
  first.hangs = true;
  second.fault = Fault::upstream;
  // Nobody waits an hour: once the second has failed, whoever asked goes away.
  asio::io_context loop(1);
  asio::cancellation_signal leave;
  second.asked = [&] { asio::post(loop, [&] { leave.emit(asio::cancellation_type::terminal); }); };
  bool ended = false;
  asio::co_spawn(loop, settle(answer(gateway, GetParam())),
                 asio::bind_cancellation_slot(leave.slot(), [&](std::exception_ptr, auto outcome) {
                   ended = true;
                   EXPECT_FALSE(outcome.has_value());
                 }));
  loop.run();
  EXPECT_TRUE(ended);
  EXPECT_EQ(second.calls, 1);
  EXPECT_EQ(first.cancelled, 1);
  EXPECT_EQ(purse.settled, std::vector<NanoUsd>{0});
}

TEST_P(HedgeTest, OfTwoThatAnswerAtOnceOneIsHeardAndBothArePaid) {
  // The first cannot be stopped any more when the second answers.
  asio::steady_timer* gate = nullptr;
  const auto wait = [](asio::steady_timer*& gate) -> Task<void> {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
    gate = &timer;
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  };
  first.wait = [&] { return wait(gate); };
  second.asked = [&] { gate->cancel(); };
  EXPECT_EQ(ask(), "a/one");
  ASSERT_EQ(ledger.calls.size(), 2U);
  NanoUsd all = 0;
  for (const auto& call : ledger.calls) {
    all += call.cost;
    EXPECT_GT(call.usage.input_tokens, 0) << call.model;
    if (GetParam()) EXPECT_EQ(call.succeeded, call.model == "a/one");
  }
  EXPECT_EQ(purse.settled, std::vector<NanoUsd>{all});
}

TEST(Hedge, OfTwoThatAnswerAtOnceBothAreKnown) {
  const auto say = [](int number) -> Task<std::expected<int, Error>> { co_return number; };
  // The first comes to its answer while the second is being asked.
  const auto late = [](asio::steady_timer& gate, auto say) -> Task<std::expected<int, Error>> {
    boost::system::error_code ignored;
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await gate.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    co_return co_await say(1);
  };
  const auto both = [](auto late, auto say) -> Task<Hedged<std::expected<int, Error>>> {
    asio::steady_timer gate(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
    const auto second = [&] {
      gate.cancel();
      return say(2);
    };
    co_return co_await hedged(1ms, late(gate, say), second);
  };
  const auto outcome = run_task(both(late, say));
  EXPECT_EQ(**outcome.first, 1);
  EXPECT_EQ(**outcome.second, 2);
}

}  // namespace
}  // namespace odeon::ai
