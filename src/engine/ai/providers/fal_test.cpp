#include <gmock/gmock.h>

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "engine/ai/catalogue.hpp"
#include "engine/ai/providers/failure_test.hpp"
#include "engine/ai/providers/fal_images.hpp"
#include "engine/ai/providers/fal_server_test.hpp"
#include "engine/ai/providers/fal_video.hpp"
#include "engine/ai/providers/picture_bytes_test.hpp"
#include "testing/child.hpp"
#include "testing/clock.hpp"

namespace odeon::ai {
namespace {

using namespace std::chrono_literals;
using json::array;
using json::object;
using odeon::testing::FakeClock;
using ::testing::Contains;
using ::testing::HasSubstr;

constexpr const char* kFlux = "fal-ai/flux/dev";
constexpr const char* kKontext = "fal-ai/flux-pro/kontext";
constexpr const char* kKling = "fal-ai/kling-video/v2.6/pro/text-to-video";
const std::string kFilm(
    "\0\0\0\x18"
    "ftypmp42",
    12);

const std::string kOnePicture = R"({"images":[{"url":"{base}/files/a.png","width":1024,"height":1024,
  "content_type":"image/png"}],"timings":{"inference":1.2},"seed":7,"has_nsfw_concepts":[false],"prompt":"a cat"})";

// Time passes as soon as somebody waits for it, until `enough` holds.
Task<void> hurry(FakeClock& clock, std::function<bool()> enough) {
  const auto executor = co_await asio::this_coro::executor;
  while (!enough()) {
    if (clock.sleepers() > 0) clock.advance(1s);
    co_await asio::post(executor, asio::use_awaitable);
  }
}

struct Stage {
  FalServer fal;
  FakeClock clock;
  http::Client client{{}};

  FalOptions options() const { return {.base_url = fal.base, .key = "fal-secret", .limit = 60s}; }
  // What `task` comes to; once `enough` holds, it is cancelled.
  template <class T>
  T result(Task<T> task, std::function<bool()> enough = [] { return false; }) {
    using namespace asio::experimental::awaitable_operators;
    auto play = [](FakeClock& clock, Task<T> task, std::function<bool()> enough) -> Task<T> {
      std::optional<std::expected<T, std::exception_ptr>> outcome;
      auto run = [](Task<T> task, auto& outcome) -> Task<void> { outcome = co_await settle(std::move(task)); };
      co_await (run(std::move(task), outcome) || hurry(clock, std::move(enough)));
      if (!*outcome) std::rethrow_exception(outcome->error());
      co_return std::move(**outcome);
    };
    return run_task(play(clock, std::move(task), std::move(enough)));
  }
  Images draw(ImageRequest request, std::function<bool()> enough = [] { return false; }) {
    FalImages model(client, clock, options(), kFlux, FalImages::References::none);
    return result(model.draw(std::move(request)), std::move(enough));
  }
  Video film(VideoRequest request) {
    FalVideo model(client, clock, options(), kKling);
    return result(model.film(std::move(request)));
  }
};

TEST(Fal, DrawsSeveralAtOnceButOfFlux2) {
  Stage stage;
  const auto at_once = [&](const char* endpoint) {
    return FalImages(stage.client, stage.clock, stage.options(), endpoint, FalImages::References::none).at_once();
  };
  EXPECT_EQ(at_once(kFlux), 4);
  EXPECT_EQ(at_once("fal-ai/flux-2-pro"), 1);
}

