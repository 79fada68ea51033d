#include "engine/ai/routing.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <set>

namespace odeon::ai {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

const Catalogue& shipped_catalogue() {
  static const Catalogue all = Catalogue::standard();
  return all;
}
const Routing& routing() {
  static const Routing rules(Catalogue::standard_document(), shipped_catalogue());
  return rules;
}

constexpr NanoUsd dollars(double amount) {
  return static_cast<NanoUsd>(amount * 1e9);
}

// Every provider is set up, and well.
OfferStates everything() {
  OfferStates all;
  for (const auto& card : shipped_catalogue().models())
    for (const auto& offer : card.offers) all[offer.name()] = {};
  return all;
}

struct Case {
  Complexity complexity;
  const char* tier;
  NanoUsd left;
  const char* model;
  const char* reason;
};

TEST(Routing, FollowsTheWholeAlgorithmForBothTiers) {
  using enum Complexity;
  const std::vector<Case> cases{
      {simple, "pro", dollars(10), "openai/gpt-4o-mini", "simple"},
      {simple, "ultra", dollars(30), "openai/gpt-4o-mini", "simple"},
      {medium, "pro", dollars(10), "openai/gpt-4o", "medium"},
      {medium, "ultra", dollars(30), "openai/gpt-5.1", "medium_ultra"},
      {medium, "ULTRA", dollars(30), "openai/gpt-5.1", "medium_ultra"},
      {complex, "pro", dollars(10), "anthropic/claude-sonnet-5-5", "complex"},
      {complex, "ultra", dollars(30), "anthropic/claude-sonnet-5-5", "complex"},
      {complex, "ultra", kNoLimit, "anthropic/claude-sonnet-5-5", "complex"},
      // Remaining more than two dollars, or else.
      {complex, "pro", dollars(2) + 1, "anthropic/claude-sonnet-5-5", "complex"},
      {complex, "pro", dollars(2), "openai/gpt-4o", "complex_thrifty"},
      {complex, "ultra", dollars(0.5), "openai/gpt-4o", "complex_thrifty"},
      {medium, "ultra", dollars(0.5), "openai/gpt-5.1", "medium_ultra"},
      // Less than half a dollar: the cheapest, whatever is asked.
      {simple, "pro", dollars(0.5) - 1, "deepseek/deepseek-flash", "budget_low"},
      {medium, "ultra", dollars(0.1), "deepseek/deepseek-flash", "budget_low"},
      {complex, "ultra", 0, "deepseek/deepseek-flash", "budget_low"},
  };
  const OfferStates states = everything();
  for (const auto& each : cases) {
    const Route route =
        routing().route({.complexity = each.complexity, .tier = each.tier, .budget_left = each.left}, states);
    ASSERT_FALSE(route.own.empty());
    EXPECT_EQ(route.own.front(), each.model) << each.reason << " " << each.left;
    EXPECT_EQ(route.reason, each.reason) << each.left;
  }
}

TEST(Routing, HasASecondSellerThenWhatTheFailureCallsFor) {
  const Route route = routing().route({.complexity = Complexity::medium, .tier = "pro"}, everything());
  EXPECT_THAT(route.own, ElementsAre("openai/gpt-4o", "openrouter/openai/gpt-4o"));
  EXPECT_THAT(route.when_rate_limited,
              ElementsAre("mistral/mistral-large-2512", "openrouter/mistralai/mistral-large-2512"));
  EXPECT_THAT(route.when_unavailable, ElementsAre("openrouter/meta-llama/llama-3.1-70b-instruct"));
  EXPECT_EQ(route.first(), std::vector<std::string>(route.own.begin(), route.own.end()));
  EXPECT_EQ(route.others(Fault::rate_limited)[0], "mistral/mistral-large-2512");
  EXPECT_EQ(route.others(Fault::unavailable)[0], "openrouter/meta-llama/llama-3.1-70b-instruct");
  EXPECT_EQ(route.models()[2], "openrouter/meta-llama/llama-3.1-70b-instruct");
}

TEST(Routing, WhoHasLittleLeftGoesOnWithTheCheapest) {
  const Route route = routing().route({.budget_left = dollars(0.2)}, everything());
  EXPECT_THAT(route.own, ElementsAre("deepseek/deepseek-flash", "openrouter/deepseek/deepseek-v4.1-flash"));
  EXPECT_THAT(route.when_rate_limited, IsEmpty());
  EXPECT_THAT(route.when_unavailable, IsEmpty());
}

TEST(Routing, KeepsToWhatIsSetUp) {
  const OfferStates only{{"openrouter/openai/gpt-4o-mini", {}}, {"openrouter/mistralai/mistral-large-2512", {}}};
  EXPECT_THAT(routing().route({}, only).models(),
              ElementsAre("openrouter/openai/gpt-4o-mini", "openrouter/mistralai/mistral-large-2512"));
  const Route elsewhere = routing().route({.complexity = Complexity::complex}, only);
  EXPECT_THAT(elsewhere.own, IsEmpty());
  EXPECT_EQ(elsewhere.reason, "complex_elsewhere");
  EXPECT_THAT(elsewhere.models(),
              ElementsAre("openrouter/mistralai/mistral-large-2512", "openrouter/openai/gpt-4o-mini"));
  EXPECT_THAT(routing().route({}, {}).models(), IsEmpty());
}

TEST(Routing, AsksTheHealthyAndTheFasterFirst) {
  OfferStates states{{"openai/gpt-4o-mini", {.first_token = 900ms}}, {"openrouter/openai/gpt-4o-mini", {}}};
  const auto order = [&] { return routing().route({}, states).models(); };
  const std::string direct = "openai/gpt-4o-mini", other = "openrouter/openai/gpt-4o-mini";
  EXPECT_THAT(order(), ElementsAre(direct, other)) << "what was never measured is taken for slower";
  states[direct].first_token = 1100ms;
  EXPECT_THAT(order(), ElementsAre(other, direct)) << "but has its turn before who is slow";
  states[direct].first_token = 900ms;
  states[other].first_token = 850ms;
  EXPECT_THAT(order(), ElementsAre(other, direct));
  states[direct].first_token = 810ms;
  states[other].first_token = 800ms;
  EXPECT_THAT(order(), ElementsAre(direct, other)) << "too little to move for";
  states[direct].up = false;
  EXPECT_THAT(order(), ElementsAre(other, direct)) << "what is down comes last";
  states[other].up = false;
  EXPECT_THAT(order(), ElementsAre(direct, other));
}

TEST(Routing, TakesOverForLimitsWhereTheRulesOwnRestBecauseOfThem) {
  OfferStates states = everything();
  const auto first = [&] { return routing().route({}, states).first().front(); };
  const auto own = routing().route({}, states).first();
  for (const auto& name : own) states[name].up = false;
  const auto away = first();
  EXPECT_TRUE(away.contains("llama")) << away;
  for (const auto& name : own) states[name].limited = true;
  const auto limited = first();
  EXPECT_TRUE(limited.contains("mistral")) << limited;
}

TEST(Routing, PassesOverWhatCannot) {
  const OfferStates states = everything();
  const auto cards_of = [&](const Question& question) {
    std::vector<const ModelCard*> cards;
    for (const auto& name : routing().route(question, states).models()) cards.push_back(shipped_catalogue().find(name));
    return cards;
  };
  for (const auto* card : cards_of({.tools = true})) EXPECT_TRUE(card->tools) << card->name;
  for (const auto* card : cards_of({.pictures = true})) EXPECT_TRUE(card->pictures) << card->name;
  for (const auto* card : cards_of({.json = true})) EXPECT_TRUE(card->json) << card->name;
  for (const auto* card : cards_of({.input_tokens = 150'000})) EXPECT_GE(card->window, 150'000) << card->name;
  // GPT-4o holds 128,000 tokens: a simple question about a book goes elsewhere.
  EXPECT_EQ(routing().route({.input_tokens = 126'977, .output_tokens = 1'024}, states).reason, "simple_elsewhere");
  EXPECT_EQ(routing().route({.input_tokens = 126'976, .output_tokens = 1'024}, states).reason, "simple");
  EXPECT_THAT(routing().route({.input_tokens = 5'000'000}, states).models(), IsEmpty());
}

std::string rules_fault(const std::string& rules) {
  try {
    Routing(rules, shipped_catalogue(), "own.toml");
  } catch (const Error& error) {
    EXPECT_EQ(error.fault, Fault::invalid);
    return error.message;
  }
  return "";
}

TEST(Routing, SaysWhichRuleWhichKeyAndWhy) {
  const std::string good = "[[route]]\nwhy = \"x\"\nmodels = [\"gpt-4o\"]\n";
  EXPECT_EQ(rules_fault(good), "");
  const std::vector<std::pair<std::string, std::string>> cases{
      {"[[route]]\nmodels = [\"gpt-4o\"]", "own.toml:1: route 1: why must be a text"},
      {"[[route]]\nwhy = \"x\"", "x: models must name at least one"},
      {"[[route]]\nwhy = \"x\"\nmodels = [\"gpt-99\"]", "x.models: gpt-99 is no text model"},
      {"[[route]]\nwhy = \"x\"\nmodels = [\"tts-1\"]", "x.models: tts-1 is no text model"},
      {good + good, "x: there is such a rule already"},
      {good + "complexity = \"hard\"", "x.complexity: must be simple, medium or complex"},
      {good + "budget_below = \"much\"", "x.budget_below: must be a number"},
      {good + "fallbacks = 1", "x.fallbacks: must be true or false"},
      {good + "when = 1", "x.when: no such setting"},
      {"route = 1", "rules stand under [[route]]"},
      {"[fallbacks]\nrate_limited = [\"gpt-99\"]", "fallbacks.rate_limited: gpt-99 is no text model"},
      {"[fallbacks]\ndown = [\"gpt-4o\"]", "fallbacks.down: no such setting"},
  };
  for (const auto& [rules, fault] : cases) EXPECT_THAT(rules_fault(rules), HasSubstr(fault)) << rules;
}

TEST(Routing, WithoutARuleWhateverCanTheCheapestFirst) {
  const Routing none("", shipped_catalogue());
  const Route route = none.route({.input_tokens = 1'000, .output_tokens = 1'000}, everything());
  EXPECT_EQ(route.reason, "any");
  EXPECT_EQ(route.rest.front(), "gemini/gemini-2.5-flash-lite");
}

Question any_question() {
  using enum Complexity;
  return {.complexity = *rc::gen::element(simple, medium, complex),
          .input_tokens = *rc::gen::inRange<std::int64_t>(0, 1'200'000),
          .output_tokens = *rc::gen::inRange<std::int64_t>(0, 20'000),
          .tier = *rc::gen::element<std::string>("pro", "ultra", "enterprise", ""),
          .budget_left = *rc::gen::oneOf(rc::gen::just(kNoLimit), rc::gen::inRange<NanoUsd>(0, 4'000'000'000)),
          .tools = *rc::gen::arbitrary<bool>(),
          .pictures = *rc::gen::arbitrary<bool>(),
          .json = *rc::gen::arbitrary<bool>()};
}
OfferStates any_states() {
  OfferStates all = everything();
  const int of_ten = *rc::gen::inRange(0, 11);
  std::erase_if(all, [&](const auto&) { return *rc::gen::inRange(0, 10) >= of_ten; });
  for (auto& [name, state] : all)
    state = {.up = *rc::gen::inRange(0, 4) != 0, .first_token = Micros(*rc::gen::inRange(0, 3'000'000))};
  return all;
}
bool can(const ModelCard& card, const Question& question) {
  return card.kind == ModelKind::text && card.tools >= question.tools && card.pictures >= question.pictures &&
         card.json >= question.json && card.window >= question.input_tokens + question.output_tokens;
}

RC_GTEST_PROP(Routing, NamesAllThatCanServeAndNothingElseOnce, ()) {
  const Question question = any_question();
  const OfferStates states = any_states();
  std::set<std::string> able;
  for (const auto& [name, state] : states)
    if (can(*shipped_catalogue().find(name), question)) able.insert(name);
  for (const auto failed : {Fault::rate_limited, Fault::unavailable}) {
    const Route route = routing().route(question, states);
    auto named = route.others(failed);
    named.insert(named.end(), route.own.begin(), route.own.end());
    RC_ASSERT(named.size() == able.size());
    RC_ASSERT(std::set<std::string>(named.begin(), named.end()) == able);
  }
}

RC_GTEST_PROP(Routing, NeverAsksWhatIsDownBeforeWhatIsUp, ()) {
  const OfferStates states = any_states();
  const auto named = routing().route(any_question(), states).models();
  RC_ASSERT(std::ranges::is_sorted(named, std::greater(), [&](const auto& name) { return states.at(name).up; }));
}

RC_GTEST_PROP(Routing, WithLittleLeftTheRestIsByPrice, ()) {
  Question question = any_question();
  question.budget_left = *rc::gen::inRange<NanoUsd>(0, 500'000'000);
  const OfferStates states = any_states();
  const Route route = routing().route(question, states);
  RC_ASSERT(route.reason.starts_with("budget_low"));
  for (const auto& name : route.own) RC_ASSERT(shipped_catalogue().find(name)->name == "deepseek-flash");
  auto rest = route.models();
  rest.erase(rest.begin(), rest.begin() + std::ssize(route.own));
  std::erase_if(rest, [&](const auto& name) { return !states.at(name).up; });
  RC_ASSERT(std::ranges::is_sorted(rest, {}, [&](const auto& name) {
    return cost_of({.input_tokens = question.input_tokens, .output_tokens = question.output_tokens},
                   shipped_catalogue().offer(name)->price);
  }));
}

RC_GTEST_PROP(Routing, SaysTheSameOfTheSame, ()) {
  const Question question = any_question();
  const OfferStates states = any_states();
  RC_ASSERT(routing().route(question, states).models() == routing().route(question, states).models());
}

}  // namespace
}  // namespace odeon::ai
