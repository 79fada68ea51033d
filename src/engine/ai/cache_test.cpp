#include "engine/ai/cache.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/ai/gateway.hpp"
#include "testing/clock.hpp"
#include "testing/kept_calls.hpp"
#include "testing/shelf.hpp"

namespace odeon::ai {
namespace {

using ::testing::HasSubstr;

// Counts its calls, and writes in two reads.
class Author final : public TextModel {
 public:
  explicit Author(int& calls, Finish finish = Finish::stop) : calls_(calls), finish_(finish) {}
  std::string name() const override { return "a/author"; }
  Task<TextReply> complete(const TextRequest&, TraceContext) override {
    ++calls_;
    TextReply reply = TextReply::of("one two", "", {.input_tokens = 10, .output_tokens = 2});
    reply.finish = finish_;
    co_return reply;
  }
  Task<std::unique_ptr<TextStream>> stream(const TextRequest&, TraceContext) override {
    ++calls_;
    co_return std::make_unique<Writing>(finish_);
  }

 private:
  struct Writing final : TextStream {
    explicit Writing(Finish finish)
        : reads{{TextDelta{"one "}}, {TextDelta{"two"}, Finished{finish, {.input_tokens = 10}}}} {}
    Task<TextEvents> next() override { co_return at < reads.size() ? reads[at++] : TextEvents{}; }
    std::vector<TextEvents> reads;
    std::size_t at = 0;
  };
  int& calls_;
  Finish finish_;
};

class CountedEmbedder final : public EmbeddingModel {
 public:
  CountedEmbedder(std::string name, std::vector<std::string>& asked) : name_(std::move(name)), asked_(asked) {}
  std::string name() const override { return name_; }
  Task<Embeddings> embed(EmbeddingRequest request) override {
    if (broken) throw Error(Fault::upstream, "BROKEN", "broken");
    Embeddings all{.vectors = {}, .usage = {.input_tokens = std::ssize(request.texts)}};
    for (const auto& text : request.texts) {
      asked_.push_back(text);
      all.vectors.push_back({static_cast<float>(text.size()), name_ == "a/words" ? 1.0F : 2.0F});
    }
    co_return all;
  }
  bool broken = false;

 private:
  std::string name_;
  std::vector<std::string>& asked_;
};

class CacheTest : public ::testing::Test {
 protected:
  ~CacheTest() override { run_task(gateway.stop()); }
  static TextRequest question(std::string user = "anna") {
    return {.task = "chat",
            .messages = {{MessageRole::user, "Hello"}},
            .temperature = 0,
            .caching = Caching::own,
            .payer = {.user_id = std::move(user), .product = "chat"}};
  }
  // Its reads; what they leave to be done is done.
  std::vector<TextEvents> stream(TextRequest request) {
    const auto all = [](Gateway& gateway, TextRequest request) -> Task<std::vector<TextEvents>> {
      auto reply = co_await gateway.stream(std::move(request));
      std::vector<TextEvents> reads;
      for (auto events = co_await reply.events->next(); !events.empty(); events = co_await reply.events->next())
        reads.push_back(std::move(events));
      co_return reads;
    };
    return run_task(all(gateway, std::move(request)));
  }
  Embeddings embed(std::vector<std::string> texts, std::string user = "anna") {
    return run_task(gateway.embed({.texts = std::move(texts), .payer = {.user_id = std::move(user)}}));
  }

