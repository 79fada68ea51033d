// What Google's models make beside text: pictures and vectors, on AI Studio and on Vertex AI.
#include <gmock/gmock.h>

#include "base/crypto.hpp"
#include "engine/ai/catalogue.hpp"
#include "engine/ai/providers/answering_server_test.hpp"
#include "engine/ai/providers/failure_test.hpp"
#include "engine/ai/providers/gemini_embeddings.hpp"
#include "engine/ai/providers/gemini_images.hpp"
#include "engine/ai/providers/picture_bytes_test.hpp"
#include "testing/child.hpp"
#include "testing/clock.hpp"

namespace odeon::ai {
namespace {

using json::array;
using json::object;
using ::testing::FloatEq;

GeminiOptions options_of(const AnsweringServer& server, std::string provider) {
  GeminiOptions options{.provider = provider, .base_url = server.base};
  options.credentials = std::make_shared<HeaderKey>("x-goog-api-key", "", "AIza");
  if (provider == "vertex") options.models = vertex_models("my project", "europe-west4");
  return options;
}

Images gemini_draws(AnsweringServer& server, ImageRequest request, std::string provider = "gemini",
                    std::string model = "gemini-2.5-flash-image") {
  http::Client client({});
  const odeon::testing::FakeClock clock;
  GeminiImages images(client, clock, options_of(server, provider), model);
  return run_task(images.draw(std::move(request)));
}

std::string inline_part(const std::string& bytes, const char* more = "") {
  return fmt::format(R"({{"inlineData":{{"mimeType":"image/png","data":"{}"}}{}}})", crypto::to_base64(bytes), more);
}

const std::string kDrawnByGemini = fmt::format(
    R"({{"candidates":[{{"content":{{"parts":[{{"text":"Here is a cat."}},{},{}],"role":"model"}},"finishReason":"STOP","index":0}}],
        "usageMetadata":{{"promptTokenCount":20,"candidatesTokenCount":1300,"totalTokenCount":1320,
        "candidatesTokensDetails":[{{"modality":"IMAGE","tokenCount":1290}}]}},"modelVersion":"gemini-2.5-flash-image"}})",
    inline_part(kJpeg), inline_part(kPng));
const std::string kFound = R"({"embeddings":[{"values":[3,4]},{"values":[0,0.5]}]})";

TEST(GeminiImages, DrawsAsAiStudioDoes) {
  AnsweringServer server({{kDrawnByGemini}});
  const Images drawn = gemini_draws(server, {.prompt = "a cat", .width = 1344, .height = 768, .count = 2});
  ASSERT_EQ(drawn.pictures.size(), 1U);
  EXPECT_EQ(drawn.pictures[0].bytes, kPng);
  EXPECT_EQ(drawn.pictures[0].media_type, "image/png");
  EXPECT_EQ(drawn.model, "gemini/gemini-2.5-flash-image");
  EXPECT_EQ(cost_of(drawn.usage, Catalogue::standard().offer(drawn.model)->price), 38'731'000);
  const auto asked = server.asked().at(0);
  EXPECT_EQ(asked.target, "/v1beta/models/gemini-2.5-flash-image:generateContent");
  EXPECT_EQ(asked.key, "AIza");
  EXPECT_EQ(asked.body, json::value(object{
                            {"contents", array{object{{"role", "user"}, {"parts", array{object{{"text", "a cat"}}}}}}},
                            {"generationConfig", object{{"responseModalities", array{"TEXT", "IMAGE"}},
                                                        {"imageConfig", object{{"aspectRatio", "16:9"}}}}}}));
}

