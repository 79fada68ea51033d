#include "engine/ai/gateway.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>

#include "testing/clock.hpp"
#include "testing/kept_calls.hpp"

namespace odeon::ai {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

// A provider that does what its script says, call after call; the last line repeats.
struct Script {
  std::string name;
  std::vector<std::function<void()>> lines;  // throws, or returns to answer
  std::vector<std::string> seen;             // prompts or texts
  bool hang = false;

  Task<void> play(std::string prompt) {
    const std::size_t line = std::min(seen.size(), lines.size() - 1);
    seen.push_back(std::move(prompt));
    if (hang) co_await sleep_on_loop(1h);
    if (!lines.empty()) lines[line]();
  }
};
void answer() {}
std::function<void()> fail(Fault fault, std::optional<std::chrono::seconds> retry_after = std::nullopt) {
  return [fault, retry_after] {
    Error error(fault, "SCRIPTED", "It failed.");
    error.retry_after = retry_after;
    throw error;
  };
}

class ScriptedText final : public TextModel {
 public:
  explicit ScriptedText(std::shared_ptr<Script> script) : script_(std::move(script)) {}
  std::string name() const override { return script_->name; }
  Task<TextReply> complete(const TextRequest& request, TraceContext) override {
    auto script = script_;
    co_await script->play(request.messages.empty() ? "" : request.messages.back().text());
    co_return TextReply::of("from " + script->name, "", {.input_tokens = 10, .output_tokens = 5});
  }

 private:
  std::shared_ptr<Script> script_;
};

class ScriptedVoice final : public SpeechModel {
 public:
  ScriptedVoice(std::shared_ptr<Script> script, std::string language, std::string voice)
      : script_(std::move(script)), language_(std::move(language)), voice_(std::move(voice)) {}
  std::string name() const override { return script_->name; }
  bool speaks(const SpeechRequest& request) const override {
    return request.language == language_ && (request.voice.empty() || request.voice == voice_);
  }
  std::vector<VoiceInfo> voices() const override { return {{voice_, language_, name()}}; }
  Task<Speech> speak(SpeechRequest request) override {
    auto script = script_;
    const std::string voice = voice_;
    co_await script->play(request.text);
    co_return Speech{Pcm{.rate = 8000, .samples = std::vector<float>(4000)}, script->name, voice};
  }

 private:
  std::shared_ptr<Script> script_;
  std::string language_, voice_;
};

class GatewayTest : public ::testing::Test {
 protected:
  std::shared_ptr<Script> text_model(std::string name, std::vector<std::function<void()>> lines = {answer}) {
    auto script = std::make_shared<Script>(std::move(name), std::move(lines));
    gateway.add(std::make_unique<ScriptedText>(script));
    return script;
  }
  std::shared_ptr<Script> voice(std::string name, std::string language, std::string voice,
                                std::vector<std::function<void()>> lines = {answer}) {
    auto script = std::make_shared<Script>(std::move(name), std::move(lines));
    gateway.add(std::make_unique<ScriptedVoice>(script, std::move(language), std::move(voice)));
    return script;
  }
  TextReply ask(TextRequest request = {}) {
    request.task = "briefings.script";
    return run_task(gateway.text(std::move(request)));
  }
  Error refused(TextRequest request = {}) {
    try {
      ask(std::move(request));
    } catch (const Error& error) {
      return error;
    }
    return Error(Fault::internal, "ANSWERED", "It answered.");
  }

