// Attempts at models as spans of the trace of whoever asked.
#include <gtest/gtest.h>

#include "engine/ai/gateway.hpp"
#include "testing/clock.hpp"
#include "testing/kept_calls.hpp"

namespace odeon::ai {
namespace {

const TraceContext kAsker = *TraceContext::parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

// Answers, or fails with `fault`; remembers where in the trace it was asked.
class TracedModel final : public TextModel, public SpeechModel {
 public:
  TracedModel(std::string name, std::string fault, TraceContext& place)
      : name_(std::move(name)), fault_(std::move(fault)), place_(place) {}
  std::string name() const override { return name_; }
  bool speaks(const SpeechRequest&) const override { return true; }
  Task<TextReply> complete(const TextRequest&, TraceContext place) override {
    place_ = place;
    if (!fault_.empty()) throw Error(Fault::upstream, fault_, "Lovelace@example.com asked too much.");
    co_return TextReply::of("secret", "", {.input_tokens = 10, .output_tokens = 5});
  }
  Task<Speech> speak(SpeechRequest request) override {
    place_ = request.trace;
    co_return Speech{Pcm{.rate = 8000, .samples = std::vector<float>(8)}, name_, "nova"};
  }

 private:
  std::string name_, fault_;
  TraceContext& place_;
};

struct AiTraceTest : ::testing::Test {
  testing::FakeClock clock;
  Log log{Log::Level::off};
  Metrics metrics;
  testing::KeptCalls ledger;
  Spans spans{{.ratio = 1}, metrics};
  Gateway gateway{clock, log, metrics, ledger, {.spans = &spans}};
  TraceContext first, second;
};

bool has(const Span& span, std::string_view name, const Span::Value& value) {
  return std::ranges::any_of(span.attributes,
                             [&](const auto& one) { return one.first == name && one.second == value; });
}

TEST_F(AiTraceTest, EachModelThatIsAskedGetsAPlaceOfItsOwn) {
  gateway.add(std::unique_ptr<TextModel>(new TracedModel("a/one", "OVERLOADED", first)));
  gateway.add(std::unique_ptr<TextModel>(new TracedModel("b/two", "", second)));
  TextRequest request{.task = "t", .messages = {{MessageRole::user, "secret"}}, .trace = kAsker};
  EXPECT_EQ(run_task(gateway.text(std::move(request))).text(), "secret");
  const auto done = spans.take(10);
  ASSERT_EQ(done.size(), 2U);
  EXPECT_EQ(done[0].context, first);
  EXPECT_EQ(done[1].context, second);
  for (const auto& span : done) {
    EXPECT_EQ(span.context.trace_id(), kAsker.trace_id());
    EXPECT_EQ(span.parent, kAsker.span);
    EXPECT_EQ(span.kind, Span::Kind::client);
    for (const auto& [key, value] : span.attributes)
      if (const auto* text = std::get_if<std::string>(&value))
        EXPECT_FALSE(text->contains("secret") || text->contains("Lovelace")) << key;
  }
  EXPECT_TRUE(done[0].failed);
  EXPECT_TRUE(has(done[0], "error.type", "OVERLOADED"));
  EXPECT_FALSE(done[1].failed);
  EXPECT_EQ(done[1].name, "chat two");
  EXPECT_TRUE(has(done[1], "gen_ai.provider.name", "b"));
  EXPECT_TRUE(has(done[1], "gen_ai.usage.output_tokens", std::int64_t{5}));
}

TEST_F(AiTraceTest, SpeechOnBoardIsNoCallToAnybody) {
  gateway.add(std::unique_ptr<SpeechModel>(new TracedModel("odeon-offline/flite", "", first)));
  static_cast<void>(run_task(gateway.speak({.text = "Hello.", .trace = kAsker})));
  const auto done = spans.take(10);
  ASSERT_EQ(done.size(), 1U);
  EXPECT_EQ(done[0].name, "speak flite");
  EXPECT_EQ(done[0].kind, Span::Kind::internal);
  EXPECT_EQ(done[0].context, first);
}

TEST_F(AiTraceTest, WhoDoesNotWantToSeeItSeesNothingButPassesTheTraceOn) {
  gateway.add(std::unique_ptr<TextModel>(new TracedModel("a/one", "", first)));
  auto unsampled = kAsker;
  unsampled.sampled = false;
  static_cast<void>(run_task(gateway.text({.task = "t", .trace = unsampled})));
  EXPECT_EQ(spans.waiting(), 0U);
  EXPECT_EQ(first.trace_id(), kAsker.trace_id());
}

}  // namespace
}  // namespace odeon::ai
