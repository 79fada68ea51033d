// Who is asked, and in whose place another one is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/detached.hpp>

#include "engine/ai/gateway.hpp"
#include "testing/clock.hpp"
#include "testing/kept_calls.hpp"
#include "testing/played_model.hpp"

namespace odeon::ai {
namespace {

using namespace std::chrono_literals;
using odeon::testing::Play;
using odeon::testing::PlayedModel;

constexpr const char* kTwoModels = R"(
[[model]]
name = "small"
window = 1_000
can = []
price = { input = 1_000, output = 1_000 }
offer = [{ provider = "a", id = "one" }, { provider = "b", id = "two" }]
[[model]]
name = "large"
window = 100_000
can = []
price = { input = 1_000, output = 1_000 }
offer = [{ provider = "c", id = "three" }]
)";

TextEvents answering(std::string text, Usage usage = {.input_tokens = 10, .output_tokens = 4}) {
  return {TextDelta{std::move(text)}, Finished{.finish = Finish::stop, .usage = usage}};
}

struct Failover : ::testing::Test {
  std::shared_ptr<Play> model(std::string name, std::optional<Error> refusal = std::nullopt) {
    auto play = std::make_shared<Play>();
    play->reads = {answering("from " + name)};
    play->refusal = std::move(refusal);
    gateway.add(std::make_unique<PlayedModel>(std::move(name), play));
    return play;
  }
  static TextRequest question(std::vector<std::string> models = {}) {
    return {.task = "chat.reply",
            .messages = {{MessageRole::user, "Hello?"}},
            .max_tokens = 100,
            .models = std::move(models)};
  }
  TextReply ask(TextRequest request) { return run_task(gateway.text(std::move(request))); }
  Error refused(TextRequest request) {
    try {
      ask(std::move(request));
    } catch (const Error& error) {
      return error;
    }
    return Error(Fault::internal, "ANSWERED", "It answered.");
  }