TEST(GeminiImages, GoesByReferencesOnVertexToo) {
  AnsweringServer server({{fmt::format(
      R"({{"candidates":[{{"content":{{"role":"model","parts":[{},{}]}},"finishReason":"STOP"}}],
          "usageMetadata":{{"promptTokenCount":300,"candidatesTokenCount":1120,"thoughtsTokenCount":400}}}})",
      inline_part(kJpeg, R"(,"thought":true)"), inline_part(kPng, R"(,"thoughtSignature":"AAAA")"))}});
  const Images drawn = gemini_draws(server,
                                    {.prompt = "a hat on it",
                                     .width = 2048,
                                     .height = 2048,
                                     .references = {{.media_type = "image/png", .bytes = kPng}}},
                                    "vertex", "gemini-3-pro-image");
  EXPECT_EQ(drawn.pictures.at(0).bytes, kPng);
  EXPECT_EQ(drawn.usage.output_tokens, 1520);
  EXPECT_EQ(drawn.usage.output_image_tokens, 1120);
  const auto asked = server.asked().at(0);
  EXPECT_EQ(asked.target,
            "/v1/projects/my%20project/locations/europe-west4/publishers/google/models/"
            "gemini-3-pro-image:generateContent");
  EXPECT_EQ(asked.body.at("contents").at(0).at("parts").at(1),
            json::value(object{{"inlineData", object{{"mimeType", "image/png"}, {"data", "iVBORw0K"}}}}));
  EXPECT_EQ(asked.body.at("generationConfig").at("imageConfig"),
            json::value(object{{"aspectRatio", "1:1"}, {"imageSize", "2K"}}));
}

TEST(GeminiImages, TellsARefusalFromAFault) {
  struct Case {
    const char* answer;
    const char* code;
    std::int64_t tokens;
  };
  for (const auto& [answer, code, tokens] : {
           Case{R"({"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":9}})",
                kDeclined, 9},
           Case{R"({"candidates":[{"finishReason":"IMAGE_SAFETY","index":0}],"usageMetadata":{"promptTokenCount":9}})",
                kDeclined, 9},
           Case{R"({"candidates":[{"content":{"parts":[{"text":"I can't draw that."}]},"finishReason":"STOP"}]})",
                kDeclined, 0},
           Case{R"({"candidates":[{"finishReason":"NO_IMAGE"}]})", "NO_PICTURE", 0},
           Case{R"({"candidates":[]})", "NO_PICTURE", 0},
           Case{R"({"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"PGh0bWw+"}}]},
                    "finishReason":"MAX_TOKENS"}]})",
                "NO_PICTURE", 0},
           Case{R"({"error":{"code":503,"message":"overloaded","status":"UNAVAILABLE"}})", "PROVIDER_BUSY", 0},
           Case{"[]", "BAD_ANSWER", 0},
       }) {
    AnsweringServer server({{answer}});
    const auto failure = failure_with_use([&] { gemini_draws(server, {.prompt = "a cat"}); });
    EXPECT_EQ(failure.code, code) << answer;
    EXPECT_EQ(failure.usage.input_tokens, tokens) << answer;
  }
}

Embeddings gemini_embeds(AnsweringServer& server, GeminiEmbeddings::Api api, EmbeddingRequest request) {
  http::Client client({});
  const odeon::testing::FakeClock clock;
  const bool vertex = api == GeminiEmbeddings::Api::vertex;
  GeminiEmbeddings model(client, clock, options_of(server, vertex ? "vertex" : "gemini"), "gemini-embedding-001", api);
  return run_task(model.embed(std::move(request)));
}

TEST(GeminiEmbeddings, MakesManyAtOnceOnAiStudio) {
  AnsweringServer server({{kFound}});
  const auto found = gemini_embeds(server, GeminiEmbeddings::Api::studio, {.texts = {"one", "two"}, .dimensions = 2});
  ASSERT_EQ(found.vectors.size(), 2U);
  EXPECT_THAT(found.vectors[0], ::testing::ElementsAre(FloatEq(0.6F), FloatEq(0.8F)));
  EXPECT_THAT(found.vectors[1], ::testing::ElementsAre(FloatEq(0), FloatEq(1)));
  EXPECT_EQ(found.model, "gemini/gemini-embedding-001");
  EXPECT_GT(found.usage.input_tokens, 0) << "nothing was counted";
  const auto asked = server.asked().at(0);
  EXPECT_EQ(asked.target, "/v1beta/models/gemini-embedding-001:batchEmbedContents");
  EXPECT_EQ(asked.body.at("requests").at(1),
            json::value(object{{"model", "models/gemini-embedding-001"},
                               {"content", object{{"role", "user"}, {"parts", array{object{{"text", "two"}}}}}},
                               {"outputDimensionality", 2}}));
}

