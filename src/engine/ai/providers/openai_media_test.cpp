// What OpenAI has beside text and speech: embeddings, transcription, images.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "engine/ai/providers/multipart_form.hpp"
#include "engine/ai/providers/openai_embeddings.hpp"
#include "engine/ai/providers/openai_images.hpp"
#include "engine/ai/providers/openai_transcription.hpp"
#include "engine/ai/providers/picture_bytes_test.hpp"
#include "engine/ai/providers/single_exchange_test.hpp"

namespace odeon::ai {
namespace {

using odeon::testing::json_answer;
using ::testing::HasSubstr;

template <class Result>
using Call = std::function<Task<Result>(http::Client&, const Clock&, OpenAiOptions)>;

// What `call` comes to when a server answers its request of `size` bytes with `answer`.
template <class Result>
Result openai_answers(std::size_t size, std::string answer, Call<Result> call, SeenRequest* seen = nullptr) {
  const auto with_options = [&](http::Client& client, const Clock& clock, std::string base_url) {
    return call(client, clock, {.provider = "p", .base_url = std::move(base_url), .key = "sk-x"});
  };
  return exchanged(size, json_answer("200 OK", answer), with_options, seen);
}

// ---- embeddings

const std::string kEmbeddingBody = R"({"model":"m","encoding_format":"float","input":["one","two"],"dimensions":2})";

Embeddings openai_embeds(std::string answer, SeenRequest* seen = nullptr) {
  const Call<Embeddings> call = [](http::Client& client, const Clock& clock,
                                   OpenAiOptions options) -> Task<Embeddings> {
    OpenAiEmbeddings model(client, clock, std::move(options), "m", OpenAiEmbeddings::Dimensions::may_be_fewer);
    co_return co_await model.embed({.texts = {"one", "two"}, .dimensions = 2});
  };
  return openai_answers<Embeddings>(kEmbeddingBody.size(), std::move(answer), call, seen);
}

TEST(OpenAiEmbeddings, ReadsVectorsInAnyOrderAndForm) {
  SeenRequest seen;
  const auto found = openai_embeds(R"({"object":"list","data":[{"index":1,"embedding":[0.5,-1]},
    {"index":0,"embedding":"AACAPwAAAMA="}],"usage":{"prompt_tokens":4,"total_tokens":4}})",
                                   &seen);
  EXPECT_EQ(found.vectors, (std::vector<std::vector<float>>{{1, -2}, {0.5, -1}}));
  EXPECT_EQ(found.model, "p/m");
  EXPECT_EQ(found.usage.input_tokens, 4);
  EXPECT_EQ(seen.body, kEmbeddingBody);
  EXPECT_THAT(seen.head, HasSubstr("POST /v1/embeddings HTTP/1.1\r\n"));
  EXPECT_THAT(seen.head, HasSubstr("Authorization: Bearer sk-x\r\n"));
}

TEST(OpenAiEmbeddings, RefusesVectorsThatAreMissingOrBroken) {
  for (const char* data : {"[]", R"([{"embedding":[1]}])", R"([{"embedding":[1]},{"embedding":[1,2]}])",
                           R"([{"embedding":[1]},{"embedding":["x"]}])", R"([{"embedding":"AA=="},{"embedding":"?"}])",
                           R"([{"index":99,"embedding":[1]},{"index":1,"embedding":[1]}])"}) {
    try {
      openai_embeds(fmt::format(R"({{"data":{},"usage":{{"prompt_tokens":4}}}})", data));
      ADD_FAILURE() << data;
    } catch (const FailedAfterUse& error) {
      EXPECT_EQ(error.code, "BAD_ANSWER");
      EXPECT_EQ(error.usage.input_tokens, 4);
    }
  }
  EXPECT_THROW(openai_embeds(R"({"error":{"code":500}})"), Error);
}

// ---- forms

std::string form_in(const SeenRequest& seen, MultipartForm (*make)(std::string boundary)) {
  const auto at = seen.head.find("boundary=") + 9;
  return make(seen.head.substr(at, seen.head.find("\r\n", at) - at)).finish();
}

TEST(MultipartForm, IsWrittenAsBrowsersDo) {
  MultipartForm form("B");
  form.field("a\"\r\n", "1");
  form.file("f", "x.mp3", "audio/mpeg", std::string("\0\r\n", 3));
  EXPECT_EQ(form.content_type(), "multipart/form-data; boundary=B");
  using namespace std::string_literals;
  EXPECT_EQ(std::move(form).finish(),
            "--B\r\nContent-Disposition: form-data; name=\"a%22%0D%0A\"\r\n\r\n1\r\n"
            "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.mp3\"\r\n"
            "Content-Type: audio/mpeg\r\n\r\n\0\r\n\r\n--B--\r\n"s);
}

// ---- transcription

MultipartForm expected_form(std::string boundary) {
  MultipartForm form(std::move(boundary));
  form.field("model", "whisper-1");
  form.field("response_format", "verbose_json");
  form.field("timestamp_granularities[]", "segment");
  form.field("timestamp_granularities[]", "word");
  form.field("prompt", "Odeon");
  form.file("file", "audio.webm", "audio/webm", "\x1A\x45");
  return form;
}

