#include "engine/ai/providers/anthropic_batch.hpp"

#include "engine/ai/providers/anthropic.hpp"
#include "engine/ai/providers/batch_fixture_test.hpp"
#include "engine/ai/providers/claude_dialects_test.hpp"

namespace odeon::ai {
namespace {

using ::testing::ElementsAre;
namespace lines = batch_lines;

struct AnthropicBatchTest : BatchFixture<AnthropicBatch> {
  AnthropicBatchTest()
      : BatchFixture(kAnthropic, "/", std::make_shared<HeaderKey>("x-api-key", "", BatchServer::kAnthropicKey)) {}
  // Whatever address it says the results are at.
  BatchLook ended(std::string results, std::string_view address = "https://elsewhere.example/results") {
    server.keep("msgbatch_1", std::move(results));
    server.say({{"processing_status", "ended"}, {"results_url", address}});
    return look(batch_ticket("msgbatch_1", 3));
  }
};

TEST_F(AnthropicBatchTest, IsHandedOver) {
  EXPECT_EQ(submit({batch_question("one"), batch_question("two")}), "msgbatch_1");
  EXPECT_THAT(server.calls(), ElementsAre("POST /v1/messages/batches"));
  const auto asked = server.asked();
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked[1].first, "request-1");
  const auto alone = kAnthropic.write(batch_question("one"), {.id = "small"}, false);
  EXPECT_EQ(asked[0].second, json::parse(alone.body).as_object());
}

TEST_F(AnthropicBatchTest, IsOfOneVersionThatHasAPlaceForAllItSays) {
  traits.id = "claude-haiku-4-5";
  auto careful = batch_question("one"), plain = batch_question("two");
  careful.temperature = 0.1;
  plain.temperature = std::nullopt;
  submit({careful, plain});
  EXPECT_EQ(server.asked().at(0).second.at("temperature"), 0.1);
}

TEST_F(AnthropicBatchTest, BringsEveryKindOfResultInTheOrderOfTheRequests) {
  submit({batch_question("one"), batch_question("two"), batch_question("three")});
  EXPECT_FALSE(look(batch_ticket("msgbatch_1", 3)).answers);
  const auto look = ended(lines::anthropic("request-2", lines::succeeded("drei")) +
                          lines::anthropic("request-0", {{"type", "expired"}}) +
                          lines::anthropic("request-1", {{"type", "canceled"}}));
  EXPECT_THAT(said_in(look), ElementsAre(kBatchExpired, kBatchCancelled, "drei"));
  EXPECT_EQ(look.answers->at(2)->usage.input_tokens, 20);
  EXPECT_EQ(look.answers->at(2)->model, "p/small");
  const auto errors = ended(lines::anthropic("request-0", lines::errored("invalid_request_error")) +
                            lines::anthropic("request-1", lines::errored("overloaded_error")) +
                            lines::anthropic("request-2", lines::errored("api_error")));
  EXPECT_THAT(said_in(errors), ElementsAre("MODEL_REJECTED_REQUEST", "PROVIDER_BUSY", "PROVIDER_FAILED"));
}

TEST_F(AnthropicBatchTest, AHostileFileSpoilsOnlyWhatItIsAbout) {
  submit({batch_question("one"), batch_question("two"), batch_question("three")});
  const std::string once = lines::anthropic("request-0", lines::succeeded("eins"));
  const auto look = ended("\r\n{\n" + once + lines::anthropic("request-1", lines::succeeded("zwei")) + once +
                          lines::anthropic("request-9", lines::succeeded("neun")) +
                          lines::anthropic("request-2", {{"type", "dreamt"}}));
  EXPECT_THAT(said_in(look), ElementsAre("ANSWERED_TWICE", "zwei", "BAD_ANSWER"));
  EXPECT_THAT(said_in(ended(lines::anthropic("request-2", {{"type", "succeeded"}, {"message", json::object()}}))),
              ElementsAre("NO_ANSWER", "NO_ANSWER", "BAD_ANSWER"));
  EXPECT_THAT(said_in(ended(lines::anthropic("request-2", {{"type", "errored"}}))),
              ElementsAre("NO_ANSWER", "NO_ANSWER", "PROVIDER_FAILED"));
}

TEST_F(AnthropicBatchTest, TheKeyGoesNowhereElse) {
  submit({batch_question("one"), batch_question("two"), batch_question("three")});
  ended(lines::anthropic("request-0", lines::succeeded("eins")), "http://127.0.0.1:1/v1/messages/batches/x/results");
  EXPECT_EQ(server.calls().back(), "GET /v1/messages/batches/msgbatch_1/results");
}

TEST_F(AnthropicBatchTest, WhatIsNotThereAnyMoreIsGone) {
  EXPECT_THAT(said_in(look(batch_ticket("msgbatch_0", 1))), ElementsAre(kBatchGone));
  submit({batch_question("one")});
  server.say({{"processing_status", "ended"}});
  EXPECT_THAT(said_in(look(batch_ticket("msgbatch_1", 1))), ElementsAre(kBatchGone));
  server.say({{"processing_status", "ended"}, {"results_url", server.url("/gone")}});
  EXPECT_THAT(said_in(look(batch_ticket("msgbatch_1", 1))), ElementsAre(kBatchGone));
}

TEST_F(AnthropicBatchTest, RefusesStatesThatThereAreNotAndIsCancelled) {
  submit({batch_question("one")});
  server.say({{"processing_status", "asleep"}});
  EXPECT_EQ(error_of([&] { look(batch_ticket("msgbatch_1", 1)); }).code, "BAD_ANSWER");
  cancel("msgbatch_1");
  cancel("msgbatch_0");
  EXPECT_EQ(server.calls().back(), "POST /v1/messages/batches/msgbatch_0/cancel");
  provider->credentials = std::make_shared<HeaderKey>("x-api-key", "", "sk-wrong");
  EXPECT_EQ(error_of([&] { cancel("msgbatch_1"); }).fault, Fault::unauthenticated);
}

}  // namespace
}  // namespace odeon::ai
