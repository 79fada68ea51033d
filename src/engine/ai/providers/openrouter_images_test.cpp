#include "engine/ai/providers/openrouter_images.hpp"

#include <gtest/gtest.h>

#include "base/crypto.hpp"
#include "engine/ai/providers/answering_server_test.hpp"
#include "engine/ai/providers/failure_test.hpp"
#include "engine/ai/providers/picture_bytes_test.hpp"
#include "testing/clock.hpp"

namespace odeon::ai {
namespace {

using json::array;
using json::object;

Images openrouter_draws(AnsweringServer& server, ImageRequest request,
                        OpenRouterImages::Answers answers = OpenRouterImages::Answers::pictures_and_text) {
  http::Client client({});
  const odeon::testing::FakeClock clock;
  OpenRouterImages model(client, clock, {.provider = "openrouter", .base_url = server.base + "/api", .key = "sk-or"},
                         "google/gemini-2.5-flash-image", answers);
  return run_task(model.draw(std::move(request)));
}

const std::string kDrawn =
    R"({"id":"gen-1","provider":"Google","model":"google/gemini-2.5-flash-image","object":"chat.completion","choices":[
       {"logprobs":null,"finish_reason":"stop","native_finish_reason":"STOP","index":0,"message":{"role":"assistant",
        "content":"Here it is.","refusal":null,"images":[{"type":"image_url","image_url":{
        "url":"data:image/png;base64,iVBORw0K"},"index":0},{"image_url":{"url":"data:text/html;base64,PGh0bWw+"}}]}}],
       "usage":{"prompt_tokens":12,"completion_tokens":1290,"total_tokens":1302,"cost":0.0387,"is_byok":false,
        "completion_tokens_details":{"reasoning_tokens":0,"image_tokens":1290}}})";

TEST(OpenRouterImages, DrawsBesideItsWords) {
  AnsweringServer server({{kDrawn}});
  const Images drawn =
      openrouter_draws(server, {.prompt = "a hat on it",
                                .width = 1000,
                                .height = 1500,
                                .references = {{.media_type = "image/png", .bytes = kPng, .url = ""}}});
  ASSERT_EQ(drawn.pictures.size(), 1U);
  EXPECT_EQ(drawn.pictures[0], (Picture{.media_type = "image/png", .bytes = kPng, .url = ""}));
  EXPECT_EQ(drawn.model, "openrouter/google/gemini-2.5-flash-image");
  EXPECT_EQ(drawn.usage.stated_cost, 38'700'000);
  EXPECT_EQ(drawn.usage.images, 1);
  const auto asked = server.asked().at(0);
  EXPECT_EQ(asked.target, "/api/v1/chat/completions");
  EXPECT_EQ(asked.key, "Bearer sk-or");
  const object picture{{"type", "image_url"}, {"image_url", object{{"url", "data:image/png;base64,iVBORw0K"}}}};
  EXPECT_EQ(
      asked.body,
      json::value(object{
          {"model", "google/gemini-2.5-flash-image"},
          {"messages", array{object{{"role", "user"},
                                    {"content", array{object{{"type", "text"}, {"text", "a hat on it"}}, picture}}}}},
          {"modalities", array{"image", "text"}},
          {"image_config", object{{"aspect_ratio", "2:3"}}}}));
}

TEST(OpenRouterImages, AsksModelsThatOnlyDrawForPicturesOnly) {
  AnsweringServer server({{kDrawn}});
  openrouter_draws(server, {.prompt = "a cat"}, OpenRouterImages::Answers::pictures);
  EXPECT_EQ(server.asked().at(0).body.at("modalities"), json::value(array{"image"}));
  EXPECT_THROW(openrouter_draws(
                   server, {.prompt = "a cat", .references = {{.media_type = "image/png", .bytes = kPng, .url = ""}}},
                   OpenRouterImages::Answers::pictures),
               Error);
}

TEST(OpenRouterImages, TellsARefusalFromAFault) {
  struct Case {
    const char* answer;
    unsigned status;
    const char* code;
    std::int64_t tokens;
  };
  for (const auto& [answer, status, code, tokens] : {
           Case{R"({"choices":[{"finish_reason":"stop","message":{"content":"No."}}],"usage":{"prompt_tokens":9}})",
                200, kDeclined, 9},
           Case{R"({"choices":[{"finish_reason":"content_filter","message":{"content":""}}]})", 200, kDeclined, 0},
           Case{R"({"choices":[{"finish_reason":"error","error":{"code":502,"message":"x"},"message":{}}],
                    "usage":{"prompt_tokens":9}})",
                200, "PROVIDER_FAILED", 9},
           Case{R"({"choices":[{"finish_reason":"stop","message":{"images":[{"image_url":{"url":"file:///x"}}]}}]})",
                200, "NO_PICTURE", 0},
           Case{R"({"error":{"code":402,"message":"Insufficient credits"}})", 402, "PROVIDER_SPENT", 0},
           Case{R"({"error":{"code":403,"message":"flagged","metadata":{"reasons":["violence"],"flagged_input":"x"}}})",
                403, kDeclined, 0},
       }) {
    AnsweringServer server({{answer, status}});
    const auto failure = failure_with_use([&] { openrouter_draws(server, {.prompt = "a cat"}); });
    EXPECT_EQ(failure.code, code) << answer;
    EXPECT_EQ(failure.usage.input_tokens, tokens) << answer;
  }
}

}  // namespace
}  // namespace odeon::ai