Transcript transcribe(std::string answer, SeenRequest* seen = nullptr) {
  const Call<Transcript> call = [](http::Client& client, const Clock& clock,
                                   OpenAiOptions options) -> Task<Transcript> {
    OpenAiTranscription model(client, clock, std::move(options), "whisper-1", OpenAiTranscription::Detail::times);
    co_return co_await model.transcribe(
        {.audio = "\x1A\x45", .media_type = "audio/webm", .seconds = 7, .prompt = "Odeon"});
  };
  return openai_answers<Transcript>(expected_form(std::string(32, 'x')).finish().size(), std::move(answer), call, seen);
}

TEST(OpenAiTranscription, TellsWhatWasSaidAndWhen) {
  SeenRequest seen;
  const auto found = transcribe(R"({"task":"transcribe","language":"english","duration":"8.47","text":" Hello there. ",
    "segments":[{"id":0,"seek":0,"start":0.0,"end":3.3,"text":" Hello there.","tokens":[1],"temperature":0.0}],
    "words":[{"word":"Hello","start":0.5,"end":1.0},{"word":"there","start":1.25,"end":0.75},{"word":""}],
    "usage":{"type":"duration","seconds":9}})",
                                &seen);
  EXPECT_EQ(found.text, "Hello there.");
  EXPECT_EQ(found.language, "en");
  EXPECT_EQ(found.seconds, 8.47);
  EXPECT_EQ(found.segments, (std::vector<Spoken>{{"Hello there.", 0, 3.3}}));
  EXPECT_EQ(found.words, (std::vector<Spoken>{{"Hello", 0.5, 1}, {"there", 1.25, 1.25}}));
  EXPECT_EQ(found.usage.seconds, 9);
  EXPECT_THAT(seen.head, HasSubstr("POST /v1/audio/transcriptions HTTP/1.1\r\n"));
  EXPECT_EQ(seen.body, form_in(seen, expected_form));
}

TEST(OpenAiTranscription, CountsTokensWhereTheyAreCounted) {
  const auto found = transcribe(R"({"text":"hi","usage":{"type":"tokens","input_tokens":14,"output_tokens":4,
    "total_tokens":18,"input_token_details":{"text_tokens":2,"audio_tokens":12}}})");
  EXPECT_EQ(found.usage.input_tokens, 14);
  EXPECT_EQ(found.usage.input_audio_tokens, 12);
  EXPECT_EQ(found.usage.output_tokens, 4);
  EXPECT_EQ(found.usage.seconds, 0);
  EXPECT_EQ(transcribe(R"({"text":""})").usage.seconds, 7);
}

// Paid by the token, by a server that counts none.
TEST(OpenAiTranscription, GuessesTokensWhereNobodyCountsThem) {
  const Call<Transcript> call = [](http::Client& client, const Clock& clock,
                                   OpenAiOptions options) -> Task<Transcript> {
    OpenAiTranscription model(client, clock, std::move(options), "gpt-4o-transcribe",
                              OpenAiTranscription::Detail::text);
    co_return co_await model.transcribe({.audio = "\x1A\x45", .media_type = "audio/webm", .seconds = 7});
  };
  const auto found = openai_answers<Transcript>(1, R"({"text":"hi"})", call);
  EXPECT_EQ(found.usage.input_audio_tokens, 70);
  EXPECT_GT(found.usage.output_tokens, 0);
}

TEST(OpenAiTranscription, NeedsAText) {
  try {
    transcribe("{}");
    FAIL() << "it was one";
  } catch (const FailedAfterUse& error) {
    EXPECT_EQ(error.code, "BAD_ANSWER");
    EXPECT_EQ(error.usage.seconds, 7);
  }
}

// ---- images

MultipartForm expected_edit(std::string boundary) {
  MultipartForm form(std::move(boundary));
  for (const auto& [name, value] : std::vector<std::pair<const char*, const char*>>{
           {"n", "2"}, {"model", "m"}, {"prompt", "a cat"}, {"size", "1536x1024"}})
    form.field(name, value);
  form.file("image[]", "reference", "image/png", kPng);
  return form;
}
const std::string kImageBody =
    R"({"n":1,"model":"m","prompt":"a cat","size":"1792x1024","response_format":"b64_json"})";

Images openai_draws(std::string answer, OpenAiImages::Kind kind, ImageRequest request, SeenRequest* seen = nullptr,
                    std::size_t body_size = kImageBody.size()) {
  const auto size = request.references.empty() ? body_size : expected_edit(std::string(32, 'x')).finish().size();
  const Call<Images> call = [&](http::Client& client, const Clock& clock, OpenAiOptions options) {
    return [](http::Client& client, const Clock& clock, OpenAiOptions options, OpenAiImages::Kind kind,
              ImageRequest request) -> Task<Images> {
      OpenAiImages model(client, clock, std::move(options), "m", kind);
      co_return co_await model.draw(std::move(request));
    }(client, clock, std::move(options), kind, request);
  };
  return openai_answers<Images>(size, std::move(answer), call, seen);
}

