// Answers while they are being written: failover before the first word, honest ends after it, and books that are
// right whoever breaks off.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>

#include "engine/ai/gateway.hpp"
#include "testing/clock.hpp"
#include "testing/kept_calls.hpp"
#include "testing/played_model.hpp"

namespace odeon::ai {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Purse final : public Budgets {
 public:
  Task<std::string> reserve(Payer payer, NanoUsd most) override {
    if (most > left) throw Error(Fault::payment_required, "daily_budget_exceeded", "Your budget is used up.");
    left -= most;
    held = most;
    payers.push_back(payer.user_id);
    co_return "r1";
  }
  Task<void> settle(std::string reservation, NanoUsd cost) override {
    co_await sleep_on_loop(0s);
    EXPECT_EQ(reservation, "r1");
    left += std::exchange(held, 0) - cost;
    ++settled;
  }
  NanoUsd left = 1'000'000'000, held = 0;
  int settled = 0;
  std::vector<std::string> payers;
};

using odeon::testing::Play;
using odeon::testing::PlayedModel;
using odeon::testing::says;

TextEvents end(Finish finish = Finish::stop) {
  return {Finished{.finish = finish, .usage = {.input_tokens = 10, .output_tokens = 4}}};
}
Error broken() {
  return Error(Fault::upstream, "STREAM_CUT", "It broke.");
}

const char* kCatalogue = R"(
[[model]]
name = "small"
window = 1_000
max_output = 500
can = []
price = { input = 1, output = 10 }
offer = [{ provider = "a", id = "one" }, { provider = "b", id = "two", price = { input = 2, output = 20 } }]
)";

// Without an end it hangs, once all is said.
std::shared_ptr<Play> play_of(std::vector<TextEvents> reads) {
  auto play = std::make_shared<Play>();
  play->hangs = reads.empty() || !std::holds_alternative<Finished>(reads.back().back());
  play->reads = std::move(reads);
  return play;
}

struct GatewayStream : ::testing::Test {
  std::shared_ptr<Play> model(std::string name, std::vector<TextEvents> reads) {
    auto play = play_of(std::move(reads));
    gateway.add(std::make_unique<PlayedModel>(std::move(name), play));
    return play;
  }
  TextRequest question() {
    return {.task = "chat.reply",
            .messages = {{MessageRole::user, "Hello?"}},
            .max_tokens = 100,
            .payer = {.user_id = "u1", .product = "chat", .tier = "pro"}};
  }

  struct Heard {
    std::string model;
    TextReply reply;
    std::exception_ptr failure;
    int reads = 0;
    std::vector<std::string> continued;
  };
  static Task<void> listen(Gateway& gateway, TextRequest request, Heard& heard) {
    auto answer = co_await settle(gateway.stream(std::move(request)));
    if (!answer) {
      heard.failure = answer.error();
      co_return;
    }
    heard.model = answer->model;
    ReplyBuilder builder;
    for (;;) {
      auto events = co_await settle(answer->events->next());
      if (!events) heard.failure = events.error();
      if (!events || events->empty()) break;
      ++heard.reads;
      for (const auto& event : *events) {
        builder.take(event);
        if (const auto* other = std::get_if<Continued>(&event)) heard.continued.push_back(other->model);
      }
    }
    heard.reply = std::move(builder).finish();
  }
  Heard ask(TextRequest request) {
    Heard heard;
    run_task(listen(gateway, std::move(request), heard));
    return heard;
  }
  ~GatewayStream() override { run_task(gateway.stop()); }

  odeon::testing::FakeClock clock;
  Log log{Log::Level::off};
  Metrics metrics;
  testing::KeptCalls ledger;
  Purse purse;
  Gateway gateway{clock, log, metrics, ledger, {.catalogue = Catalogue::from_toml(kCatalogue), .budgets = &purse}};
};

std::string code_of(std::exception_ptr failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    return error.code;
  } catch (const std::exception& other) {
    return other.what();
  }
}

