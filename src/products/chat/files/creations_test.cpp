#include "products/chat/files/creations.hpp"

#include <gmock/gmock.h>

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "products/chat/house_test.hpp"
#include "products/chat/leftovers.hpp"

namespace odeon::chat {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using namespace std::string_literals;
using namespace asio::experimental::awaitable_operators;

const std::string kCreatedPng = "\x89PNG\r\n\x1A\nand so on"s;

// What a painter or a camera does, and what it was asked for.
struct Studio {
  std::optional<Error> fault;
  bool hangs = false;
  bool leaves = false;  // cancelled while it hung
  std::vector<ai::ImageRequest> drawn;
  std::vector<ai::VideoRequest> filmed;

  Task<void> work() {
    if (fault) throw *fault;
    if (!hangs) co_return;
    const auto waited = co_await settle(sleep_on_loop(std::chrono::hours(1)));
    leaves = !waited;
    if (!waited) std::rethrow_exception(waited.error());
  }
};
class Painter final : public ai::ImageModel {
 public:
  explicit Painter(Studio& studio) : studio_(studio) {}
  std::string name() const override { return "fal/fal-ai/flux/schnell"; }
  bool takes_references() const override { return false; }
  int at_once() const override { return 4; }
  Task<ai::Images> draw(ai::ImageRequest request) override {
    studio_.drawn.push_back(request);
    co_await studio_.work();
    ai::Images images{.pictures = {}, .model = name(), .usage = {.images = request.count}};
    for (int i = 0; i < request.count; ++i)
      images.pictures.push_back({"image/jpeg", kCreatedPng + std::to_string(i), ""});
    co_return images;
  }

 private:
  Studio& studio_;
};
class Camera final : public ai::VideoModel {
 public:
  explicit Camera(Studio& studio) : studio_(studio) {}
  std::string name() const override { return "fal/fal-ai/kling-video/v2.6/pro/text-to-video"; }
  bool takes_beginning() const override { return true; }
  Task<ai::Video> film(ai::VideoRequest request) override {
    studio_.filmed.push_back(request);
    co_await studio_.work();
    co_return ai::Video{
        .media_type = "video/mp4", .bytes = "film", .seconds = 5, .model = name(), .usage = {.seconds = 5}};
  }