TEST(Fal, DrawsInTheQueue) {
  Stage stage;
  stage.fal.keep("a.png", kPng);
  stage.fal.play(kFlux, {.result = kOnePicture});
  const Images drawn = stage.draw({.prompt = "a cat", .width = 2560, .height = 1440});
  ASSERT_EQ(drawn.pictures.size(), 1U);
  EXPECT_EQ(drawn.pictures[0], (Picture{.media_type = "image/png", .bytes = kPng, .url = ""}));
  EXPECT_EQ(drawn.model, "fal/fal-ai/flux/dev");
  EXPECT_EQ(drawn.usage.images, 1);
  EXPECT_EQ(cost_of(drawn.usage, Catalogue::standard().offer(drawn.model)->price), 25'000'000);
  // A megapixel of that shape.
  EXPECT_EQ(stage.fal.input(),
            json::value(object{
                {"prompt", "a cat"}, {"num_images", 1}, {"image_size", object{{"width", 1344}, {"height", 768}}}}));
  EXPECT_EQ(
      stage.fal.seen(),
      (std::vector<std::string>{
          "POST /fal-ai/flux/dev with the key", "GET /fal-ai/flux/requests/req-0/status with the key",
          "GET /fal-ai/flux/requests/req-0/status with the key", "GET /fal-ai/flux/requests/req-0/status with the key",
          "GET /fal-ai/flux/requests/req-0 with the key", "GET /files/a.png"}));
}

TEST(Fal, GoesByReferences) {
  Stage stage;
  stage.fal.keep("a.png", kPng);
  for (const std::string beside : {"", "/text-to-image", "/multi"})
    stage.fal.play(kKontext + beside, {.result = kOnePicture});
  FalImages model(stage.client, stage.clock, stage.options(), kKontext, FalImages::References::some);
  const Picture picture{.media_type = "image/png", .bytes = kPng, .url = ""};
  const json::value url("data:image/png;base64,iVBORw0K");
  const auto ask = [&](std::vector<Picture> references) {
    stage.result(model.draw({.prompt = "p", .width = 900, .height = 1600, .references = std::move(references)}));
    return stage.fal.input().as_object();
  };
  EXPECT_EQ(ask({}), (object{{"prompt", "p"}, {"num_images", 1}, {"aspect_ratio", "9:16"}}));
  EXPECT_EQ(ask({picture}), (object{{"prompt", "p"}, {"num_images", 1}, {"aspect_ratio", "9:16"}, {"image_url", url}}));
  EXPECT_EQ(ask({picture, picture}),
            (object{{"prompt", "p"}, {"num_images", 1}, {"aspect_ratio", "9:16"}, {"image_urls", array{url, url}}}));
  EXPECT_EQ(stage.fal.count("POST /fal-ai/flux-pro/kontext/multi"), 1U);
  EXPECT_EQ(failure_with_use([&] { stage.draw({.prompt = "p", .references = {picture}}); }).fault, Fault::invalid);
}

TEST(Fal, Films) {
  Stage stage;
  stage.fal.keep("f.mp4", kFilm);
  const std::string result = R"({"video":{"url":"{base}/files/f.mp4","content_type":"video/mp4","file_name":"f.mp4",
                                          "file_size":12}})";
  stage.fal.play(kKling, {.result = result});
  stage.fal.play("fal-ai/kling-video/v2.6/pro/image-to-video", {.result = result});
  const Video video = stage.film({.prompt = "a cat runs", .seconds = 9});
  EXPECT_EQ(video.bytes, kFilm);
  EXPECT_EQ(video.media_type, "video/mp4");
  EXPECT_EQ(video.seconds, 10);
  EXPECT_EQ(video.usage.seconds, 10);
  EXPECT_EQ(stage.fal.input(),
            json::value(object{
                {"prompt", "a cat runs"}, {"duration", "10"}, {"generate_audio", false}, {"aspect_ratio", "16:9"}}));
  stage.film({.prompt = "it runs", .beginning = Picture{.media_type = "image/png", .bytes = kPng, .url = ""}});
  EXPECT_EQ(stage.fal.input(), json::value(object{{"prompt", "it runs"},
                                                  {"duration", "5"},
                                                  {"generate_audio", false},
                                                  {"start_image_url", "data:image/png;base64,iVBORw0K"}}));
}