  odeon::testing::FakeClock clock;
  Log log{Log::Level::off};
  Metrics metrics;
  testing::KeptCalls ledger;
  Gateway gateway{clock, log, metrics, ledger};
};

std::string composed() {
  return "composed";
}
TextRequest naming(std::string model, Composer offline = {}) {
  return {.models = {std::move(model)}, .offline = std::move(offline)};
}

TEST_F(GatewayTest, AsksTheFirstModelAndMetersIt) {
  text_model("a/one");
  auto second = text_model("b/two");
  const TextReply reply = ask();
  EXPECT_EQ(reply.text(), "from a/one");
  EXPECT_EQ(reply.model, "a/one");
  EXPECT_TRUE(second->seen.empty());
  ASSERT_EQ(ledger.calls.size(), 1U);
  EXPECT_EQ(ledger.calls[0].task, "briefings.script");
  EXPECT_EQ(ledger.calls[0].model, "a/one");
  EXPECT_EQ(ledger.calls[0].usage.input_tokens, 10);
  EXPECT_TRUE(ledger.calls[0].succeeded);
  EXPECT_THAT(metrics.text(),
              HasSubstr(R"(odeon_ai_requests_total{model="a/one",outcome="ok",task="briefings.script"} 1)"));
  EXPECT_THAT(metrics.text(), HasSubstr(R"(model_api_latency_seconds_count{model="one",status="success"} 1)"));
}

TEST_F(GatewayTest, FailsOverForWhatAnotherProviderMayNotHave) {
  for (const Fault fault : {Fault::upstream, Fault::unavailable, Fault::timeout, Fault::rate_limited,
                            Fault::unauthenticated, Fault::internal, Fault::not_found}) {
    Gateway fresh(clock, log, metrics, ledger);
    auto first = std::make_shared<Script>("a/one", std::vector<std::function<void()>>{fail(fault)});
    auto second = std::make_shared<Script>("b/two", std::vector<std::function<void()>>{answer});
    fresh.add(std::make_unique<ScriptedText>(first));
    fresh.add(std::make_unique<ScriptedText>(second));
    EXPECT_EQ(run_task(fresh.text({.task = "t"})).model, "b/two") << static_cast<int>(fault);
    EXPECT_EQ(fresh.health()[0].last_fault, "SCRIPTED");
  }
}

TEST_F(GatewayTest, DoesNotTryAFaultyRequestElsewhere) {
  text_model("a/one", {fail(Fault::invalid)});
  auto second = text_model("b/two");
  EXPECT_EQ(refused({.offline = composed}).fault, Fault::invalid);
  EXPECT_TRUE(second->seen.empty());
  EXPECT_TRUE(gateway.health()[0].available);
  // It says nothing of the model, neither good nor bad.
  EXPECT_THAT(metrics.text(), HasSubstr(R"({model="a/one",outcome="invalid",task="briefings.script"} 1)"));
  EXPECT_THAT(metrics.text(), Not(HasSubstr("model_api_latency_seconds_count")));
}

TEST_F(GatewayTest, TellsWhatIsAtFaultFromWhatIsDeclined) {
  text_model("a/one", {fail(Fault::too_large), [] { throw Error(Fault::upstream, kDeclined, "No."); }});
  text_model("b/two");
  EXPECT_EQ(refused().fault, Fault::too_large);
  EXPECT_EQ(ask().model, "b/two");
  const std::string told = metrics.text();
  for (const char* outcome : {"invalid", "declined"})
    EXPECT_THAT(told, HasSubstr(fmt::format(R"({{model="a/one",outcome="{}",task="briefings.script"}} 1)", outcome)));
  EXPECT_THAT(told, HasSubstr(R"(model_api_latency_seconds_count{model="one",status="success"} 1)"));
}

TEST_F(GatewayTest, FailsOverForThingsThatAreNotErrors) {
  text_model("a/one", {[] { throw std::runtime_error("a bug"); }});
  text_model("b/two");
  EXPECT_EQ(ask().model, "b/two");
}

TEST_F(GatewayTest, ComposesWhenNobodyAnswersAndSaysSo) {
  text_model("a/one", {fail(Fault::unavailable)});
  const TextReply reply = ask({.offline = composed});
  EXPECT_EQ(reply.text(), "composed");
  EXPECT_EQ(reply.model, "odeon-offline");
  ASSERT_EQ(ledger.calls.size(), 1U);
  EXPECT_EQ(ledger.calls[0].model, "odeon-offline");
}

TEST_F(GatewayTest, SaysWhenToTryAgainWhenThereIsNoComposer) {
  text_model("a/one", {fail(Fault::rate_limited, 90s)});
  text_model("b/two", {fail(Fault::unavailable, 40s)});
  const Error error = refused();
  EXPECT_EQ(error.fault, Fault::unavailable);
  EXPECT_EQ(error.code, "AI_UNAVAILABLE");
  EXPECT_EQ(error.retry_after, 40s);
}

TEST_F(GatewayTest, HasNoModelsAtAll) {
  EXPECT_EQ(refused().fault, Fault::unavailable);
  EXPECT_EQ(ask({.offline = composed}).text(), "composed");
}

TEST_F(GatewayTest, InsistingMeansOnlyThatModel) {
  auto first = text_model("a/one");
  text_model("b/two", {fail(Fault::upstream)});
  EXPECT_EQ(refused(naming("b/two", composed)).code, "SCRIPTED");
  EXPECT_TRUE(first->seen.empty());
  EXPECT_EQ(ask(naming("a/one")).model, "a/one");
  EXPECT_EQ(refused(naming("c/three", composed)).fault, Fault::invalid);
  EXPECT_EQ(ask(naming("odeon-offline", composed)).text(), "composed");
}

TEST_F(GatewayTest, DoesNotPassOurKeysTroubleOnAsTheCallers) {
  text_model("a/one", {fail(Fault::unauthenticated)});
  EXPECT_EQ(refused(naming("a/one")).fault, Fault::upstream);
}

TEST_F(GatewayTest, LeavesAModelAloneThatKeepsFailing) {
  auto first = text_model("a/one", {fail(Fault::upstream)});
  auto second = text_model("b/two");
  for (int i = 0; i < 8; ++i) EXPECT_EQ(ask().model, "b/two");
  EXPECT_EQ(first->seen.size(), 5U);
  EXPECT_FALSE(gateway.health()[0].available);
  const Error resting = refused(naming("a/one"));
  EXPECT_EQ(resting.code, "MODEL_RESTING");
  EXPECT_EQ(resting.retry_after, 30s);
  clock.advance(30s);
  first->lines = {answer};
  EXPECT_EQ(ask().model, "a/one");
  EXPECT_TRUE(gateway.health()[0].available);
  EXPECT_EQ(gateway.health()[0].last_fault, "");
}

TEST_F(GatewayTest, RespectsRetryAfter) {
  auto first = text_model("a/one", {fail(Fault::rate_limited, 7s), answer});
  text_model("b/two");
  EXPECT_EQ(ask().model, "b/two");
  EXPECT_EQ(ask().model, "b/two");
  EXPECT_EQ(first->seen.size(), 1U);
  clock.advance(7s);
  EXPECT_EQ(ask().model, "a/one");
}

TEST_F(GatewayTest, MetersAFailureThatCostSomethingAndARefusalDoesNotOpenTheCircuit) {
  text_model("a/one", {[] {
               throw FailedAfterUse(Error(Fault::upstream, kDeclined, "no"), {.input_tokens = 99, .output_tokens = 1});
             }});
  text_model("b/two");
  for (int i = 0; i < 6; ++i) EXPECT_EQ(ask().model, "b/two");
  ASSERT_EQ(ledger.calls.size(), 12U);
  EXPECT_EQ(ledger.calls[0].model, "a/one");
  EXPECT_EQ(ledger.calls[0].usage.input_tokens, 99);
  EXPECT_FALSE(ledger.calls[0].succeeded);
  EXPECT_TRUE(ledger.calls[1].succeeded);
  EXPECT_TRUE(gateway.health()[0].available);
}

TEST_F(GatewayTest, AnswersEvenIfTheLedgerIsAway) {
  text_model("a/one");
  ledger.broken = true;
  EXPECT_EQ(ask().text(), "from a/one");
}

// Runs `task` and cancels it as soon as everything else has come to rest.
template <class T>
std::exception_ptr cancelled(Task<T> task) {
  asio::io_context loop;
  asio::cancellation_signal signal;
  std::exception_ptr failure;
  asio::co_spawn(loop, std::move(task),
                 asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr error, T) { failure = error; }));
  loop.poll();
  signal.emit(asio::cancellation_type::terminal);
  loop.run();
  return failure;
}

