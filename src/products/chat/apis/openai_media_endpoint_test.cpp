#include <gmock/gmock.h>

#include "base/crypto.hpp"
#include "engine/media/decode.hpp"
#include "products/chat/answers_test.hpp"
#include "products/chat/apis/api_house_test.hpp"

namespace odeon::chat {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kSound = "RIFF\x24\0\0\0WAVEfmt and so on"s;

struct OpenAiEndpoints : ::testing::Test, ApiHouse {
  using HttpReply = odeon::testing::HttpReply;
  using Fields = std::vector<std::pair<std::string, std::string>>;
  static std::string part(const std::string& head, const std::string& content) {
    return "--XX\r\nContent-Disposition: form-data; name=" + head + "\r\n\r\n" + content + "\r\n";
  }
  static std::string form(const Fields& fields, const std::string& file) {
    std::string body;
    for (const auto& [name, value] : fields) body += part('"' + name + '"', value);
    if (!file.empty()) body += part("\"file\"; filename=\"speech.txt\"\r\nContent-Type: text/plain", file);
    return body + "--XX--\r\n";
  }
  HttpReply send(const std::string& body, const std::string& secret) {
    return server.post("/chat/v1/audio/transcriptions", body,
                       {{"Authorization", "Bearer " + secret}, {"Content-Type", "multipart/form-data; boundary=XX"}});
  }
  HttpReply hear(Fields fields, const std::string& file = kSound) {
    fields.emplace_back("model", "ears");
    return send(form(fields, file), key);
  }
  Reply embed(json::value input, json::object more = {}) {
    return post("/v1/embeddings", filled({{"model", "vectors"}, {"input", std::move(input)}}, std::move(more)), key);
  }
  Reply speak(json::object more = {}) {
    return post("/v1/audio/speech", filled({{"model", "voice"}, {"input", "Hello"}, {"voice", "alloy"}}, more), key);
  }
  Reply draw(json::object more = {}) {
    return post("/v1/images/generations", filled({{"model", "brush"}, {"prompt", "A cat"}}, std::move(more)), key);
  }
  static json::object filled(json::object body, json::object more) {
    for (auto& [name, value] : more) body[name] = std::move(value);
    return body;
  }
};

TEST_F(OpenAiEndpoints, Embed) {
  const auto one = embed("Hello");
  ASSERT_EQ(one.status, 200U) << one.body;
  EXPECT_EQ(one.json(), json::parse(R"({"object":"list","data":[{"object":"embedding","index":0,
    "embedding":[5,0.25,0.25]}],"model":"vectors","usage":{"prompt_tokens":2,"total_tokens":2}})"));
  const auto two = embed(json::array{"a", "bcd"}, {{"dimensions", 2}, {"model", "old-vectors"}});
  EXPECT_EQ(two.at("data").at(1).at("embedding"), json::parse("[3,0.25]"));
  EXPECT_EQ(two.at("model"), "vectors");
  EXPECT_EQ(embed("Hello", {{"encoding_format", "base64"}}).at("data").at(0).at("embedding"), "AACgQAAAgD4AAIA+");
  EXPECT_EQ(purse.last.user_id, ada);
  EXPECT_EQ(purse.last.product, "chat");
  EXPECT_EQ(purse.last.tier, "ultra");
  EXPECT_EQ(media_cast.embedded.front().task, "chat.api");
}