TEST(Fal, GoesOnWhenAConnectionIsLost) {
  Stage stage;
  stage.fal.keep("a.png", kPng);
  stage.fal.play(kFlux, {.course = {"busy", "busy", "busy", "busy", "IN_QUEUE", "lost", "broken", "IN_PROGRESS", "lost",
                                    "COMPLETED"},
                         .result = kOnePicture});
  EXPECT_EQ(stage.draw({.prompt = "a cat"}).pictures.size(), 1U);
  EXPECT_EQ(stage.fal.count("/status"), 10U);
  // But not for ever with one that has no end of its own.
  stage.fal.play(kFlux, {.course = {"broken"}});
  EXPECT_EQ(failure_with_use([&] { stage.draw({.prompt = "a cat"}); }).code, "PROVIDER_FAILED");
  stage.fal.play(kFlux, {.course = {"page"}});
  EXPECT_EQ(failure_with_use([&] { stage.draw({.prompt = "a cat"}); }).code, "BAD_ANSWER");
}

TEST(Fal, StopsWhatTakesTooLong) {
  for (const bool at_work : {false, true}) {
    Stage stage;
    stage.fal.play(kFlux, {.course = {"IN_QUEUE", at_work ? "IN_PROGRESS" : "IN_QUEUE"}, .result = "{}"});
    const auto failure = failure_with_use([&] { stage.draw({.prompt = "a cat", .count = 3}); });
    EXPECT_EQ(failure.fault, Fault::timeout);
    EXPECT_EQ(failure.usage.images, at_work ? 3 : 0);
    EXPECT_EQ(stage.fal.seen().back(), "PUT /fal-ai/flux/requests/req-0/cancel with the key");
    EXPECT_LT(stage.fal.count("/status"), 40U) << "its pauses do not grow";
  }
}

TEST(Fal, StopsWhatNobodyWaitsFor) {
  Stage stage;
  stage.fal.play(kFlux, {.course = {"IN_QUEUE", "IN_PROGRESS"}, .result = "{}"});
  const auto failure =
      failure_with_use([&] { stage.draw({.prompt = "a cat"}, [&] { return stage.fal.count("/status") >= 4; }); });
  EXPECT_EQ(failure.usage.images, 1);
  EXPECT_EQ(stage.fal.count("PUT /fal-ai/flux/requests/req-0/cancel"), 1U);
}

TEST(Fal, TellsWhyItDoesNot) {
  struct Refusal {
    FalPlay play;
    const char* code;
    Fault fault;
    std::int64_t images = 0;
  };
  const std::string policy =
      R"({"detail":[{"loc":["body","prompt"],"msg":"The content was flagged by a content checker.",
    "type":"content_policy_violation","url":"https://docs.fal.ai/errors#content_policy_violation","input":"secret"}]})";
  const std::string wrong = R"({"detail":[{"loc":["body","num_images"],"msg":"Input should be less than or equal to 4",
    "type":"less_than_equal","ctx":{"le":4}}]})";
  const Refusal refusals[] = {
      {{.status = 422, .result = policy}, kDeclined, Fault::upstream},
      {{.status = 422, .result = wrong}, "MODEL_REJECTED_REQUEST", Fault::invalid},
      {{.accepts = 422, .refusal = wrong}, "MODEL_REJECTED_REQUEST", Fault::invalid},
      {{.accepts = 403, .refusal = R"({"detail":"User is locked. Reason: Exhausted balance. Top up."})"},
       "PROVIDER_SPENT",
       Fault::unavailable},
      {{.accepts = 401, .refusal = R"({"detail":"Invalid key fal-secret"})"}, "PROVIDER_KEY", Fault::unauthenticated},
      {{.accepts = 404, .refusal = R"({"detail":"Application not found"})"}, "PROVIDER_FAILED", Fault::upstream},
      {{}, "NO_PICTURE", Fault::upstream, 1},
      {{.status = 504, .result = R"({"detail":"Request timed out","error_type":"request_timeout"})"},
       "PROVIDER_TIMEOUT",
       Fault::timeout},
      {{.result = "[]"}, "BAD_ANSWER", Fault::upstream, 2},
      {{.course = {"DREAMING"}}, "BAD_ANSWER", Fault::upstream},
      {{.result = R"({"images":[{"url":"{base}/files/a.png"},{"url":"{base}/files/a.png"}],
                      "has_nsfw_concepts":[true,true]})"},
       kDeclined,
       Fault::upstream,
       2},
      {{.result = R"({"images":[{"url":"{base}/files/page.html"}]})"}, "NO_PICTURE", Fault::upstream, 1},
      {{.result = R"({"images":[{"url":"{base}/files/none"}]})"}, "PROVIDER_FAILED", Fault::upstream, 1},
  };
  for (const auto& [play, code, fault, images] : refusals) {
    Stage stage;
    stage.fal.keep("a.png", kPng);
    stage.fal.keep("page.html", "<html>");
    FalPlay played = play;
    if (played.result.empty()) played.result = "{}";
    stage.fal.play(kFlux, played);
    const auto failure = failure_with_use([&] { stage.draw({.prompt = "secret", .count = 2}); });
    EXPECT_EQ(failure.code, code) << play.result;
    EXPECT_EQ(failure.fault, fault) << play.result;
    EXPECT_EQ(failure.usage.images, images) << play.result;
    EXPECT_THAT(failure.message + failure.detail, ::testing::Not(HasSubstr("secret")));
  }
}