TEST_F(GatewayTest, ACancelReachesTheModelAndIsNotAFailureOfIt) {
  auto first = text_model("a/one");
  first->hang = true;
  auto second = text_model("b/two");
  const auto failure = cancelled(gateway.text({.task = "t", .offline = composed}));
  ASSERT_TRUE(failure);
  EXPECT_THROW(std::rethrow_exception(failure), boost::system::system_error);
  EXPECT_TRUE(second->seen.empty());
  EXPECT_TRUE(ledger.calls.empty());
  EXPECT_EQ(gateway.health()[0].last_fault, "");
  EXPECT_THAT(metrics.text(), HasSubstr(R"(outcome="cancelled")"));
}

// What a streaming provider had charged when its caller went away.
class ChargingModel final : public TextModel {
 public:
  std::string name() const override { return "a/charging"; }
  Task<TextReply> complete(const TextRequest&, TraceContext) override {
    auto waited = co_await settle(sleep_on_loop(1h));
    if (!waited) throw FailedAfterUse(Error(Fault::upstream, "CUT_OFF", "cut"), {.output_tokens = 3});
    co_return TextReply{};
  }
};

TEST_F(GatewayTest, MetersWhatACancelledCallHadUsed) {
  gateway.add(std::make_unique<ChargingModel>());
  const auto failure = cancelled(gateway.text({.task = "t", .offline = composed}));
  ASSERT_TRUE(failure);
  EXPECT_THROW(std::rethrow_exception(failure), boost::system::system_error);
  ASSERT_EQ(ledger.calls.size(), 1U);
  EXPECT_EQ(ledger.calls[0].usage.output_tokens, 3);
  EXPECT_FALSE(ledger.calls[0].succeeded);
}