TEST(GeminiEmbeddings, AsksVertexForEach) {
  AnsweringServer server(
      {{R"({"predictions":[{"embeddings":{"statistics":{"truncated":false,"token_count":6},"values":[1,0]}}]})"},
       {R"({"predictions":[{"embeddings":{"statistics":{"truncated":false,"token_count":4},"values":[0,-2]}}]})"}});
  const auto found = gemini_embeds(server, GeminiEmbeddings::Api::vertex, {.texts = {"one", "two"}, .dimensions = 2});
  EXPECT_EQ(found.vectors, (std::vector<std::vector<float>>{{1, 0}, {0, -1}}));
  EXPECT_EQ(found.usage.input_tokens, 10);
  EXPECT_EQ(server.asked().size(), 2U);
  EXPECT_EQ(server.asked()[1].target,
            "/v1/projects/my%20project/locations/europe-west4/publishers/google/models/"
            "gemini-embedding-001:predict");
  EXPECT_EQ(server.asked()[1].body,
            json::value(object{{"instances", array{object{{"content", "two"}}}},
                               {"parameters", object{{"autoTruncate", true}, {"outputDimensionality", 2}}}}));
}

TEST(GeminiMedia, IsAskedForAsGooglesOwnClientDoes) {
  const std::string installed = ODEON_BUILD_DIR "/npm/strangers_google";
  odeon::testing::Child install({ODEON_SOURCE_DIR "/scripts/npm-install",
                                 ODEON_SOURCE_DIR "/src/engine/ai/providers/strangers_google", installed});
  install.wait_for_line("\r\r");  // to its end
  AnsweringServer theirs({{kDrawnByGemini}, {kFound}}), ours({{kDrawnByGemini}, {kFound}});
  odeon::testing::Child node({"node", installed + "/media.mjs", theirs.base});
  node.wait_for_line("\r\r");
  EXPECT_EQ(json::parse(node.output()),
            json::value(object{{"pictures", array{crypto::to_base64(kJpeg), crypto::to_base64(kPng)}},
                               {"vectors", array{array{3, 4}, array{0, 0.5}}}}))
      << install.output();
  gemini_draws(ours, {.prompt = "a cat", .width = 1344, .height = 768});
  gemini_embeds(ours, GeminiEmbeddings::Api::studio, {.texts = {"one", "two"}, .dimensions = 2});
  ASSERT_EQ(theirs.asked().size(), 2U);
  for (const std::size_t i : {0U, 1U}) {
    EXPECT_EQ(ours.asked()[i].target, theirs.asked()[i].target);
    EXPECT_EQ(ours.asked()[i].key, theirs.asked()[i].key);
    EXPECT_EQ(ours.asked()[i].body, theirs.asked()[i].body);
  }
}

TEST(GeminiEmbeddings, RefusesWhatIsMissingOrBroken) {
  for (const char* answer :
       {R"({"embeddings":[{"values":[1]}],"usageMetadata":{"promptTokenCount":7}})",
        R"({"embeddings":[{"values":[1]},{"values":[1,2]}],"usageMetadata":{"promptTokenCount":7}})",
        R"({"embeddings":[{"values":[1]},{}],"usageMetadata":{"promptTokenCount":7}})"}) {
    AnsweringServer server({{answer}});
    const auto failure =
        failure_with_use([&] { gemini_embeds(server, GeminiEmbeddings::Api::studio, {.texts = {"one", "two"}}); });
    EXPECT_EQ(failure.code, "BAD_ANSWER") << answer;
    EXPECT_EQ(failure.usage.input_tokens, 7) << answer;
  }
  AnsweringServer server({{R"({"predictions":[{"embeddings":{"statistics":{"token_count":6},"values":[1]}}]})"},
                          {R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}})", 429}});
  const auto failure =
      failure_with_use([&] { gemini_embeds(server, GeminiEmbeddings::Api::vertex, {.texts = {"one", "two"}}); });
  EXPECT_EQ(failure.fault, Fault::rate_limited);
  EXPECT_EQ(failure.usage.input_tokens, 6);
}

}  // namespace
}  // namespace odeon::ai