TEST(Fal, TakesWhatIsDecentOfThePictures) {
  Stage stage;
  stage.fal.keep("a.png", kPng);
  stage.fal.play(kFlux, {.result = R"({"images":[{"url":"{base}/files/none"},{"url":"{base}/files/a.png"}],
                                          "has_nsfw_concepts":[true,false]})"});
  const Images drawn = stage.draw({.prompt = "a cat", .count = 2});
  EXPECT_EQ(drawn.pictures.size(), 1U);
  EXPECT_EQ(drawn.usage.images, 2);
}

TEST(Fal, FetchesFilesOfItsOwnOnly) {
  for (const char* url : {"http://v3.fal.media/a.png", "https://fal.media.evil.example/a.png",
                          "https://evilfal.media/a", "https://127.0.0.1/a.png", "http://127.0.0.1:1/files/a.png",
                          "file:///etc/passwd", "https://fal.media@evil.example/a.png", "//fal.media/a.png", ""}) {
    Stage stage;
    stage.fal.play(kFlux, {.result = boost::json::serialize(object{{"images", array{object{{"url", url}}}}})});
    const auto failure = failure_with_use([&] { stage.draw({.prompt = "a cat"}); });
    EXPECT_EQ(failure.code, "BAD_ANSWER") << url;
    EXPECT_EQ(failure.detail, "a file that is not at fal") << url;
  }
}

TEST(Fal, ReadsWhatItsOwnClientReads) {
  const std::string installed = ODEON_BUILD_DIR "/npm/ai";
  testing::Child install(
      {ODEON_SOURCE_DIR "/scripts/npm-install", ODEON_SOURCE_DIR "/src/engine/ai/providers/strangers", installed});
  install.wait_for_line("\r\r");  // to its end
  Stage stage;
  stage.fal.keep("a.png", kPng);
  stage.fal.play(kFlux, {.result = kOnePicture});
  stage.fal.play("fal-ai/flux/schnell",
                 {.status = 422,
                  .result = R"({"detail":[{"loc":["body","prompt"],"msg":"x","type":"content_policy_violation"}]})"});
  testing::Child node({"node", installed + "/fal.mjs", stage.fal.base, kFlux, "fal-ai/flux/schnell"});
  node.wait_for_line("\r\r");
  const auto theirs = json::parse(node.output()).as_array();
  ASSERT_EQ(theirs.size(), 2U) << install.output();
  EXPECT_EQ(theirs[0].at("data"), json::parse(text::replace_all(kOnePicture, "{base}", stage.fal.base)));
  EXPECT_EQ(theirs[1], json::value(object{{"status", 422}, {"types", array{"content_policy_violation"}}}));
  const auto asked = stage.fal.seen();
  EXPECT_EQ(stage.draw({.prompt = "a cat"}).pictures.at(0).bytes, kPng);
  // It asks for the same things at the same places.
  for (const auto& one : {"POST /fal-ai/flux/dev with the key", "GET /fal-ai/flux/requests/req-0/status with the key",
                          "GET /fal-ai/flux/requests/req-0 with the key"})
    EXPECT_THAT(asked, Contains(one));
}

}  // namespace
}  // namespace odeon::ai