TEST_F(GatewayTest, SpeaksWithTheFirstVoiceOfTheLanguage) {
  voice("a/de", "de", "anna");
  voice("b/en", "en", "bob");
  const Speech speech = run_task(gateway.speak({.text = "Hello."}));
  EXPECT_EQ(speech.model, "b/en");
  EXPECT_EQ(speech.voice, "bob");
  ASSERT_EQ(ledger.calls.size(), 1U);
  EXPECT_EQ(ledger.calls[0].task, "speech");
  EXPECT_EQ(ledger.calls[0].usage.characters, 6);
  EXPECT_DOUBLE_EQ(ledger.calls[0].usage.seconds, 0.5);
  EXPECT_EQ(gateway.voices().size(), 2U);
}

TEST_F(GatewayTest, ReplacesAVoiceThatFailsOrIsUnknownByAnother) {
  auto first = voice("a/fine", "en", "heart", {fail(Fault::unavailable)});
  voice("odeon-offline/flite", "en", "slt");
  const Speech speech = run_task(gateway.speak({.text = "Hello.", .voice = "heart"}));
  EXPECT_EQ(speech.model, "odeon-offline/flite");
  EXPECT_EQ(speech.voice, "slt");
  EXPECT_EQ(first->seen.size(), 1U);
  EXPECT_EQ(run_task(gateway.speak({.text = "Hello.", .voice = "nobody"})).voice, "slt");
}

TEST_F(GatewayTest, TellsWhatIsWrongWithASpeechRequest) {
  voice("b/en", "en", "bob");
  const auto code_of = [&](SpeechRequest request) {
    try {
      run_task(gateway.speak(std::move(request)));
    } catch (const Error& error) {
      return error.fields.empty() ? error.code : error.fields[0].path + ":" + error.fields[0].code;
    }
    return std::string("spoke");
  };
  EXPECT_EQ(code_of({.text = " \n"}), "text:required");
  EXPECT_EQ(code_of({.text = std::string(4097, 'a')}), "text:too_long");
  EXPECT_EQ(code_of({.text = std::string(4096, 'a')}), "spoke");
  EXPECT_EQ(code_of({.text = "\xff"}), "text:utf8");
  EXPECT_EQ(code_of({.text = "a", .speed = 0.4}), "speed:range");
  EXPECT_EQ(code_of({.text = "a", .speed = std::nan("")}), "speed:range");
  EXPECT_EQ(code_of({.text = "a", .language = "tlh"}), "language:not_allowed");
  EXPECT_EQ(code_of({.text = "a", .model = "c/three"}), "model:not_allowed");
}

// Whoever comes first and is not in trouble answers; each before it was asked once.
RC_GTEST_PROP(GatewayProperty, TheFirstHealthyModelAnswers, ()) {
  const auto troubled = *rc::gen::container<std::vector<bool>>(rc::gen::arbitrary<bool>());
  const Fault faults[] = {Fault::upstream, Fault::unavailable, Fault::timeout, Fault::rate_limited};
  odeon::testing::FakeClock clock;
  Log log(Log::Level::off);
  Metrics metrics;
  testing::KeptCalls ledger;
  Gateway gateway(clock, log, metrics, ledger);
  std::vector<std::shared_ptr<Script>> scripts;
  for (std::size_t i = 0; i < troubled.size(); ++i) {
    const auto line = troubled[i] ? fail(faults[i % 4]) : std::function<void()>(answer);
    scripts.push_back(std::make_shared<Script>("m/" + std::to_string(i), std::vector{line}));
    gateway.add(std::make_unique<ScriptedText>(scripts.back()));
  }
  const auto healthy = std::ranges::find(troubled, false) - troubled.begin();
  const TextReply reply = run_task(gateway.text({.task = "t", .offline = composed}));
  const bool all_troubled = healthy == std::ssize(troubled);
  RC_ASSERT(reply.model == (all_troubled ? "odeon-offline" : "m/" + std::to_string(healthy)));
  for (std::size_t i = 0; i < scripts.size(); ++i)
    RC_ASSERT(scripts[i]->seen.size() == (static_cast<std::ptrdiff_t>(i) <= healthy ? 1U : 0U));
}

}  // namespace
}  // namespace odeon::ai
