#include "engine/ai/providers/openai_batch.hpp"

#include "engine/ai/providers/batch_fixture_test.hpp"
#include "engine/ai/providers/openai_chat.hpp"
#include "testing/raw_server.hpp"

namespace odeon::ai {
namespace {

using ::testing::ElementsAre;
namespace lines = batch_lines;
using lines::completion;

const OpenAiChat kOpenAiDialect{openai_flavours::kOpenAi};

struct OpenAiBatchTest : BatchFixture<OpenAiBatch> {
  OpenAiBatchTest() : BatchFixture(kOpenAiDialect, "/v1", bearer(BatchServer::kOpenAiKey)) {}
  BatchLook ended(std::string status, std::string output, std::string errors = "") {
    server.keep("file-out", std::move(output));
    server.keep("file-err", std::move(errors));
    server.say({{"status", status}, {"output_file_id", "file-out"}, {"error_file_id", "file-err"}});
    return look(batch_ticket("batch_1", 3));
  }
};

TEST_F(OpenAiBatchTest, IsUploadedAndStarted) {
  EXPECT_EQ(submit({batch_question("one\n\"1\""), batch_question("two")}), "batch_1");
  EXPECT_THAT(server.calls(), ElementsAre("POST /v1/files", "POST /v1/batches"));
  const auto asked = server.asked();
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked[1].first, "request-1");
  const auto alone = kOpenAiDialect.write(batch_question("one\n\"1\""), {.id = "small"}, false);
  EXPECT_EQ(asked[0].second, json::parse(alone.body).as_object());
}

TEST_F(OpenAiBatchTest, TellsHowFarItIs) {
  submit({batch_question("one"), batch_question("two"), batch_question("three")});
  for (const auto* status : {"validating", "in_progress", "finalizing", "cancelling"}) {
    server.say({{"status", status}, {"request_counts", {{"total", 3}, {"completed", 1}, {"failed", 1}}}});
    const auto far = look(batch_ticket("batch_1", 3));
    EXPECT_FALSE(far.answers) << status;
    EXPECT_EQ(far.ended, 2U) << status;
  }
  server.say({{"request_counts", {{"completed", 1'000'000}}}});
  EXPECT_EQ(look(batch_ticket("batch_1", 3)).ended, 3U);
}

TEST_F(OpenAiBatchTest, BringsAnswersAndErrorsInTheOrderOfTheRequests) {
  submit({batch_question("one"), batch_question("two"), batch_question("three")});
  const auto look = ended(
      "completed", lines::openai("request-2", completion("drei")) + lines::openai("request-0", completion("eins")),
      lines::openai("request-1", {{"error", {{"code", "context_length_exceeded"}, {"message", "Too long."}}}}, 400));
  EXPECT_THAT(said_in(look), ElementsAre("eins", kTooLong, "drei"));
  EXPECT_EQ(look.answers->at(1).error().fault, Fault::invalid);
  EXPECT_EQ(look.answers->at(0)->usage.input_tokens, 20);
  EXPECT_EQ(look.answers->at(0)->model, "p/small");
}

TEST_F(OpenAiBatchTest, WhatWasAnsweredBeforeTheEndStands) {
  submit({batch_question("one"), batch_question("two"), batch_question("three")});
  const std::string one = lines::openai("request-0", completion("eins"));
  EXPECT_THAT(said_in(ended("expired", one, lines::openai_unasked("request-1", "batch_expired"))),
              ElementsAre("eins", kBatchExpired, kBatchExpired));
  EXPECT_THAT(said_in(ended("cancelled", one, lines::openai_unasked("request-1", "batch_cancelled"))),
              ElementsAre("eins", kBatchCancelled, kBatchCancelled));
  EXPECT_THAT(said_in(ended("completed", one)), ElementsAre("eins", "NO_ANSWER", "NO_ANSWER"));
}

TEST_F(OpenAiBatchTest, ARefusedBatchIsTheErrorOfAll) {
  submit({batch_question("one"), batch_question("two")});
  server.say({{"status", "failed"},
              {"errors",
               {{"object", "list"},
                {"data", json::array{json::object{{"code", "insufficient_quota"}, {"message", "…"}, {"line", 1}}}}}}});
  EXPECT_THAT(said_in(look(batch_ticket("batch_1", 2))), ElementsAre("PROVIDER_SPENT", "PROVIDER_SPENT"));
  server.say({{"status", "failed"}});
  EXPECT_THAT(said_in(look(batch_ticket("batch_1", 2))), ElementsAre("BATCH_FAILED", "BATCH_FAILED"));
}

TEST_F(OpenAiBatchTest, WhatIsNotThereAnyMoreIsGone) {
  EXPECT_THAT(said_in(look(batch_ticket("batch_0", 2))), ElementsAre(kBatchGone, kBatchGone));
  submit({batch_question("one"), batch_question("two")});
  server.say({{"status", "completed"}, {"output_file_id", "file-deleted"}});
  EXPECT_THAT(said_in(look(batch_ticket("batch_1", 2))), ElementsAre(kBatchGone, kBatchGone));
}

TEST_F(OpenAiBatchTest, AHostileFileSpoilsOnlyWhatItIsAbout) {
  submit({batch_question("one"), batch_question("two"), batch_question("three")});
  const std::string good = lines::openai("request-1", completion("zwei"));
  const std::string once = lines::openai("request-0", completion("eins"));
  EXPECT_THAT(
      said_in(ended("completed",
                    "{broken\n\n[1]\nnull\n" + once + good + once + lines::openai("request-3", completion("vier")) +
                        lines::openai("request-01", completion("?")) + lines::openai("request--1", completion("?")) +
                        lines::line({{"custom_id", 2}}) + R"({"custom_id":"request-2")")),
      ElementsAre("ANSWERED_TWICE", "zwei", "NO_ANSWER"));
  for (const json::object& nonsense :
       {json::object{{"custom_id", "request-2"}},
        json::object{{"custom_id", "request-2"}, {"response", {{"status_code", 200}, {"body", "text"}}}},
        json::object{{"custom_id", "request-2"}, {"response", {{"status_code", 200}, {"body", json::object()}}}},
        json::object{{"custom_id", "request-2"}, {"response", json::array()}}}) {
    const auto look = ended("completed", lines::line(nonsense) + good);
    EXPECT_EQ(said_in(look)[1], "zwei") << nonsense;
    EXPECT_EQ(look.answers->at(2).error().fault, Fault::upstream) << nonsense;
  }
}

TEST_F(OpenAiBatchTest, KeepsTheFormThatWasAskedFor) {
  submit({batch_question("one"), batch_question("two"), batch_question("three")});
  auto ticket = batch_ticket("batch_1", 3);
  ticket.entries[0].json = ticket.entries[1].json = true;
  server.keep("file-out", lines::openai("request-0", completion("```json\n{\"a\":1}\n```")) +
                              lines::openai("request-1", completion("Sure!")) +
                              lines::openai("request-2", completion("  ")));
  server.say({{"status", "completed"}, {"output_file_id", "file-out"}});
  const auto seen = look(ticket);
  EXPECT_THAT(said_in(seen), ElementsAre("{\"a\":1}", "NOT_JSON", "NO_TEXT"));
  EXPECT_EQ(seen.answers->at(1).error().usage.output_tokens, 5);
}

TEST_F(OpenAiBatchTest, RefusesIdsAndStatesThatCannotBe) {
  submit({batch_question("one")});
  server.say({{"status", "completed"}, {"output_file_id", "../batches/batch_1/cancel?"}});
  EXPECT_EQ(error_of([&] { look(batch_ticket("batch_1", 1)); }).code, "BAD_ANSWER");
  server.say({{"status", "asleep"}});
  EXPECT_EQ(error_of([&] { look(batch_ticket("batch_1", 1)); }).code, "BAD_ANSWER");
  server.say({{"id", "a/b"}});
  EXPECT_EQ(error_of([&] { submit({batch_question("one")}); }).code, "BAD_ANSWER");
}

TEST_F(OpenAiBatchTest, IsCancelledUnlessItHasEnded) {
  submit({batch_question("one")});
  cancel("batch_1");
  server.say({{"status", "completed"}});
  cancel("batch_1");
  cancel("batch_0");
  EXPECT_EQ(server.calls().back(), "POST /v1/batches/batch_0/cancel");
  provider->credentials = bearer("sk-wrong");
  EXPECT_EQ(error_of([&] { cancel("batch_1"); }).fault, Fault::unauthenticated);
  EXPECT_EQ(error_of([&] { submit({batch_question("one")}); }).fault, Fault::unauthenticated);
  EXPECT_EQ(error_of([&] { look(batch_ticket("batch_1", 1)); }).fault, Fault::unauthenticated);
}

// Half of the results are none: it is looked again.
TEST_F(OpenAiBatchTest, AFileThatIsCutOffIsAFailureOfTheLook) {
  const auto play = [](std::shared_ptr<Provider> provider, const Clock& clock) -> Task<BatchLook> {
    using odeon::testing::read_head;
    using odeon::testing::send;
    odeon::testing::RawServer raw(co_await asio::this_coro::executor);
    const std::string batch = R"({"id":"batch_1","status":"completed","output_file_id":"file-out"})";
    const std::string half = lines::openai("request-0", completion("eins"));
    raw.on_connection({read_head(),
                       send(fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", batch.size()) + batch),
                       read_head(), send("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + half),
                       odeon::testing::close_connection()});
    provider->base_url = raw.url("/v1");
    http::Client client({});
    OpenAiBatch model(client, clock, provider, ModelTraits{.id = "small"});
    auto look = co_await settle(model.look(batch_ticket("batch_1", 1)));
    co_await raw.stop();
    if (!look) std::rethrow_exception(look.error());
    co_return std::move(*look);
  };
  EXPECT_EQ(error_of([&] { run_task(play(provider, clock)); }).code, "CUT_OFF");
}

TEST_F(OpenAiBatchTest, RefusesWhatIsTooMuch) {
  const std::vector<TextRequest> much(33, batch_question(std::string(1 << 20, 'x')));
  EXPECT_EQ(error_of([&] { submit(much); }).fault, Fault::too_large);
  EXPECT_TRUE(server.calls().empty());
}

}  // namespace
}  // namespace odeon::ai