  odeon::testing::FakeClock clock;
  Log log{Log::Level::off};
  Metrics metrics;
  testing::KeptCalls ledger;
  odeon::testing::Shelf shelf;
  int calls = 0;
  std::vector<std::string> embedded;
  Gateway gateway{clock, log, metrics, ledger, {.cache = &shelf}};
};

TEST_F(CacheTest, TheSameQuestionIsAnsweredOnceAndCostsOnce) {
  gateway.add(std::make_unique<Author>(calls));
  const TextReply first = run_task(gateway.text(question()));
  EXPECT_FALSE(first.cached);
  const TextReply again = run_task(gateway.text(question()));
  EXPECT_TRUE(again.cached);
  EXPECT_EQ(again.text(), first.text());
  EXPECT_EQ(again.model, "a/author");
  EXPECT_EQ(again.usage.output_tokens, 2);
  EXPECT_EQ(again.usage.stated_cost, 0);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(ledger.calls.size(), 1U);
  EXPECT_EQ(shelf.lifetimes.front(), std::chrono::hours(24));
  EXPECT_THAT(metrics.text(), HasSubstr(R"(odeon_ai_cache_total{kind="answer",result="hit"} 1)"));
  EXPECT_THAT(metrics.text(), HasSubstr(R"(odeon_ai_cache_total{kind="answer",result="miss"} 1)"));
}

TEST_F(CacheTest, AStreamIsReplayedAsItCame) {
  gateway.add(std::make_unique<Author>(calls));
  const auto first = stream(question()), again = stream(question());
  EXPECT_EQ(calls, 1);
  ASSERT_EQ(again.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(std::get<TextDelta>(again[i][0]), std::get<TextDelta>(first[i][0]));
  EXPECT_EQ(std::get<Finished>(again[1][1]).usage.stated_cost, 0);
  EXPECT_EQ(run_task(gateway.text(question())).text(), "one two");
}

TEST_F(CacheTest, NobodyGetsAnothersAnswerUnlessItIsShared) {
  gateway.add(std::make_unique<Author>(calls));
  run_task(gateway.text(question("anna")));
  EXPECT_FALSE(run_task(gateway.text(question("ben"))).cached);
  auto shared = question("anna");
  shared.caching = Caching::shared;
  run_task(gateway.text(shared));
  shared.payer.user_id = "ben";
  EXPECT_TRUE(run_task(gateway.text(shared)).cached);
}

TEST_F(CacheTest, WhoDoesNotAskForItGetsAFreshAnswer) {
  gateway.add(std::make_unique<Author>(calls));
  auto fresh = question();
  fresh.caching = Caching::none;
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(run_task(gateway.text(fresh)).cached);
  EXPECT_TRUE(shelf.values.empty());
}

TEST_F(CacheTest, ARefusalIsNotKept) {
  gateway.add(std::make_unique<Author>(calls, Finish::declined));
  auto request = question();
  request.refusal_is_answer = true;
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(run_task(gateway.text(request)).cached);
  for (int i = 0; i < 2; ++i) stream(request);
  EXPECT_EQ(calls, 4);
}

TEST_F(CacheTest, WhateverIsFoundInsteadOfAnAnswerIsAMiss) {
  gateway.add(std::make_unique<Author>(calls));
  run_task(gateway.text(question()));
  for (const std::string broken : {"", "{}", "[1]", R"(["m",[]])", R"(["m",[[]]])", R"(["m",[[["text","x"]]]])",
                                   R"(["m",[[["more",3,"x"],["end",0,"",0,0,0]]]])", R"(["m",[[["end",0]]]])"}) {
    shelf.values.begin()->second = broken;
    const TextReply reply = run_task(gateway.text(question()));
    EXPECT_FALSE(reply.cached) << broken;
    EXPECT_EQ(reply.text(), "one two");
  }
}

TEST_F(CacheTest, EverythingThatMattersTellsRequestsApart) {
  using Change = std::function<void(TextRequest&)>;
  const std::vector<Change> changes{
      [](TextRequest& r) { r.messages[0].role = MessageRole::system; },
      [](TextRequest& r) { r.messages[0].parts.emplace_back(TextPart{""}); },
      [](TextRequest& r) { r.messages[0].parts[0] = TextPart{"Hell"}; },
      [](TextRequest& r) { r.messages[0].parts[0] = Picture{"Hello", "", ""}; },
      [](TextRequest& r) { r.messages[0].parts[0] = Picture{"", "Hello", ""}; },
      [](TextRequest& r) { r.messages[0].parts[0] = Picture{"", "Hello", "", PictureDetail::low}; },
      [](TextRequest& r) { r.messages.emplace_back(MessageRole::user, ""); },
      [](TextRequest& r) { r.max_tokens = 1; },
      [](TextRequest& r) { r.temperature = 0.1; },
      [](TextRequest& r) { r.temperature.reset(); },
      [](TextRequest& r) { r.top_p = 0; },
      [](TextRequest& r) { r.stop = {""}; },
      [](TextRequest& r) { r.form.kind = AnswerForm::Kind::json; },
      [](TextRequest& r) { r.form.schema = "{}"; },
      [](TextRequest& r) { r.form.description = "{}"; },
      [](TextRequest& r) { r.form.strict = true; },
      [](TextRequest& r) { r.may_continue = true; },
      [](TextRequest& r) { r.cut_is_answer = true; },
      [](TextRequest& r) { r.tools = {{.name = "a"}}; },
      [](TextRequest& r) { r.tools = {{.name = "a", .strict = true}}; },
      [](TextRequest& r) { r.tool_choice.mode = ToolChoice::Mode::none; },
      [](TextRequest& r) { r.tool_choice.one_at_a_time = true; },
      [](TextRequest& r) { r.effort = Effort::low; },
      [](TextRequest& r) { r.models = {"a"}; },
      [](TextRequest& r) { r.models = {"a", ""}; },
      [](TextRequest& r) { r.payer.user_id = "ben"; },
      [](TextRequest& r) { r.payer.product = "stories"; },
  };
  std::set<std::string> keys{cache_key(question())};
  for (const auto& change : changes) {
    auto request = question();
    change(request);
    keys.insert(cache_key(request));
  }
  EXPECT_EQ(keys.size(), changes.size() + 1);
  auto same = question();
  same.task = "other";
  EXPECT_EQ(cache_key(same), cache_key(question()));
}

RC_GTEST_PROP(CacheFormat, AnAnswerSurvivesBeingKept, ()) {
  const auto text = [] { return *rc::gen::container<std::string>(rc::gen::inRange<char>(' ', 127)); };
  KeptAnswer answer{"a/b", {}};
  std::size_t calls = 0;
  const int reads = *rc::gen::inRange(0, 5);
  for (int i = 0; i < reads; ++i) {
    auto& read = answer.reads.emplace_back();
    read.emplace_back(TextDelta{text()});
    read.emplace_back(ReasoningDelta{text(), text(), *rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<bool>()});
    read.emplace_back(ToolCallBegin{calls, text(), text(), text()});
    read.emplace_back(ToolCallDelta{calls++, text()});
  }
  const auto finish = *rc::gen::element(Finish::stop, Finish::length, Finish::tool_calls);
  answer.reads.push_back({Finished{finish, {.input_tokens = 3, .output_tokens = 4, .stated_cost = 0}, text()}});
  const auto back = read_kept_answer(write(answer));
  RC_ASSERT(back.has_value());
  RC_ASSERT(write(*back) == write(answer));
  RC_ASSERT(reply_of(*back).message == reply_of(answer).message);
}

TEST_F(CacheTest, WhatWasEmbeddedIsNotEmbeddedAgain) {
  gateway.add(std::make_unique<CountedEmbedder>("a/words", embedded));
  const auto first = embed({"one", "three"});
  const auto again = embed({"three", "seven", "one"});
  EXPECT_EQ(embedded, (std::vector<std::string>{"one", "three", "seven"}));
  EXPECT_EQ(again.vectors, (std::vector<std::vector<float>>{{5, 1}, {5, 1}, {3, 1}}));
  EXPECT_EQ(again.usage.input_tokens, 1);
  EXPECT_EQ(embed({"one"}).usage.input_tokens, 0);
  EXPECT_EQ(embed({"one"}, "ben").usage.input_tokens, 1);
  EXPECT_EQ(first.model, "a/words");
}

TEST_F(CacheTest, VectorsOfTwoModelsAreNeverMixed) {
  auto words = std::make_unique<CountedEmbedder>("a/words", embedded);
  auto& broken = words->broken;
  gateway.add(std::move(words));
  gateway.add(std::make_unique<CountedEmbedder>("b/other", embedded));
  embed({"one"});
  broken = true;
  const auto both = embed({"one", "three"});
  EXPECT_EQ(both.model, "b/other");
  EXPECT_EQ(both.vectors, (std::vector<std::vector<float>>{{3, 2}, {5, 2}}));
}

}  // namespace
}  // namespace odeon::ai