  testing::FakeClock clock;
  Log log{Log::Level::off};
  Metrics metrics;
  testing::KeptCalls ledger;
  Catalogue catalogue = Catalogue::from_toml(kTwoModels);
  Gateway gateway{clock, log, metrics, ledger, {.catalogue = catalogue}};
};

Error failing(Fault fault, std::string code = "FAILED") {
  return Error(fault, std::move(code), "It failed.");
}

TEST_F(Failover, GoesToEverySellerOfAModelButNotOfAnOffer) {
  model("a/one", failing(Fault::upstream));
  const auto second = model("b/two");
  EXPECT_EQ(refused(question({"a/one"})).code, "FAILED");
  EXPECT_TRUE(second->asked.empty());
  EXPECT_EQ(ask(question({"small"})).model, "b/two");
}

TEST_F(Failover, AsksInAnEmergencyWhomThatKindOfItCallsFor) {
  const auto first = model("a/one", failing(Fault::rate_limited));
  model("b/two"), model("c/three");
  auto request = question({"a/one"});
  request.otherwise = [](Fault failed) {
    return std::vector<std::string>{failed == Fault::rate_limited ? "c/three" : "b/two", "a/one"};
  };
  EXPECT_EQ(ask(request).model, "c/three");
  first->refusal = failing(Fault::unavailable);
  EXPECT_EQ(ask(request).model, "b/two");
  request.otherwise = [](Fault) { return std::vector<std::string>{"a/one"}; };
  const auto asked = first->asked.size();
  EXPECT_EQ(refused(request).code, "AI_UNAVAILABLE");  // not insisted on
  EXPECT_EQ(first->asked.size(), asked + 1);           // and not asked twice
}

TEST_F(Failover, PassesOverWhatCannotHoldTheQuestion) {
  const auto small = model("a/one");
  const auto large = model("c/three", failing(Fault::upstream));
  auto request = question();
  request.messages = {{MessageRole::user, std::string(8'000, 'x')}};
  EXPECT_EQ(refused(request).code, "AI_UNAVAILABLE");
  EXPECT_TRUE(small->asked.empty());
  EXPECT_EQ(large->asked.size(), 1U);
  // Alone, it says itself what is too long.
  request.models = {"small"};
  EXPECT_EQ(ask(request).model, "a/one");
}

TEST_F(Failover, GoesOnWhereAProviderHasNoWordsForARequest) {
  model("a/one", failing(Fault::invalid, kUnsupported));
  const auto second = model("b/two");
  EXPECT_EQ(ask(question({"small"})).model, "b/two");
  second->refusal = failing(Fault::invalid, kUnsupported);
  EXPECT_EQ(refused(question()).fault, Fault::invalid);
  EXPECT_TRUE(gateway.health()[0].available);
}

TEST_F(Failover, GoesOnWhereAModelFindsTheTextTooLong) {
  model("a/one", failing(Fault::invalid, kTooLong));
  const auto large = model("c/three");
  for (int i = 0; i < 6; ++i) EXPECT_EQ(ask(question()).model, "c/three");
  EXPECT_TRUE(gateway.health()[0].available);
  large->refusal = failing(Fault::invalid, kTooLong);
  EXPECT_EQ(refused(question()).code, kTooLong);
  large->refusal = failing(Fault::unavailable);
  EXPECT_EQ(refused(question()).code, "AI_UNAVAILABLE") << "that one might have had room";
  model("b/two", failing(Fault::unavailable));
  EXPECT_EQ(refused(question({"small"})).code, kTooLong) << "it is the same model, whoever sells it";
}

TEST_F(Failover, SaysTheSoonestTimeToTryAgainOfAModelByName) {
  model("a/one", failing(Fault::unavailable).with_retry_after(7s));
  model("b/two", failing(Fault::unavailable).with_retry_after(3'600s));
  EXPECT_EQ(refused(question({"small"})).retry_after, 7s);
}

TEST_F(Failover, GuessesWhatAProviderDoesNotCount) {
  const auto play = model("a/one");
  play->reads = {answering("A sentence of some length.", {})};
  EXPECT_GT(ask(question()).usage.output_tokens, 3);
  ASSERT_EQ(ledger.calls.size(), 1U);
  EXPECT_GT(ledger.calls[0].usage.input_tokens, 0);
  EXPECT_GT(ledger.calls[0].cost, 0);
  const auto streamed = [](Gateway& gateway) -> Task<void> {
    auto reply = co_await gateway.stream(question());
    while (!(co_await reply.events->next()).empty()) {
    }
  };
  run_task(streamed(gateway));
  ASSERT_EQ(ledger.calls.size(), 2U);
  EXPECT_EQ(ledger.calls[1].usage.input_tokens, ledger.calls[0].usage.input_tokens);
  EXPECT_EQ(ledger.calls[1].usage.output_tokens, ledger.calls[0].usage.output_tokens);
}

TEST_F(Failover, ChargesTheQuestionOfWhoLeavesBeforeTheFirstWord) {
  const auto play = model("a/one");
  play->reads.clear();
  play->hangs = true;
  asio::io_context loop;
  asio::cancellation_signal leaving;
  play->meanwhile = [&] { asio::post(loop, [&] { leaving.emit(asio::cancellation_type::terminal); }); };
  const auto ask = [](Gateway& gateway) -> Task<void> { co_await settle(gateway.stream(question())); };
  asio::co_spawn(loop, ask(gateway), asio::bind_cancellation_slot(leaving.slot(), asio::detached));
  loop.run();
  ASSERT_EQ(ledger.calls.size(), 1U);
  EXPECT_FALSE(ledger.calls[0].succeeded);
  EXPECT_GT(ledger.calls[0].usage.input_tokens, 0);
  EXPECT_EQ(ledger.calls[0].usage.output_tokens, 0);
  EXPECT_TRUE(gateway.health()[0].available);
}

}  // namespace
}  // namespace odeon::ai