TEST(OpenAiImages, DrawsInTheNearestShape) {
  SeenRequest seen;
  const auto drawn =
      openai_draws(fmt::format(R"({{"created":1,"data":[{{"b64_json":"{}","revised_prompt":"x"}},{{"b64_json":"AAAA"}},
                          {{"url":"https://img.example/1.png"}},{{"url":"file:///etc/passwd"}}]}})",
                               crypto::to_base64(kPng)),
                   OpenAiImages::Kind::dall_e, {.prompt = "a cat", .width = 1280, .height = 720, .count = 3}, &seen);
  ASSERT_EQ(drawn.pictures.size(), 2U);
  EXPECT_EQ(drawn.pictures[0], (Picture{.media_type = "image/png", .bytes = kPng, .url = ""}));
  EXPECT_EQ(drawn.pictures[1].url, "https://img.example/1.png");
  EXPECT_EQ(drawn.usage.images, 2);
  EXPECT_EQ(seen.body, kImageBody);
  EXPECT_THAT(seen.head, HasSubstr("POST /v1/images/generations HTTP/1.1\r\n"));
}

TEST(OpenAiImages, GoesByReferences) {
  SeenRequest seen;
  const ImageRequest request{.prompt = "a cat",
                             .width = 1200,
                             .height = 800,
                             .count = 2,
                             .references = {{.media_type = "image/png", .bytes = kPng, .url = ""}}};
  const auto drawn =
      openai_draws(fmt::format(R"({{"data":[{{"b64_json":"{}"}}],"usage":{{"input_tokens":50,"output_tokens":272,
                                          "total_tokens":322}}}})",
                               crypto::to_base64("\xFF\xD8\xFF")),
                   OpenAiImages::Kind::gpt_image, request, &seen);
  EXPECT_EQ(drawn.pictures.at(0).media_type, "image/jpeg");
  EXPECT_EQ(drawn.usage.output_image_tokens, 272);
  EXPECT_EQ(seen.body, form_in(seen, expected_edit));
  EXPECT_THAT(seen.head, HasSubstr("POST /v1/images/edits HTTP/1.1\r\n"));
  EXPECT_THROW(openai_draws("{}", OpenAiImages::Kind::dall_e, request), Error);
}

// As each kind of model calls them.
TEST(OpenAiImages, SaysWithHowMuchCareAndInWhichManner) {
  using Kind = OpenAiImages::Kind;
  const std::tuple<Kind, ImageQuality, ImageStyle, const char*> cases[] = {
      {Kind::gpt_image, ImageQuality::low, ImageStyle::usual, R"(,"quality":"low")"},
      {Kind::gpt_image, ImageQuality::medium, ImageStyle::usual, R"(,"quality":"medium")"},
      {Kind::gpt_image, ImageQuality::high, ImageStyle::usual, R"(,"quality":"high")"},
      {Kind::dall_e, ImageQuality::low, ImageStyle::usual, R"(,"response_format":"b64_json","quality":"standard")"},
      {Kind::dall_e, ImageQuality::high, ImageStyle::usual, R"(,"response_format":"b64_json","quality":"hd")"},
      {Kind::dall_e, ImageQuality::usual, ImageStyle::natural, R"(,"response_format":"b64_json","style":"natural")"},
  };
  for (const auto& [kind, quality, style, said] : cases) {
    const auto body = fmt::format(R"({{"n":1,"model":"m","prompt":"a cat","size":"1024x1024"{}}})", said);
    SeenRequest seen;
    const ImageRequest request{.prompt = "a cat", .quality = quality, .style = style};
    openai_draws(fmt::format(R"({{"data":[{{"b64_json":"{}"}}]}})", crypto::to_base64(kPng)), kind, request, &seen,
                 body.size());
    EXPECT_EQ(seen.body, body);
  }
}

TEST(OpenAiImages, AreSeveralAtOnceButDallEs) {
  http::Client client({});
  const odeon::testing::FakeClock clock;
  EXPECT_EQ(OpenAiImages(client, clock, {}, "gpt-image-2", OpenAiImages::Kind::gpt_image).at_once(), 4);
  EXPECT_EQ(OpenAiImages(client, clock, {}, "dall-e-3", OpenAiImages::Kind::dall_e).at_once(), 1);
}

TEST(OpenAiImages, NeedsAPicture) {
  try {
    openai_draws(R"({"data":[],"usage":{"input_tokens":5}})", OpenAiImages::Kind::dall_e,
                 {.prompt = "a cat", .width = 16, .height = 9});
    FAIL() << "it drew";
  } catch (const FailedAfterUse& error) {
    EXPECT_EQ(error.code, "NO_PICTURE");
    EXPECT_EQ(error.usage.input_tokens, 5);
  }
}

}  // namespace
}  // namespace odeon::ai