TEST_F(GatewayStream, PassesOnWhatComesReadByReadAndSettlesOnce) {
  model("a/one", {says("Good "), says("morning."), end()});
  const auto heard = ask(question());
  EXPECT_EQ(heard.model, "a/one");
  EXPECT_EQ(heard.reply.text(), "Good morning.");
  EXPECT_EQ(heard.reads, 3);
  ASSERT_EQ(ledger.calls.size(), 1U);
  EXPECT_TRUE(ledger.calls[0].succeeded);
  EXPECT_EQ(ledger.calls[0].payer.user_id, "u1");
  // 10 tokens at a dollar a million and 4 at ten.
  EXPECT_EQ(ledger.calls[0].cost, 10'000 + 40'000);
  EXPECT_EQ(purse.settled, 1);
  EXPECT_EQ(purse.left, 1'000'000'000 - 50'000);
}

TEST_F(GatewayStream, TheNextIsAskedUntilTheFirstWordIsHere) {
  auto first = model("a/one", {});
  first->refusal = Error(Fault::rate_limited, "PROVIDER_LIMIT", "Slow down.");
  auto second = model("c/breaks", {});
  second->fault = broken();
  model("b/two", {says("Hello."), end()});
  const auto heard = ask(question());
  EXPECT_EQ(heard.model, "b/two");
  EXPECT_FALSE(heard.failure);
  EXPECT_EQ(second->opened, 1);
  EXPECT_EQ(ledger.calls.size(), 1U);
}