TEST_F(OpenAiEndpoints, EmbedMoreThanTheGatewayTakesAtOnce) {
  json::array texts;
  for (std::size_t i = 0; i < 600; ++i) texts.emplace_back(std::string(1 + i % 100, static_cast<char>('a' + i / 100)));
  const auto all = embed(texts);
  ASSERT_EQ(all.at("data").as_array().size(), 600U);
  for (std::size_t i = 0; i < 600; ++i) {
    EXPECT_EQ(all.at("data").at(i).at("index"), i);
    EXPECT_EQ(all.at("data").at(i).at("embedding").at(0), 1 + i % 100);
  }
  EXPECT_EQ(all.at("usage").at("prompt_tokens"), 1'200);
  EXPECT_EQ(media_cast.embedded.size(), 3U);
  EXPECT_EQ(embed(texts).at("usage").at("prompt_tokens"), 0) << "they are known by now";
}

TEST_F(OpenAiEndpoints, Speak) {
  const std::tuple<const char*, const char*, std::size_t> forms[] = {
      {"wav", "audio/wav", 24'044}, {"pcm", "audio/pcm", 24'000}, {"mp3", "audio/mpeg", 0},
      {"opus", "audio/ogg", 0},     {"aac", "audio/aac", 0},      {"flac", "audio/flac", 0}};
  for (const auto& [form, type, size] : forms) {
    const auto said = speak({{"response_format", form}});
    ASSERT_EQ(said.status, 200U) << said.body;
    EXPECT_EQ(said.headers.get("Content-Type"), type);
    if (size > 0) EXPECT_EQ(said.body.size(), size);
  }
  EXPECT_NEAR(media::decode(speak().body, {}).seconds(), 0.5, 0.001) << "mp3 unless it says otherwise";
  EXPECT_EQ(purse.last.user_id, ada);
  EXPECT_EQ(media_cast.spoken.back().text, "Hello");
}

TEST_F(OpenAiEndpoints, SpeakAsTheyAreTold) {
  const std::pair<double, double> speeds[] = {{0.25, 0.5}, {0.5, 0.5}, {1.3, 1.3}, {4, 2}};
  for (const auto& [asked, spoken] : speeds) {
    EXPECT_EQ(speak({{"speed", asked}}).status, 200U);
    EXPECT_EQ(media_cast.spoken.back().speed, spoken) << asked;
  }
  EXPECT_EQ(speak({{"voice", json::object{{"id", "greta"}}}}).status, 200U);
  EXPECT_EQ(media_cast.spoken.back().voice, "greta");
  EXPECT_EQ(media_cast.spoken.back().language, "de-DE") << "which is what she speaks";
  EXPECT_EQ(speak({{"model", "house/voice"}}).status, 200U);
}

TEST_F(OpenAiEndpoints, SpeakInEvents) {
  const auto said = speak({{"stream_format", "sse"}, {"response_format", "wav"}});
  EXPECT_EQ(said.headers.get("Content-Type"), "text/event-stream");
  const auto frames = frames_of(said.body);
  ASSERT_EQ(frames.size(), 2U);
  const auto delta = json::parse(frames[0].data);
  EXPECT_EQ(delta.at("type"), "speech.audio.delta");
  EXPECT_EQ(crypto::from_base64(delta.at("audio").as_string()), speak({{"response_format", "wav"}}).body);
  EXPECT_EQ(json::parse(frames[1].data).at("type"), "speech.audio.done");
}

TEST_F(OpenAiEndpoints, Transcribe) {
  const auto plain = hear({{"language", "en"}});
  ASSERT_EQ(plain.status, 200U) << plain.body;
  EXPECT_EQ(plain.json(),
            json::parse(R"({"text":"Good morning. It rains.","usage":{"type":"duration","seconds":2.0}})"));
  const auto& asked = media_cast.transcribed.back();
  EXPECT_EQ(asked.audio, kSound);
  EXPECT_EQ(asked.media_type, "audio/wav") << "whatever it is called";
  EXPECT_EQ(asked.language, "en");
  EXPECT_EQ(purse.last.user_id, ada);
  EXPECT_EQ(hear({{"response_format", "text"}}).body, "Good morning. It rains.\n");
  EXPECT_THAT(hear({{"response_format", "srt"}}).body, HasSubstr("2\n00:00:01,200 --> 00:00:02,000\nIt rains.\n"));
  EXPECT_THAT(hear({{"response_format", "vtt"}}).body, HasSubstr("WEBVTT\n\n00:00:00.000 --> 00:00:00.900\n"));
  EXPECT_EQ(frames_of(hear({{"stream", "true"}}).body).size(), 3U) << "two sentences, the end";
  const auto counted = hear({{"prompt", "plain"}}).json().at("usage");
  EXPECT_EQ(counted.at("type"), "tokens");
  EXPECT_EQ(counted.at("input_token_details").at("text_tokens"), 10);
  EXPECT_THAT(server.uploads.kept, IsEmpty());
}

TEST_F(OpenAiEndpoints, TranscribeWithTimes) {
  const auto usual = hear({{"response_format", "verbose_json"}}).json();
  EXPECT_EQ(usual.at("duration"), 2.0);
  EXPECT_EQ(usual.at("language"), "en");
  EXPECT_EQ(usual.at("segments").at(1).at("start"), 1.2);
  EXPECT_FALSE(usual.as_object().contains("words"));
  const std::pair<std::string, std::string> word{"timestamp_granularities[]", "word"},
      segment{"timestamp_granularities[]", "segment"}, verbose{"response_format", "verbose_json"};
  const auto words = hear({verbose, word}).json();
  EXPECT_EQ(words.at("words").as_array().size(), 4U);
  EXPECT_EQ(words.at("words").at(3).at("word"), "rains.");
  EXPECT_FALSE(words.as_object().contains("segments"));
  const auto both = hear({word, segment, verbose}).json();
  EXPECT_EQ(both.at("words").as_array().size(), 4U);
  EXPECT_EQ(both.at("segments").as_array().size(), 2U);
  const auto untimed = hear({verbose, {"prompt", "plain"}}).json();
  EXPECT_EQ(untimed.at("text"), "Good morning. It rains.");
  EXPECT_TRUE(untimed.at("segments").as_array().empty());
}

TEST_F(OpenAiEndpoints, Draw) {
  const auto drawn = draw({{"n", 3}, {"size", "1792x1024"}, {"background", "transparent"}, {"quality", "hd"}});
  ASSERT_EQ(drawn.status, 200U) << drawn.body;
  EXPECT_EQ(drawn.at("data").as_array().size(), 3U);
  EXPECT_EQ(crypto::from_base64(drawn.at("data").at(2).at("b64_json").as_string()), "\x89PNG2");
  EXPECT_EQ(drawn.at("output_format"), "png");
  const auto& asked = media_cast.drawn.back();
  EXPECT_EQ(asked.prompt, "A cat");
  EXPECT_EQ(std::pair(asked.width, asked.height), std::pair(1792, 1024));
  EXPECT_TRUE(asked.transparent);
  EXPECT_EQ(asked.quality, ai::ImageQuality::high);
  EXPECT_EQ(purse.last.user_id, ada);
  EXPECT_THAT(std::string(draw({{"response_format", "url"}, {"size", "auto"}}).at("data").at(0).at("url").as_string()),
              ::testing::StartsWith("data:image/png;base64,"));
  const auto any = post("/v1/images/generations", json::object{{"prompt", "A dog"}}, key);
  EXPECT_EQ(any.status, 200U) << "nobody has to name a model";
}

TEST_F(OpenAiEndpoints, SayWhatIsWrong) {
  const json::object text{{"model", "vectors"}, {"input", "Hello"}};
  const json::object words{{"model", "voice"}, {"input", "Hello"}, {"voice", "alloy"}};
  const json::object picture{{"model", "brush"}, {"prompt", "A cat"}};
  struct Case {
    const char* path;
    const json::object& good;
    json::object change;  // null leaves a field out
    std::string param, code;
  };
  const char *embeddings = "/v1/embeddings", *speech = "/v1/audio/speech", *images = "/v1/images/generations";
  const json::array many(2'049, "x");
  const Case cases[] = {
      {embeddings, text, {{"model", nullptr}}, "model", "missing_required_parameter"},
      {embeddings, text, {{"input", nullptr}}, "input", "missing_required_parameter"},
      {embeddings, text, {{"input", ""}}, "input", "invalid_value"},
      {embeddings, text, {{"input", json::array{}}}, "input", "invalid_value"},
      {embeddings, text, {{"input", json::array{"a", ""}}}, "input[1]", "invalid_value"},
      {embeddings, text, {{"input", many}}, "input", "invalid_value"},
      {embeddings, text, {{"input", json::array{1, 2}}}, "input[0]", "invalid_type"},
      {embeddings, text, {{"input", json::array{json::array{1, 2}}}}, "input[0]", "invalid_type"},
      {embeddings, text, {{"input", json::object{}}}, "input", "invalid_type"},
      {embeddings, text, {{"input", std::string(2'000, 'x')}}, "input", "context_length_exceeded"},
      {embeddings, text, {{"input", json::array{"a", std::string(2'000, 'x')}}}, "input[1]", "context_length_exceeded"},
      {embeddings, text, {{"dimensions", 0}}, "dimensions", "invalid_value"},
      {embeddings, text, {{"encoding_format", "int8"}}, "encoding_format", "invalid_value"},
      {speech, words, {{"model", nullptr}}, "model", "missing_required_parameter"},
      {speech, words, {{"input", nullptr}}, "input", "missing_required_parameter"},
      {speech, words, {{"input", " \n"}}, "input", "invalid_value"},
      {speech, words, {{"input", std::string(4'097, 'x')}}, "input", "invalid_value"},
      {speech, words, {{"voice", nullptr}}, "voice", "missing_required_parameter"},
      {speech, words, {{"voice", 1}}, "voice", "invalid_type"},
      {speech, words, {{"voice", "nobody"}}, "voice", "invalid_value"},
      {speech, words, {{"response_format", "ogg"}}, "response_format", "invalid_value"},
      {speech, words, {{"speed", 4.01}}, "speed", "invalid_value"},
      {speech, words, {{"speed", 0}}, "speed", "invalid_value"},
      {speech, words, {{"stream_format", "text"}}, "stream_format", "invalid_value"},
      {images, picture, {{"prompt", nullptr}}, "prompt", "missing_required_parameter"},
      {images, picture, {{"prompt", "  "}}, "prompt", "invalid_value"},
      {images, picture, {{"n", 0}}, "n", "invalid_value"},
      {images, picture, {{"n", 5}}, "n", "invalid_value"},
      {images, picture, {{"n", "2"}}, "n", "invalid_type"},
      {images, picture, {{"size", "large"}}, "size", "invalid_value"},
      {images, picture, {{"size", "1024x"}}, "size", "invalid_value"},
      {images, picture, {{"size", "1024x1024x3"}}, "size", "invalid_value"},
      {images, picture, {{"size", "9999x1024"}}, "size", "invalid_value"},
      {images, picture, {{"size", "-64x64"}}, "size", "invalid_value"},
      {images, picture, {{"quality", "best"}}, "quality", "invalid_value"},
      {images, picture, {{"style", "natural"}}, "style", "invalid_value"},  // the model has none
      {images, picture, {{"style", "wild"}}, "style", "invalid_value"},
      {images, picture, {{"background", "red"}}, "background", "invalid_value"},
      {images, picture, {{"output_format", "webp"}}, "output_format", "invalid_value"},
      {images, picture, {{"response_format", "file"}}, "response_format", "invalid_value"},
      {images, picture, {{"stream", true}}, "stream", "invalid_value"},
  };
  for (const auto& [path, good, change, param, code] : cases) {
    auto body = filled(good, change);
    for (const auto& [name, value] : change)
      if (value.is_null()) body.erase(name);
    const auto refused = post(path, std::move(body), key);
    ASSERT_EQ(refused.status, 400U) << path << " " << json::write(change).substr(0, 80) << refused.body;
    const auto error = refused.at("error");
    EXPECT_EQ(error.at("param"), json::value(param)) << path << refused.body;
    EXPECT_EQ(error.at("code"), json::value(code)) << path << refused.body;
    EXPECT_EQ(error.at("type"), "invalid_request_error");
  }
  EXPECT_THAT(speak({{"voice", "nobody"}}).body, HasSubstr("alloy, greta"));
  EXPECT_THAT(media_cast.embedded, IsEmpty()) << "nobody was asked";
  EXPECT_THAT(media_cast.spoken, IsEmpty());
  EXPECT_THAT(media_cast.drawn, IsEmpty());
  EXPECT_EQ(embed("x", {{"dimensions", 8}}).at("error").at("param"), "dimensions") << "the model has seven";
}

TEST_F(OpenAiEndpoints, SayWhatIsWrongWithARecording) {
  const std::tuple<Fields, std::string, std::string> cases[] = {
      {{}, "Once upon a time", "file"},
      {{}, "\xFF\xF1\x50\x80", "file"},
      {{{"temperature", "1.5"}}, kSound, "temperature"},
      {{{"response_format", "diarized_json"}}, kSound, "response_format"},
      {{{"timestamp_granularities[]", "word"}}, kSound, "timestamp_granularities"},
      {{{"response_format", "verbose_json"}, {"timestamp_granularities[]", "letter"}},
       kSound,
       "timestamp_granularities[0]"},
      {{{"stream", "true"}, {"response_format", "srt"}}, kSound, "response_format"},
      {{{"stream", "perhaps"}}, kSound, "stream"},
      {{{"language", std::string(36, 'x')}}, kSound, "language"},
      {{{"file", "text"}}, "", "file"},
      {{}, "", "file"},
  };
  for (const auto& [fields, file, param] : cases) {
    const auto refused = hear(fields, file);
    EXPECT_EQ(refused.status, 400U) << refused.body;
    EXPECT_EQ(refused.json().at("error").at("param"), json::value(param)) << refused.body;
  }
  EXPECT_EQ(send(form({}, kSound), key).json().at("error").at("param"), "model");
  EXPECT_EQ(post("/v1/audio/transcriptions", json::object{{"model", "ears"}}, key).status, 415U);
  const auto large = hear({}, kSound + std::string(kLargestRecording - kSound.size() + 1, 'x'));
  EXPECT_EQ(large.status, 413U);
  EXPECT_EQ(large.json().at("error").at("type"), "invalid_request_error");
  for (const char* captions : {"srt", "vtt"}) {
    const auto untimed = send(form({{"model", "plain-ears"}, {"response_format", captions}}, kSound), key);
    EXPECT_EQ(untimed.status, 400U) << untimed.body;
    EXPECT_EQ(untimed.json().at("error").at("param"), "response_format") << untimed.body;
  }
  EXPECT_THAT(media_cast.transcribed, IsEmpty()) << "nobody was asked";
  EXPECT_EQ(send(form({{"model", "plain-ears"}}, kSound), key).status, 200U);
  EXPECT_EQ(hear({{"prompt", "plain"}, {"response_format", "srt"}}).json().at("error").at("param"), "response_format")
      << "without times there are no captions, from whoever claims to tell them";
  EXPECT_EQ(hear({}, kSound + std::string(kLargestRecording - kSound.size(), 'x')).status, 200U);
  EXPECT_THAT(server.uploads.kept, IsEmpty());
}

TEST_F(OpenAiEndpoints, SayWhoCannotBeAnswered) {
  const std::tuple<const char*, json::object> asks[] = {
      {"/v1/embeddings", {{"model", "vectors"}, {"input", "Hello"}}},
      {"/v1/audio/speech", {{"model", "voice"}, {"input", "Hello"}, {"voice", "alloy"}}},
      {"/v1/images/generations", {{"model", "brush"}, {"prompt", "A cat"}}},
  };
  const auto check = [](const HttpReply& reply, unsigned status, const char* code) {
    EXPECT_EQ(reply.status, status) << reply.body;
    EXPECT_EQ(reply.json().at("error").at("code"), code) << reply.body;
  };
  const auto all_of = [&](const auto& ask) {
    check(ask("", "sk-wrong"), 401, "invalid_api_key");
    check(ask("", poor_key), 403, "upgrade_required");
    check(ask("", broke_key), 402, "daily_budget_exceeded");
    check(ask("none", key), 404, "model_not_found");
    check(ask("small", key), 404, "model_not_found");  // of another kind
    const auto away = ask("frail", key);
    check(away, 503, "model_unavailable");
    EXPECT_NE(away.headers.get("Retry-After"), "");
  };
  for (const auto& [path, body] : asks)
    all_of([&, path = path, body = body](const std::string& model, const std::string& secret) -> HttpReply {
      auto changed = body;
      if (model == "frail")
        changed["model"] = "frail-" + std::string(body.at("model").as_string());
      else if (!model.empty())
        changed["model"] = model;
      return post(path, changed, secret);
    });
  all_of([&](const std::string& model, const std::string& secret) {
    return send(form({{"model", model.empty() ? "ears" : model == "frail" ? "frail-ears" : model}}, kSound), secret);
  });
  EXPECT_THAT(server.uploads.kept, IsEmpty());
}

}  // namespace
}  // namespace odeon::chat