 private:
  Studio& studio_;
};

struct CreationsTest : ChatHouse {
  CreationsTest() {
    gateway.add(std::make_unique<Painter>(studio));
    gateway.add(std::make_unique<Camera>(studio));
    token = join("ada@example.com", "ultra");
  }
  // For what is tried again later.
  static Task<void> pass_time(testing::FakeClock& clock) {
    for (;;) {
      co_await sleep_on_loop(std::chrono::milliseconds(5));
      clock.advance(std::chrono::seconds(1));
    }
  }
  // Runs jobs until this one has ended; `meanwhile` as soon as it runs.
  void run(const Reply& asked, std::function<Task<void>(jobs::Worker&)> meanwhile = nullptr) {
    run_task(
        with_timeout(std::chrono::seconds(60), [](CreationsTest& test, std::string job, auto meanwhile) -> Task<void> {
          jobs::Worker worker{
              test.queue, test.clock, test.log, test.metrics, {.backoff = std::chrono::milliseconds(0)}};
          test.creation_jobs.install(worker);
          co_await worker.start();
          bool told = false;
          auto end = test.queue.watch(job, [&](this auto, const jobs::Progress& progress) -> Task<bool> {
            if (meanwhile && progress.stage == "drawing" && !std::exchange(told, true)) co_await meanwhile(worker);
            co_return true;
          });
          const auto ended = co_await (settle(std::move(end)) || pass_time(test.clock));
          co_await worker.stop();
          if (const auto* outcome = std::get_if<0>(&ended); outcome != nullptr && !*outcome)
            std::rethrow_exception(outcome->error());
        }(*this, text(asked.at("job_id")), std::move(meanwhile))));
  }
  Reply see(const Reply& asked) { return get("/api/creations/" + text(asked.at("id")), token); }
  Reply draw(json::object wish = {{"prompt", "A fox"}}) { return post("/api/images", std::move(wish), token); }
  std::string target_of(const json::value& file) {
    const std::string url = text(file.at("url"));
    return url.substr(url.find("/api/"));
  }
  Studio studio;
  std::string token;
};

TEST_F(CreationsTest, PicturesAreAskedForMadeAndListed) {
  const auto asked = draw({{"prompt", "A fox"}, {"size", "1280x720"}, {"count", 2}});
  ASSERT_EQ(asked.status, 202) << asked.body;
  EXPECT_EQ(asked.at("status"), "queued");
  EXPECT_EQ(get("/api/jobs/" + text(asked.at("job_id")), token).status, 200);
  run(asked);
  const auto made = see(asked);
  ASSERT_EQ(made.at("status"), "ready") << made.body;
  EXPECT_EQ(made.at("model"), "flux-schnell");
  EXPECT_DOUBLE_EQ(made.at("cost_usd").to_number<double>(), 0.006);
  EXPECT_EQ(used("spend"), 6'000'000);
  ASSERT_EQ(made.at("files").as_array().size(), 2U);
  EXPECT_EQ(made.at("files").at(0).at("media_type"), "image/png") << "whatever the model says of it";
  EXPECT_EQ(get(target_of(made.at("files").at(1))).body, kCreatedPng + "1");
  ASSERT_EQ(studio.drawn.size(), 1U);
  EXPECT_EQ(studio.drawn[0].width, 1280);
  EXPECT_EQ(studio.drawn[0].payer.tier, "ultra");
  EXPECT_EQ(get("/api/images", token).at("creations").as_array().size(), 1U);
  EXPECT_EQ(get("/api/videos", token).at("creations").as_array().size(), 0U);

  const auto bob = join("bob@example.com");
  const std::string path = "/api/creations/" + text(asked.at("id"));
  EXPECT_EQ(get(path, bob).status, 404);
  EXPECT_EQ(post(path + "/cancel", {}, bob).status, 404);
  EXPECT_EQ(call(http::Method::delete_, path, nullptr, bob).status, 404);
  EXPECT_EQ(get(path + "/files/made.json?expires=1&signature=00").status, 404);
  EXPECT_EQ(get(path + "/files/1.png?expires=9999999999&signature=00").status, 403);
  EXPECT_EQ(post(path + "/cancel", {}, token).at("status"), "ready") << "what has ended stays";
  EXPECT_EQ(call(http::Method::delete_, path, nullptr, token).status, 204);
  EXPECT_EQ(get(path, token).status, 404);
  EXPECT_THAT(objects(), IsEmpty());
}

TEST_F(CreationsTest, NothingIsMadeForWhoAgreesNoLonger) {
  const auto asked = draw();
  agree("ada@example.com", false);
  run(asked);
  EXPECT_TRUE(studio.drawn.empty());
  const auto ended = see(asked);
  EXPECT_EQ(ended.at("status"), "failed");
  EXPECT_EQ(ended.at("error").at("code"), "CONSENT_REQUIRED");
  EXPECT_EQ(used("spend"), 0);
}

TEST_F(CreationsTest, FilmsMayBeginWithAPicture) {
  const auto picture = attach(token, "fox.png", "image/png", kCreatedPng),
             note = attach(token, "a.txt", "text/plain", "A.");
  EXPECT_EQ(post("/api/videos", {{"prompt", "It runs"}, {"image", note}}, token).status, 400);
  EXPECT_EQ(post("/api/videos", {{"prompt", "It runs"}, {"image", "none"}}, token).status, 404);
  const auto asked = post("/api/videos", {{"prompt", "It runs"}, {"image", picture}}, token);
  ASSERT_EQ(asked.status, 202) << asked.body;
  run(asked);
  EXPECT_EQ(see(asked).at("status"), "ready") << see(asked).body;
  EXPECT_EQ(get(target_of(see(asked).at("files").at(0))).body, "film");
  ASSERT_EQ(studio.filmed.size(), 1U);
  EXPECT_EQ(studio.filmed[0].beginning->bytes, kCreatedPng);
  EXPECT_EQ(used("spend"), 350'000'000);
}

TEST_F(CreationsTest, AreWhatThePlanAndTheBudgetAllow) {
  const auto pro = join("pro@example.com"), none = join("none@example.com", "");
  EXPECT_EQ(post("/api/images", {{"prompt", "A fox"}}, pro).status, 202);
  const auto film = post("/api/videos", {{"prompt", "A fox"}}, pro);
  EXPECT_EQ(film.status, 403);
  EXPECT_EQ(film.at("code"), "UPGRADE_REQUIRED");
  EXPECT_EQ(film.at("upgrade_url"), "/pricing");
  EXPECT_EQ(post("/api/images", {{"prompt", "A fox"}}, none).status, 403);
  EXPECT_TRUE(use(ids.at("ada@example.com"), "spend", run_task(asking.budget_left(ids.at("ada@example.com")))));
  EXPECT_EQ(draw().status, 402);
  EXPECT_EQ(draw().at("code"), "daily_budget_exceeded");
}

TEST_F(CreationsTest, AskForWhatMakesSense) {
  struct Case {
    json::object wish;
    unsigned status;
    const char* code;
  };
  for (const auto& [wish, status, code] :
       {Case{{{"prompt", " "}}, 400, "VALIDATION_ERROR"}, Case{{{"prompt", 7}}, 400, "VALIDATION_ERROR"},
        Case{{{"prompt", "x"}, {"count", 5}}, 400, "VALIDATION_ERROR"},
        Case{{{"prompt", "x"}, {"size", "huge"}}, 400, "VALIDATION_ERROR"},
        Case{{{"prompt", "x"}, {"size", "1024x"}}, 400, "VALIDATION_ERROR"},
        Case{{{"prompt", "x"}, {"size", "4096x4096"}}, 400, "VALIDATION_ERROR"},
        Case{{{"prompt", "x"}, {"model", "gpt-4o"}}, 400, "UNKNOWN_MODEL"},
        Case{{{"prompt", "x"}, {"model", "dall-e-3"}}, 503, "MODEL_UNAVAILABLE"},
        Case{{{"prompt", "x"}, {"model", "flux"}}, 202, ""},
        Case{{{"prompt", "x"}, {"conversation_id", "none"}}, 404, "CONVERSATION_NOT_FOUND"}}) {
    const auto reply = draw(wish);
    EXPECT_EQ(reply.status, status) << json::write(wish) << reply.body;
    if (status != 202) EXPECT_EQ(reply.at("code"), code) << json::write(wish);
  }
  EXPECT_EQ(get("/api/images?cursor=x", token).status, 400);
}

TEST_F(CreationsTest, WhatIsDeclinedIsNotTriedAgain) {
  studio.fault = Error(Fault::upstream, ai::kDeclined, "No.");
  const auto asked = draw({{"prompt", "x"}, {"model", "flux"}});
  run(asked);
  EXPECT_EQ(see(asked).at("status"), "failed");
  EXPECT_EQ(see(asked).at("error").at("code"), "MODEL_DECLINED");
  EXPECT_EQ(studio.drawn.size(), 1U);
  EXPECT_EQ(used("spend"), 0);
}

TEST_F(CreationsTest, WhatMayPassIsAndInTheEndSaysWhy) {
  studio.fault = Error(Fault::upstream, "PROVIDER_ERROR", "Broken.");
  const auto asked = draw({{"prompt", "x"}, {"model", "flux"}});
  run(asked);
  EXPECT_EQ(see(asked).at("status"), "failed");
  EXPECT_EQ(see(asked).at("error").at("code"), "GENERATION_FAILED");
  EXPECT_EQ(studio.drawn.size(), 3U);
}

TEST_F(CreationsTest, AreCancelledWhileTheyAreMade) {
  studio.hangs = true;
  const auto asked = draw();
  run(asked, [&](this auto, jobs::Worker&) -> Task<void> {
    co_await creations.cancel({.user_id = ids.at("ada@example.com")}, {text(asked.at("id"))});
  });
  EXPECT_EQ(studio.leaves, !studio.drawn.empty()) << "it may be cancelled before anybody draws";
  EXPECT_EQ(see(asked).at("status"), "cancelled");
  EXPECT_THAT(objects(), IsEmpty());
}

TEST_F(CreationsTest, AreNotPaidTwiceAfterACrash) {
  // It was made and stored; then the process died.
  const auto asked = draw();
  const auto id = text(asked.at("id"));
  run_task([](CreationsTest& test, std::string id) -> Task<void> {
    const Made made{
        .files = {{"1.png", "image/png", std::ssize(kCreatedPng)}}, .model = "fal/fal-ai/flux/schnell", .cost = 3};
    co_await storage::put(test.storage, creation_folder(id) + "1.png", kCreatedPng, {.content_type = "image/png"});
    co_await storage::put(test.storage, creation_folder(id) + kMadeName, json::write(made), {});
  }(*this, id));
  run(asked);
  EXPECT_EQ(see(asked).at("status"), "ready");
  EXPECT_THAT(studio.drawn, IsEmpty());
  EXPECT_EQ(get(target_of(see(asked).at("files").at(0))).body, kCreatedPng);
}

TEST_F(CreationsTest, AreCarriedOutOnceByTheClientsName) {
  const auto ask_as = [&](const std::string& who, const std::string& key) {
    return call(http::Method::post, "/api/images", {{"prompt", "A fox"}}, who, {{"Idempotency-Key", key}});
  };
  const auto first = ask_as(token, "one"), same = ask_as(token, "one"), next = ask_as(token, "two");
  EXPECT_EQ(first.at("id"), same.at("id"));
  EXPECT_NE(first.at("id"), next.at("id"));
  EXPECT_NE(ask_as(join("bob@example.com"), "one").at("id"), first.at("id"));
  EXPECT_EQ(ask_as(token, "with space").status, 400);
}

TEST_F(CreationsTest, GoWithTheirConversation) {
  const auto conversation = ask(token, {{"text", "Hello."}}).at("conversation_id");
  const auto asked = draw({{"prompt", "A fox"}, {"conversation_id", conversation}});
  run(asked);
  EXPECT_EQ(get("/api/images?conversation_id=" + text(conversation), token).at("creations").as_array().size(), 1U);
  EXPECT_THAT(objects(), SizeIs(2)) << "the picture, and what tells of it";
  EXPECT_EQ(call(http::Method::delete_, "/api/conversations/" + text(conversation), nullptr, token).status, 204);
  EXPECT_EQ(see(asked).status, 404);
  EXPECT_EQ(run_task(sweep_leftovers(*database, storage, clock.now())), 2);
  EXPECT_THAT(objects(), IsEmpty());
}

TEST_F(CreationsTest, AreTakenAlongAndForgotten) {
  struct Archive final : PersonalArchive {
    Task<void> document(std::string path, std::string) override { co_return paths.push_back(std::move(path)); }
    Task<void> object(std::string path, std::string) override { co_return paths.push_back(std::move(path)); }
    std::vector<std::string> paths;
  } archive;
  const auto id = attach(token, "../a b.txt", "text/plain", "Mine.");
  const auto asked = draw();
  run(asked);
  ChatData data(*database, storage);
  const auto ada = ids.at("ada@example.com");
  run_task(data.tell(ada, "chat", archive));
  EXPECT_THAT(archive.paths, ::testing::IsSupersetOf({"chat/attachments/" + id + ".txt",
                                                      "chat/creations/" + text(asked.at("id")) + "-1.png"}));
  EXPECT_EQ(run_task(data.forget(ada, "chat")).objects, 3);
  EXPECT_THAT(objects(), IsEmpty());
  EXPECT_EQ(see(asked).status, 404);
}

struct CreationsWithoutModels : ChatHouse {};

TEST_F(CreationsWithoutModels, SayWhatIsToBeSetUp) {
  const auto token = join("ada@example.com", "ultra");
  for (const char* path : {"/api/images", "/api/videos"}) {
    const auto reply = post(path, {{"prompt", "A fox"}}, token);
    EXPECT_EQ(reply.status, 503) << reply.body;
    EXPECT_THAT(text(reply.at("error")), HasSubstr("FAL_KEY"));
  }
}

}  // namespace
}  // namespace odeon::chat