TEST_F(GatewayStream, AfterTheFirstWordAFaultIsAFault) {
  model("a/one", {says("Twelve by"), says("tes here.")})->fault = broken();
  auto second = model("b/two", {says("never asked"), end()});
  const auto heard = ask(question());
  EXPECT_EQ(code_of(heard.failure), "STREAM_CUT");
  EXPECT_EQ(heard.reply.text(), "Twelve bytes here.");
  EXPECT_EQ(second->opened, 0);
  ASSERT_EQ(ledger.calls.size(), 1U);
  EXPECT_FALSE(ledger.calls[0].succeeded);
  EXPECT_EQ(ledger.calls[0].usage.output_tokens, 5);  // 18 bytes
  EXPECT_GT(ledger.calls[0].usage.input_tokens, 0);
  EXPECT_EQ(purse.settled, 1);
  EXPECT_EQ(purse.left, 1'000'000'000 - ledger.calls[0].cost);
  EXPECT_EQ(gateway.health()[0].last_fault, "STREAM_CUT");
}

TEST_F(GatewayStream, WhoGoesAwayClosesTheCallAndStillPays) {
  auto play = model("a/one", {says("A long story ")});
  auto leave = [](Gateway& gateway, TextRequest request) -> Task<void> {
    auto answer = co_await gateway.stream(std::move(request));
    EXPECT_EQ((co_await answer.events->next()).size(), 1U);
  };
  auto leave_and_stop = [leave](this auto, Gateway& gateway, TextRequest request) -> Task<void> {
    co_await leave(gateway, std::move(request));
    co_await gateway.stop();
  };
  run_task(leave_and_stop(gateway, question()));
  EXPECT_EQ(play->open, 0);
  ASSERT_EQ(ledger.calls.size(), 1U);
  EXPECT_EQ(ledger.calls[0].usage.output_tokens, 4);  // 13 bytes
  EXPECT_EQ(purse.settled, 1);
  EXPECT_EQ(purse.left, 1'000'000'000 - ledger.calls[0].cost);
  EXPECT_THAT(metrics.text(), HasSubstr(R"(outcome="cancelled")"));
}

TEST_F(GatewayStream, WhoIsCancelledWhileItListensPaysForWhatThereWas) {
  auto play = model("a/one", {says("A long story ")});
  asio::io_context loop;
  asio::cancellation_signal signal;
  Heard heard;
  asio::co_spawn(loop, listen(gateway, question(), heard),
                 asio::bind_cancellation_slot(signal.slot(), [](std::exception_ptr) {}));
  while (heard.reads == 0) loop.poll_one();
  signal.emit(asio::cancellation_type::terminal);
  loop.run();
  EXPECT_EQ(play->open, 0);
  ASSERT_EQ(ledger.calls.size(), 1U);
  EXPECT_FALSE(ledger.calls[0].succeeded);
  EXPECT_EQ(ledger.calls[0].usage.output_tokens, 4);  // 13 bytes
  EXPECT_EQ(purse.left, 1'000'000'000 - ledger.calls[0].cost);
}

TEST_F(GatewayStream, ARefusalIsNoAnswerUnlessItIsWanted) {
  model("a/one", {end(Finish::declined)});
  model("b/two", {says("Surely."), end()});
  EXPECT_EQ(ask(question()).model, "b/two");
  ASSERT_EQ(ledger.calls.size(), 2U);  // the refusal cost something, too
  auto request = question();
  request.refusal_is_answer = true;
  const auto heard = ask(std::move(request));
  EXPECT_EQ(heard.model, "a/one");
  EXPECT_EQ(heard.reply.finish, Finish::declined);
}

TEST_F(GatewayStream, WhatCannotBePaidIsNotAsked) {
  auto play = model("a/one", {says("x"), end()});
  purse.left = 100;
  EXPECT_EQ(code_of(ask(question()).failure), "daily_budget_exceeded");
  EXPECT_EQ(play->opened, 0);
}

TEST_F(GatewayStream, HoldsWhatMayBeThoughtAsWell) {
  auto play = model("a/one", {says("x"), end()});
  NanoUsd most = 0;
  play->meanwhile = [&] { most = std::max(most, purse.held); };
  ask(question());
  const NanoUsd plain = std::exchange(most, 0);
  EXPECT_GE(plain, 100 * 10'000) << "what it may write, at what that costs";
  play->room_to_think = 30;
  ask(question());
  EXPECT_EQ(most - plain, 30 * 10'000);
}

TEST_F(GatewayStream, GivesTheBudgetBackWhenNobodyAnswers) {
  model("a/one", {})->refusal = Error(Fault::unavailable, "PROVIDER_BUSY", "Later.");
  const auto heard = ask(question());
  EXPECT_EQ(code_of(heard.failure), "AI_UNAVAILABLE");
  EXPECT_EQ(purse.left, 1'000'000'000);
  EXPECT_EQ(purse.settled, 1);
}

TEST_F(GatewayStream, AModelsNameMeansWhoeverSellsIt) {
  model("b/two", {says("second"), end()});
  model("c/three", {says("other"), end()});
  auto request = question();
  request.models = {"small"};
  EXPECT_EQ(ask(std::move(request)).model, "b/two");
  ASSERT_EQ(gateway.models().size(), 1U);
  EXPECT_EQ(gateway.models()[0]->name, "small");
}

TEST_F(GatewayStream, RemembersHowLongTheFirstWordTakes) {
  model("a/one", {says("x"), end()})->meanwhile = [&] { clock.advance(80ms); };
  EXPECT_EQ(gateway.health()[0].first_word, Micros(0));
  ask(question());
  EXPECT_EQ(gateway.health()[0].first_word, 80ms);
  EXPECT_THAT(metrics.text(), HasSubstr(R"(model_first_token_seconds_sum{model="one"} 0.08)"));
  ask(question());
  EXPECT_EQ(gateway.health()[0].first_word, 80ms);
  clock.advance(10min);
  EXPECT_EQ(gateway.health()[0].first_word, Micros(0)) << "of then, not of now";
}

TEST_F(GatewayStream, TheOfflineAnswerIsAStreamToo) {
  auto request = question();
  request.offline = [] { return std::string("composed"); };
  const auto heard = ask(std::move(request));
  EXPECT_EQ(heard.model, "odeon-offline");
  EXPECT_EQ(heard.reply.text(), "composed");
}

TextEvents arbitrary_events() {
  TextEvents events;
  std::size_t calls = 0;
  const auto kinds = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 4));
  for (const int kind : kinds) {
    if (kind == 0) events.emplace_back(TextDelta{*rc::gen::nonEmpty<std::string>()});
    if (kind == 1) events.emplace_back(ReasoningDelta{.text = *rc::gen::nonEmpty<std::string>()});
    if (kind == 2) events.emplace_back(ToolCallBegin{calls++, "id", "look", ""});
    if (kind == 3 && calls > 0)
      events.emplace_back(ToolCallDelta{*rc::gen::inRange<std::size_t>(0, calls), *rc::gen::arbitrary<std::string>()});
  }
  events.emplace_back(Finished{});
  return events;
}

RC_GTEST_PROP(ReplyBuilderProperty, AReplyGoesThroughItsEventsUnchanged, ()) {
  ReplyBuilder once;
  for (const auto& event : arbitrary_events()) once.take(event);
  const TextReply reply = std::move(once).finish();
  ReplyBuilder again;
  for (const auto& event : events_of(reply)) again.take(event);
  RC_ASSERT(std::move(again).finish().message == reply.message);
}

TEST_F(GatewayStream, AnotherGoesOnWhereThatIsAllowedAndSaysSo) {
  auto first = model("a/one", {says("Once upon "), says("a time")});
  first->fault = broken();
  const auto second = model("b/two", {says(" there was"), says(" a fox."), end()});
  auto request = question();
  request.may_continue = true;
  const auto heard = ask(request);
  EXPECT_FALSE(heard.failure);
  EXPECT_EQ(heard.reply.text(), "Once upon a time there was a fox.");
  EXPECT_EQ(heard.continued, (std::vector<std::string>{"b/two"}));
  const auto& rest = second->asked.back();
  ASSERT_EQ(rest.messages.size(), 3U);
  EXPECT_EQ(rest.messages[1], Message(MessageRole::assistant, "Once upon a time"));
  EXPECT_LT(rest.max_tokens, request.max_tokens);
  ASSERT_EQ(ledger.calls.size(), 2U);
  EXPECT_FALSE(ledger.calls[0].succeeded);
  EXPECT_TRUE(ledger.calls[1].succeeded);
  EXPECT_EQ(heard.reply.usage.stated_cost, ledger.calls[0].cost + ledger.calls[1].cost);
  EXPECT_EQ(heard.reply.usage.output_tokens, ledger.calls[0].usage.output_tokens + ledger.calls[1].usage.output_tokens);
  EXPECT_EQ(purse.settled, 1);
  EXPECT_EQ(purse.left, 1'000'000'000 - *heard.reply.usage.stated_cost);
}

TEST_F(GatewayStream, ACutIsAFaultWhereNobodyMayOrCanGoOn) {
  struct Case {
    const char* why;
    std::function<void(TextRequest&)> change;
    TextEvents last;
    std::optional<Error> second;
  };
  const auto none = [](TextRequest&) {};
  const std::vector<Case> cases{
      {"not allowed", [](TextRequest& request) { request.may_continue = false; }, says("a"), std::nullopt},
      {"half a document", [](TextRequest& request) { request.form.kind = AnswerForm::Kind::json; }, says("{"),
       std::nullopt},
      {"a tool is being called", none, {ToolCallBegin{0, "c", "weather", ""}}, std::nullopt},
      {"nobody else can", none, says("a"), broken()},
      {"nor may ask that", none, says("a"), Error(Fault::invalid, "MODEL_REJECTED_REQUEST", "No.")},
  };
  for (const auto& [why, change, last, second] : cases) {
    Purse purse;
    testing::KeptCalls ledger;
    Gateway gateway{clock, log, metrics, ledger, {.catalogue = Catalogue::from_toml(kCatalogue), .budgets = &purse}};
    const auto breaks = play_of({says("So "), last}), other = play_of({says("b"), end()});
    breaks->fault = broken();
    other->refusal = second;
    gateway.add(std::make_unique<PlayedModel>("a/one", breaks));
    gateway.add(std::make_unique<PlayedModel>("b/two", other));
    auto request = question();
    request.may_continue = true;
    change(request);
    Heard heard;
    run_task(listen(gateway, std::move(request), heard));
    ASSERT_TRUE(heard.failure) << why;
    EXPECT_EQ(code_of(heard.failure), "STREAM_CUT") << why;
    EXPECT_EQ(purse.settled, 1) << why;
    run_task(gateway.stop());
  }
}

TextEvents thinks() {
  return {ReasoningDelta{.text = "Hm."}};
}
TextEvents end_by(Finish finish) {
  return {Finished{.finish = finish, .usage = {.input_tokens = 10, .output_tokens = 2}}};
}

TEST_F(GatewayStream, WhoeverSaysNothingHasNotAnswered) {
  for (const auto finish : {Finish::stop, Finish::length}) {
    ledger.calls.clear();
    const auto silent = fmt::format("a/{}", static_cast<int>(finish)), other = "b" + silent;
    model(silent, {end_by(finish)});
    model(other, {says("Yes."), end()});
    auto request = question();
    request.models = {silent, other};
    EXPECT_EQ(ask(request).model, other);
    ASSERT_EQ(ledger.calls.size(), 2U);
    EXPECT_FALSE(ledger.calls[0].succeeded);
    EXPECT_EQ(ledger.calls[0].usage.input_tokens, 10) << "it is paid all the same";
    request.models = {silent};
    if (finish == Finish::stop) request.stop = {"END"};
    request.cut_is_answer = finish == Finish::length;
    EXPECT_EQ(ask(request).reply.finish, finish) << "where that is to be expected";
  }
}

TEST_F(GatewayStream, WhoeverOnlyThoughtHasNotAnsweredAndOthersAreAskedAnew) {
  for (const bool breaks : {false, true}) {
    const auto thinker = fmt::format("a/{}", breaks), other = "b" + thinker;
    const auto play = model(thinker, breaks ? std::vector<TextEvents>{thinks()}
                                            : std::vector<TextEvents>{thinks(), end_by(Finish::length)});
    if (breaks) play->fault = broken();
    const auto second = model(other, {says("Yes."), end()});
    auto request = question();
    request.models = {thinker, other};
    EXPECT_EQ(code_of(ask(request).failure), breaks ? "STREAM_CUT" : kCutShort);
    request.may_continue = true;
    const auto heard = ask(request);
    EXPECT_FALSE(heard.failure);
    EXPECT_EQ(heard.reply.text(), "Yes.");
    EXPECT_EQ(heard.continued, std::vector{other});
    EXPECT_EQ(second->asked.back().messages, request.messages);
  }
}

TEST_F(GatewayStream, EveryContinuationKnowsAllThatWasSaidAndThereAreFew) {
  std::map<std::string, std::shared_ptr<Play>> plays;
  for (const char* name : {"a/one", "b/two", "c/three", "d/four"}) {
    plays[name] = model(name, {says(name)});
    plays[name]->fault = broken();
  }
  auto request = question();
  request.may_continue = true;
  const auto heard = ask(request);
  EXPECT_EQ(code_of(heard.failure), "STREAM_CUT");
  EXPECT_EQ(heard.reply.text(), "a/oneb/twoc/three");
  const auto& last = plays.at("c/three")->asked.back();
  ASSERT_EQ(last.messages.size(), 3U);
  EXPECT_EQ(last.messages[1].text(), "a/oneb/two");
  EXPECT_EQ(ledger.calls.size(), 3U);
  EXPECT_EQ(purse.settled, 1);
}

}  // namespace
}  // namespace odeon::ai
