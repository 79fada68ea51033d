#include <gmock/gmock.h>

#include "products/chat/answers_test.hpp"
#include "products/chat/apis/api_house_test.hpp"

namespace odeon::chat {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct PublicApis : ::testing::Test, ApiHouse {
  static json::object says(const std::string& text, json::object more = {}) {
    json::object body{{"model", "small"},
                      {"max_tokens", 100},
                      {"messages", json::array{json::object{{"role", "user"}, {"content", text}}}}};
    for (auto& [name, value] : more) body[name] = std::move(value);
    return body;
  }
  Reply chat(json::object body) { return post("/v1/chat/completions", std::move(body), key); }
  Reply message(json::object body) { return post("/v1/messages", std::move(body), key); }
  const ai::TextRequest& asked() { return cast->asked.at(cast->asked.size() - 1); }
};

TEST_F(PublicApis, AnswerBothWays) {
  const auto chatted = chat(says("hello"));
  ASSERT_EQ(chatted.status, 200U) << chatted.body;
  EXPECT_EQ(chatted.at("choices").at(0).at("message").at("content"), "Good morning.");
  const auto written = message(says("hello"));
  ASSERT_EQ(written.status, 200U) << written.body;
  EXPECT_EQ(written.at("content").at(0).at("text"), "Good morning.");
  const auto chunks = chat(says("hello", {{"stream", true}}));
  EXPECT_EQ(chunks.headers.get("Content-Type"), "text/event-stream");
  EXPECT_EQ(frames_of(chunks.body).size(), 5U) << "the role, two words, the end, [DONE]";
  const auto events = message(says("hello", {{"stream", true}}));
  EXPECT_EQ(events.headers.get("Content-Type"), "text/event-stream");
  EXPECT_EQ(frames_of(events.body).back().event, "message_stop");
}

TEST_F(PublicApis, AskInTheNameOfWhoeverPays) {
  chat(says("hello"));
  EXPECT_EQ(asked().task, "chat.api");
  EXPECT_EQ(asked().payer.user_id, ada);
  EXPECT_EQ(asked().payer.product, "chat");
  EXPECT_EQ(asked().payer.tier, "ultra");
  EXPECT_EQ(asked().max_tokens, 100);
  auto open_ended = says("hello");
  open_ended.erase("max_tokens");
  chat(std::move(open_ended));
  EXPECT_EQ(asked().max_tokens, 500) << "as much as the model has";
}

TEST_F(PublicApis, OpenToKeysAndSessionsOfPlansThatHaveThem) {
  EXPECT_EQ(post("/v1/chat/completions", says("hello"), token).status, 200U);
  const auto by_key = [&](const std::string& secret) {
    return call(http::Method::post, "/v1/messages", says("hello"), "", {{"x-api-key", secret}});
  };
  EXPECT_EQ(by_key(key).status, 200U);
  EXPECT_EQ(by_key("sk-wrong").status, 401U);
  EXPECT_EQ(by_key("sk-wrong").at("error").at("type"), "authentication_error");
  const auto nobody = post("/v1/chat/completions", says("hello"));
  EXPECT_EQ(nobody.status, 401U);
  EXPECT_EQ(nobody.at("error").at("code"), "invalid_api_key");
  for (const auto* path : {"/v1/chat/completions", "/v1/messages", "/v1/messages/count_tokens"}) {
    const auto poor = post(path, says("hello"), poor_key);
    EXPECT_EQ(poor.status, 403U) << path;
    EXPECT_EQ(poor.at("error").at("upgrade_url"), "/pricing") << path;
  }
  EXPECT_EQ(get("/v1/models", poor_key).status, 403U);
}

TEST_F(PublicApis, AskPeopleButNoProgramsForTheirConsent) {
  agree(ada, false);
  EXPECT_EQ(post("/v1/chat/completions", says("hello"), key).status, 200U);
  const auto heard = cast->asked.size();
  const auto refused = post("/v1/chat/completions", says("hello"), token);
  EXPECT_EQ(refused.status, 403U);
  EXPECT_EQ(refused.at("error").at("code"), "consent_required");
  EXPECT_EQ(post("/v1/messages", says("hello"), token).status, 403U);
  EXPECT_EQ(cast->asked.size(), heard) << "no model was told";
  const std::vector<std::pair<std::string, json::object>> media{
      {"/v1/embeddings", {{"model", "vectors"}, {"input", "Hello"}}},
      {"/v1/audio/speech", {{"model", "voice"}, {"input", "Hello"}, {"voice", "alloy"}}},
      {"/v1/images/generations", {{"model", "brush"}, {"prompt", "A cat"}}}};
  for (const auto& [path, body] : media) EXPECT_EQ(post(path, body, token).status, 403U) << path;
  EXPECT_EQ(get("/v1/models", token).status, 200U) << "what tells no model anything is open";
  EXPECT_EQ(post("/v1/messages/count_tokens", says("hello"), token).status, 200U);
  agree(ada);
  EXPECT_EQ(post("/v1/chat/completions", says("hello"), token).status, 200U);
}

TEST_F(PublicApis, ShowTheirModels) {
  const auto all = get("/v1/models", key);
  std::vector<std::string> names;
  for (const auto& model : all.at("data").as_array()) names.emplace_back(model.at("id").as_string());
  EXPECT_THAT(names, ElementsAre("small", "plain", "frail", "vectors", "frail-vectors", "voice", "frail-voice",
                                 "house/voice", "ears", "plain-ears", "frail-ears", "brush", "frail-brush"));
  EXPECT_EQ(all.at("last_id"), "frail-brush");
  EXPECT_EQ(get("/v1/models/little", key).at("id"), "small") << "what is talked to goes first";
  EXPECT_EQ(get("/v1/models/old-vectors", key).at("id"), "vectors");
  EXPECT_EQ(get("/v1/models/house/voice", key).at("owned_by"), "house");
  EXPECT_EQ(get("/v1/models/a/one", key).at("id"), "small");
  EXPECT_EQ(get("/v1/models/none", key).at("error").at("code"), "model_not_found");
}

TEST_F(PublicApis, FailInTheShapeOfTheirClients) {
  const auto lost = post("/v1/nowhere", json::object(), key);
  EXPECT_EQ(lost.status, 404U);
  EXPECT_EQ(lost.at("error").at("type"), "invalid_request_error");
  EXPECT_EQ(get("/v1/chat/completions", key).status, 405U);
  EXPECT_EQ(get("/v1/messages", key).at("error").at("type"), "invalid_request_error");
  const auto broken = server.post("/chat/v1/messages", "{", {{"x-api-key", key}});
  EXPECT_EQ(broken.status, 400U);
  EXPECT_EQ(broken.json().at("error").at("type"), "invalid_request_error");
  EXPECT_EQ(broken.headers.get("request-id"), "request-1");
  EXPECT_EQ(broken.json().at("request_id"), "request-1");
  EXPECT_EQ(get("/api/nowhere").at("code"), "NOT_FOUND") << "the product's own shape elsewhere";
}

TEST_F(PublicApis, KnowWhatAModelCannot) {
  struct Case {
    json::object more;
    std::string param, code;
  };
  const json::array tools{
      json::object{{"type", "function"}, {"function", json::object{{"name", "look"}, {"parameters", json::object()}}}}};
  const json::array picture{json::object{
      {"role", "user"},
      {"content", json::array{json::object{{"type", "image_url"},
                                           {"image_url", json::object{{"url", "https://example.com/a.png"}}}}}}}};
  const Case cases[] = {
      {{{"max_tokens", 501}}, "max_tokens", "invalid_value"},
      {{{"max_completion_tokens", 501}}, "max_completion_tokens", "invalid_value"},
      {{{"model", "plain"}, {"tools", tools}}, "tools", "unsupported_parameter"},
      {{{"model", "plain"}, {"messages", picture}}, "messages[0].content[0].image_url.url", "unsupported_value"},
      {{{"model", "plain"}, {"response_format", json::object{{"type", "json_object"}}}},
       "response_format",
       "unsupported_parameter"},
  };
  for (const auto& [more, param, code] : cases) {
    const auto refused = chat(says("hello", more));
    EXPECT_EQ(refused.status, 400U) << param;
    EXPECT_EQ(std::string(refused.at("error").at("param").as_string()), param) << refused.body;
    EXPECT_EQ(std::string(refused.at("error").at("code").as_string()), code) << param;
  }
  std::string endless;
  while (endless.size() < 80'000) endless += "One more word. ";
  const auto too_long = chat(says(endless));
  EXPECT_EQ(too_long.status, 400U);
  EXPECT_EQ(too_long.at("error").at("code"), "context_length_exceeded");
  EXPECT_EQ(too_long.at("error").at("param"), "messages");
  EXPECT_THAT(message(says(endless)).body, HasSubstr("maximum context length is 4000 tokens"));
  EXPECT_TRUE(cast->asked.empty()) << "nobody was asked";
  const auto as_they_find = chat(says("overlong"));
  EXPECT_EQ(as_they_find.status, 400U);
  EXPECT_EQ(as_they_find.at("error").at("code"), "context_length_exceeded");
  EXPECT_EQ(as_they_find.at("error").at("param"), "messages");
}

TEST_F(PublicApis, SayWhatToDoWhenThereIsNoAnswer) {
  const auto unknown = chat(says("hello", {{"model", "gpt-none"}}));
  EXPECT_EQ(unknown.status, 404U);
  EXPECT_EQ(unknown.at("error").at("code"), "model_not_found");
  const auto limited = chat(says("limit", {{"model", "plain"}}));
  EXPECT_EQ(limited.status, 429U);
  EXPECT_EQ(limited.headers.get("Retry-After"), "7");
  for (const bool streamed : {false, true}) {
    const auto away = chat(says("fail", {{"model", "frail"}, {"stream", streamed}}));
    EXPECT_EQ(away.status, 503U);
    EXPECT_NE(away.headers.get("Retry-After"), "");
    EXPECT_EQ(away.at("error").at("type"), "server_error");
    EXPECT_EQ(message(says("fail", {{"model", "frail"}, {"stream", streamed}})).at("error").at("type"),
              "overloaded_error");
  }
  const auto broke = post("/v1/chat/completions", says("hello"), broke_key);
  EXPECT_EQ(broke.status, 402U);
  EXPECT_EQ(broke.at("error").at("type"), "insufficient_quota");
  EXPECT_EQ(broke.at("error").at("code"), "daily_budget_exceeded");
  EXPECT_EQ(post("/v1/messages", says("hello"), broke_key).at("error").at("type"), "billing_error");
}

TEST_F(PublicApis, SayThatAnAnswerBrokeOff) {
  const auto chunks = chat(says("break", {{"stream", true}}));
  EXPECT_EQ(chunks.status, 200U);
  EXPECT_THAT(chunks.body, HasSubstr("\"stream_cut\""));
  EXPECT_FALSE(chunks.body.contains("[DONE]"));
  const auto frames = frames_of(message(says("break", {{"stream", true}})).body);
  EXPECT_EQ(frames.back().event, "error");
  EXPECT_EQ(json::parse(frames.back().data).at("request_id"), "request-1");
}

TEST_F(PublicApis, GiveTheSameAnswerAgainAtTemperatureZeroAndSaySo) {
  auto cold = says("hello");
  cold["temperature"] = 0;
  for (const auto* path : {"/v1/chat/completions", "/v1/messages"}) {
    shelf.values.clear();
    EXPECT_EQ(post(path, cold, key).headers.get("x-odeon-cache"), "") << path;
    const auto asked = cast->asked.size();
    const auto again = post(path, cold, key);
    EXPECT_EQ(again.headers.get("x-odeon-cache"), "hit") << path;
    cold["stream"] = true;
    const auto streamed = post(path, cold, key);
    EXPECT_EQ(streamed.headers.get("x-odeon-cache"), "hit") << path;
    EXPECT_NE(streamed.body.find("morning."), std::string::npos);
    cold.erase("stream");
    EXPECT_EQ(cast->asked.size(), asked) << path;
    EXPECT_EQ(post(path, says("hello"), key).headers.get("x-odeon-cache"), "") << path;
  }
}

TEST_F(PublicApis, CountTokensWithoutAsking) {
  auto body = says("How long is this?");
  body.erase("max_tokens");
  const auto counted = post("/v1/messages/count_tokens", std::move(body), key);
  ASSERT_EQ(counted.status, 200U) << counted.body;
  EXPECT_GT(counted.at("input_tokens").as_int64(), 3);
  EXPECT_TRUE(cast->asked.empty());
}

}  // namespace
}  // namespace odeon::chat
