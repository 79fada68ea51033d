#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "engine/ai/gateway.hpp"
#include "testing/clock.hpp"
#include "testing/kept_calls.hpp"

namespace odeon::ai {
namespace {

constexpr std::string_view kMediaOffers = R"(
[[model]]
name = "meaning"
kind = "embedding"
price = { input = 1 }
offer = [{ provider = "a", id = "meaning-1" }]

[[model]]
name = "ears"
kind = "transcription"
price = { seconds = 100 }
offer = [{ provider = "a", id = "ears-1" }]

[[model]]
name = "ears-by-token"
kind = "transcription"
price = { input = 2.50, input_audio = 6, output = 10 }
offer = [{ provider = "t", id = "ears" }]

[[model]]
name = "voice-by-token"
kind = "speech"
price = { input = 0.60, output = 12 }
offer = [{ provider = "t", id = "voice" }]

[[model]]
name = "brush-by-token"
kind = "image"
price = { input = 5, input_image = 8, output = 10, output_image = 30 }
offer = [{ provider = "t", id = "brush" }]

[[model]]
name = "brush"
kind = "image"
price = { image = 0.04 }
offer = [{ provider = "a", id = "brush-1" }]

[[model]]
name = "camera"
kind = "video"
price = { seconds = 70_000 }
offer = [{ provider = "a", id = "camera-1" }]
)";

class MediaPurse final : public Budgets {
 public:
  Task<std::string> reserve(Payer, NanoUsd most) override {
    if (empty) throw Error(Fault::payment_required, "daily_budget_exceeded", "used up");
    held += most;
    co_return "r1";
  }
  Task<void> settle(std::string, NanoUsd cost) override {
    spent += cost;
    ++settled;
    co_return;
  }
  NanoUsd held = 0, spent = 0;
  int settled = 0;
  bool empty = false;
};

// Answers with `reply`, or fails.
template <class Model, class Request, class Reply>
class Scripted : public Model {
 public:
  Scripted(std::string name, Reply reply, std::optional<Fault> fault) : name_(name), reply_(reply), fault_(fault) {}
  std::string name() const override { return name_; }

 protected:
  Task<Reply> play(Request) {
    if (fault_) throw Error(*fault_, "SCRIPTED", "It failed.");
    co_return reply_;
  }
  std::string name_;
  Reply reply_;
  std::optional<Fault> fault_;
};
struct MediaEmbedder final : Scripted<EmbeddingModel, EmbeddingRequest, Embeddings> {
  using Scripted::Scripted;
  Task<Embeddings> embed(EmbeddingRequest request) override { return play(std::move(request)); }
};
struct Ears final : Scripted<TranscriptionModel, TranscriptionRequest, Transcript> {
  using Scripted::Scripted;
  bool tells_times() const override { return name_ != "a/ears-1"; }
  std::optional<Error> objection(const TranscriptionRequest& request) const override {
    if (request.language != "de" || name_ != "a/ears-1") return std::nullopt;
    return Error(Fault::invalid, "LANGUAGE_NOT_AVAILABLE", "Not this one.");
  }
  Task<Transcript> transcribe(TranscriptionRequest request) override { return play(std::move(request)); }
};
struct Voice final : Scripted<SpeechModel, SpeechRequest, Speech> {
  using Scripted::Scripted;
  bool speaks(const SpeechRequest&) const override { return true; }
  Task<Speech> speak(SpeechRequest request) override { return play(std::move(request)); }
};
struct Brush final : Scripted<ImageModel, ImageRequest, Images> {
  using Scripted::Scripted;
  bool takes_references() const override { return name_ == "b/copyist"; }
  bool has_qualities() const override { return name_ == "b/careful"; }
  bool has_styles() const override { return name_ == "b/careful"; }
  Task<Images> draw(ImageRequest request) override { return play(std::move(request)); }
};
struct Camera final : Scripted<VideoModel, VideoRequest, Video> {
  using Scripted::Scripted;
  bool takes_beginning() const override { return false; }
  Task<Video> film(VideoRequest request) override { return play(std::move(request)); }
};

const Payer kAnna{.user_id = "anna", .product = "chat", .tier = "ultra"};

class GatewayMediaTest : public ::testing::Test {
 protected:
  // One of each kind, as `fault` has it, and another that can.
  void models(std::optional<Fault> fault = std::nullopt) {
    const auto add = [&]<class Model, class Reply>(std::type_identity<Model>, const char* name, Reply reply) {
      gateway.add(std::make_unique<Model>(name, reply, fault));
      gateway.add(std::make_unique<Model>("b/other", reply, std::nullopt));
    };
    add(std::type_identity<MediaEmbedder>{}, "a/meaning-1",
        Embeddings{.vectors = {{1.0F}}, .usage = {.input_tokens = 7}});
    add(std::type_identity<Ears>{}, "a/ears-1", Transcript{.text = "hello", .usage = {.seconds = 3}});
    add(std::type_identity<Brush>{}, "a/brush-1", Images{.pictures = {{"image/png", "…", ""}}, .usage = {.images = 1}});
    add(std::type_identity<Camera>{}, "a/camera-1", Video{.media_type = "video/mp4", .usage = {.seconds = 5}});
  }

  struct Capability {
    const char* task;
    const char* name;                                   // in the catalogue
    std::function<std::string(std::string model)> ask;  // who answered
    NanoUsd cost;
  };
  std::vector<Capability> all() {
    return {
        {"embedding", "meaning",
         [this](std::string model) {
           return run_task(gateway.embed({.texts = {"a"}, .model = model, .payer = kAnna})).model;
         },
         7'000},
        {"transcription", "ears",
         [this](std::string model) {
           return run_task(gateway.transcribe({.audio = "RIFF", .model = model, .payer = kAnna})).model;
         },
         300'000},
        {"image", "brush",
         [this](std::string model) {
           return run_task(gateway.draw({.prompt = "a", .model = model, .payer = kAnna})).model;
         },
         40'000'000},
        {"video", "camera",
         [this](std::string model) {
           return run_task(gateway.film({.prompt = "a", .model = model, .payer = kAnna})).model;
         },
         350'000'000},
    };
  }
  static Error failure(const std::function<void()>& act) {
    try {
      act();
    } catch (const Error& error) {
      return error;
    }
    return Error(Fault::internal, "ANSWERED", "It answered.");
  }

  odeon::testing::FakeClock clock;
  Log log{Log::Level::off};
  Metrics metrics;
  testing::KeptCalls ledger;
  MediaPurse purse;
  Gateway gateway{clock, log, metrics, ledger, {.catalogue = Catalogue::from_toml(kMediaOffers), .budgets = &purse}};
};

TEST_F(GatewayMediaTest, WhatIsAskedIsHeldAnsweredAndPaid) {
  models();
  for (const auto& capability : all()) {
    purse = {};
    EXPECT_EQ(capability.ask(""), fmt::format("a/{}-1", capability.name));
    EXPECT_GT(purse.held, 0) << capability.task;
    EXPECT_EQ(purse.spent, capability.cost) << capability.task;
    EXPECT_EQ(purse.settled, 1) << capability.task;
    const Metered& call = ledger.calls.back();
    EXPECT_EQ(call.task, capability.task);
    EXPECT_EQ(call.payer.user_id, "anna");
    EXPECT_EQ(call.cost, capability.cost) << capability.task;
  }
}

// At real prices, what a call of usual length comes to, and of one that is as long as it may be.
TEST_F(GatewayMediaTest, WhatIsPaidByTheTokenIsHeldAndPaid) {
  constexpr NanoUsd kMicroUsd = 1'000;
  // 877 tokens and 256 seconds at 20 tokens each, which is what OpenAI charged for 4096 characters of English:
  // 877 × 0.60 + 5120 × 12
  const Usage said{.input_tokens = 877, .output_tokens = 5'120};
  gateway.add(std::make_unique<Voice>("t/voice", Speech{Pcm{.rate = 8'000, .samples = {0}}, "t/voice", "x", said},
                                      std::nullopt));
  std::string text;
  while (text.size() < 4'060) text += "The quick brown fox jumps. ";
  run_task(gateway.speak({.text = text, .payer = kAnna}));
  EXPECT_EQ(purse.spent, NanoUsd{61'966'200});
  EXPECT_GE(purse.held, purse.spent);
  EXPECT_LE(purse.held, 4 * purse.spent);
  EXPECT_EQ(ledger.calls.back().usage.characters, std::ssize(text));

  // A minute: 600 tokens of sound, 250 of what was said: 600 × 6 + 250 × 10
  purse = {};
  const Usage heard{.input_tokens = 600, .input_audio_tokens = 600, .output_tokens = 250};
  gateway.add(std::make_unique<Ears>("t/ears", Transcript{.text = "hello", .usage = heard}, std::nullopt));
  run_task(gateway.transcribe({.audio = "RIFF", .seconds = 60, .payer = kAnna}));
  EXPECT_EQ(purse.spent, 6'100 * kMicroUsd);
  EXPECT_GE(purse.held, purse.spent);
  EXPECT_LE(purse.held, 2 * purse.spent);

  // With much care a square picture counts 7033: 20 × 5 + 7033 × 30
  purse = {};
  const Usage drawn{.input_tokens = 20, .output_tokens = 7'033, .output_image_tokens = 7'033, .images = 1};
  gateway.add(
      std::make_unique<Brush>("t/brush", Images{.pictures = {{"image/png", "…", ""}}, .usage = drawn}, std::nullopt));
  run_task(gateway.draw({.prompt = "a cat in the rain, sitting on an old stone wall by the sea", .payer = kAnna}));
  EXPECT_EQ(purse.spent, 211'090 * kMicroUsd);
  EXPECT_GE(purse.held, purse.spent);
  EXPECT_LE(purse.held, 2 * purse.spent);
}

// Draws so many at once, and remembers how many were asked for; calls whose number is in `broken` fail.
struct Painter final : ImageModel {
  Painter(int at_once, std::vector<int>& counts, std::set<std::size_t> broken = {})
      : most(at_once), counts(counts), broken(std::move(broken)) {}
  std::string name() const override { return "a/brush-1"; }
  bool takes_references() const override { return false; }
  int at_once() const override { return most; }
  Task<Images> draw(ImageRequest request) override {
    counts.push_back(request.count);
    if (broken.contains(counts.size())) throw Error(Fault::upstream, "SCRIPTED", "It failed.");
    Images drawn{.usage = {.output_tokens = 10 * request.count, .images = request.count}};
    drawn.pictures.resize(static_cast<std::size_t>(request.count), {"image/png", "…", ""});
    co_return drawn;
  }
  int most;
  std::vector<int>& counts;
  std::set<std::size_t> broken;
};

TEST_F(GatewayMediaTest, AsManyPicturesAreDrawnAsAreWanted) {
  for (const auto& [at_once, wanted, calls] :
       {std::tuple(1, 3, std::vector{1, 1, 1}), std::tuple(2, 3, std::vector{2, 1}), std::tuple(4, 3, std::vector{3}),
        std::tuple(1, 1, std::vector{1})}) {
    std::vector<int> counts;
    MediaPurse purse;
    testing::KeptCalls ledger;
    Gateway gateway(clock, log, metrics, ledger, {.catalogue = Catalogue::from_toml(kMediaOffers), .budgets = &purse});
    gateway.add(std::make_unique<Painter>(at_once, counts));
    const Images drawn = run_task(gateway.draw({.prompt = "a", .count = wanted, .payer = kAnna}));
    EXPECT_EQ(std::ssize(drawn.pictures), wanted);
    EXPECT_EQ(drawn.model, "a/brush-1");
    EXPECT_EQ(drawn.usage.images, wanted);
    EXPECT_EQ(drawn.usage.output_tokens, 10 * wanted);
    EXPECT_EQ(counts, calls);
    EXPECT_EQ(ledger.calls.size(), calls.size());
    EXPECT_EQ(purse.held, NanoUsd{40'000'000} * wanted);
    EXPECT_EQ(purse.spent, purse.held);
    EXPECT_EQ(purse.settled, 1);
  }
}

// The first call is rejected as soon as the others are on their way; these draw.
struct Choosy final : ImageModel {
  std::string name() const override { return "a/brush-1"; }
  bool takes_references() const override { return false; }
  Task<Images> draw(ImageRequest) override {
    const bool rejects = ++calls == 1;
    co_await sleep_on_loop(rejects ? 0ms : 20ms);
    if (rejects) throw Error(Fault::invalid, "MODEL_REJECTED_REQUEST", "No.");
    co_return Images{.pictures = {{"image/png", "…", ""}}, .model = "", .usage = {.images = 1}};
  }
  int calls = 0;
};

TEST_F(GatewayMediaTest, NobodyIsCutOffBecauseAnotherIsRejected) {
  gateway.add(std::make_unique<Choosy>());
  EXPECT_EQ(run_task(gateway.draw({.prompt = "a", .count = 4, .payer = kAnna})).pictures.size(), 3U);
  EXPECT_EQ(purse.spent, 120'000'000);
}

TEST_F(GatewayMediaTest, OfWhomHasRestedAsManyPicturesComeAsAreWanted) {
  std::vector<int> counts;
  gateway.add(std::make_unique<Painter>(1, counts, std::set<std::size_t>{1, 2, 3, 4, 5}));
  for (int i = 0; i < 5; ++i) EXPECT_THROW(run_task(gateway.draw({.prompt = "a"})), Error);
  clock.advance(30s);
  EXPECT_EQ(run_task(gateway.draw({.prompt = "a", .count = 4})).pictures.size(), 4U);
}

TEST_F(GatewayMediaTest, WhatWasDrawnIsGivenAndPaidWhereSomeOfItFails) {
  std::vector<int> counts;
  gateway.add(std::make_unique<Painter>(1, counts, std::set<std::size_t>{1, 3}));
  const ImageRequest four{.prompt = "a", .count = 4, .payer = kAnna};
  EXPECT_EQ(run_task(gateway.draw(four)).pictures.size(), 2U);
  EXPECT_EQ(purse.spent, 80'000'000);
  gateway.add(std::make_unique<Brush>("b/other", Images{.pictures = {{"image/png", "…", ""}}}, std::nullopt));
  counts.clear();
  EXPECT_EQ(run_task(gateway.draw({.prompt = "a", .count = 1})).model, "b/other") << "where all of it fails, another";
}

TEST_F(GatewayMediaTest, AnotherProviderAnswersWhatOneCannot) {
  models(Fault::upstream);
  for (const auto& capability : all()) {
    purse = {};
    EXPECT_EQ(capability.ask(""), "b/other") << capability.task;
    EXPECT_EQ(purse.settled, 1) << capability.task;
  }
}

TEST_F(GatewayMediaTest, WhoeverInsistsGetsThatModelOrItsFailure) {
  models(Fault::rate_limited);
  for (const auto& capability : all()) {
    EXPECT_EQ(capability.ask("b/other"), "b/other");
    EXPECT_EQ(failure([&] { capability.ask(capability.name); }).fault, Fault::rate_limited) << capability.task;
    const Error unknown = failure([&] { capability.ask("nobody"); });
    ASSERT_EQ(unknown.fields.size(), 1U) << capability.task;
    EXPECT_EQ(unknown.fields[0].path, "model");
  }
}

TEST_F(GatewayMediaTest, WhatEverybodyDeclinesIsSaidToBeDeclined) {
  struct Prude final : ImageModel {
    std::string name() const override { return "c/prude"; }
    bool takes_references() const override { return false; }
    Task<Images> draw(ImageRequest) override {
      throw Error(Fault::upstream, kDeclined, "No.");
      co_return Images{};
    }
  };
  gateway.add(std::make_unique<Prude>());
  EXPECT_EQ(failure([&] { run_task(gateway.draw({.prompt = "a"})); }).code, kDeclined);
  gateway.add(std::make_unique<Brush>("b/away", Images{}, Fault::unavailable));
  EXPECT_EQ(failure([&] { run_task(gateway.draw({.prompt = "a"})); }).code, "AI_UNAVAILABLE");
}

TEST_F(GatewayMediaTest, NothingIsAskedOfAModelWhoseBudgetIsGone) {
  models();
  purse.empty = true;
  for (const auto& capability : all())
    EXPECT_EQ(failure([&] { capability.ask(""); }).fault, Fault::payment_required) << capability.task;
  EXPECT_TRUE(ledger.calls.empty());
}

TEST_F(GatewayMediaTest, WhereNoModelIsSetUpThatIsSaid) {
  for (const auto& capability : all()) {
    const Error error = failure([&] { capability.ask(""); });
    EXPECT_EQ(error.fault, Fault::unavailable) << capability.task;
    EXPECT_TRUE(error.retry_after) << capability.task;
  }
}

TEST_F(GatewayMediaTest, PicturesToGoByAreForModelsThatTakeThem) {
  models();
  const ImageRequest request{.prompt = "a", .references = {{"image/png", "…", ""}}};
  EXPECT_EQ(failure([&] { run_task(gateway.draw(request)); }).fields[0].path, "references");
  gateway.add(std::make_unique<Brush>("b/copyist", Images{.pictures = {{"image/png", "…", ""}}}, std::nullopt));
  EXPECT_EQ(run_task(gateway.draw(request)).model, "b/copyist");
}

TEST_F(GatewayMediaTest, CareAndMannerAreForModelsThatHaveAChoice) {
  models();
  const ImageRequest careful{.prompt = "a", .quality = ImageQuality::high};
  const ImageRequest natural{.prompt = "a", .style = ImageStyle::natural};
  EXPECT_EQ(failure([&] { run_task(gateway.draw(careful)); }).fields[0].path, "quality");
  EXPECT_EQ(failure([&] { run_task(gateway.draw(natural)); }).fields[0].path, "style");
  gateway.add(std::make_unique<Brush>("b/careful", Images{.pictures = {{"image/png", "…", ""}}}, std::nullopt));
  EXPECT_EQ(run_task(gateway.draw(careful)).model, "b/careful");
  EXPECT_EQ(run_task(gateway.draw(natural)).model, "b/careful");
  EXPECT_EQ(run_task(gateway.draw({.prompt = "a"})).model, "a/brush-1");
}

TEST_F(GatewayMediaTest, FaultsOfARequestAreFoundBeforeAnyModelIsAsked) {
  models();
  const std::vector<std::pair<std::string, std::function<void()>>> faulty{
      {"texts", [&] { run_task(gateway.embed({})); }},
      {"texts", [&] { run_task(gateway.embed({.texts = {""}})); }},
      {"texts", [&] { run_task(gateway.embed({.texts = {"\xff"}})); }},
      {"audio", [&] { run_task(gateway.transcribe({})); }},
      {"prompt", [&] { run_task(gateway.draw({.prompt = " "})); }},
      {"count", [&] { run_task(gateway.draw({.prompt = "a", .count = 5})); }},
      {"seconds", [&] { run_task(gateway.film({.prompt = "a", .seconds = 0})); }},
      {"seconds", [&] { run_task(gateway.film({.prompt = "a", .seconds = 1e9})); }},
  };
  for (const auto& [path, act] : faulty) {
    const Error error = failure(act);
    ASSERT_EQ(error.fields.size(), 1U) << path;
    EXPECT_EQ(error.fields[0].path, path);
  }
  EXPECT_TRUE(ledger.calls.empty());
}

// Who cannot do it is not asked; where nobody can, whoever asked learns why.
TEST_F(GatewayMediaTest, ATranscriptIsAskedOfWhoeverTakesIt) {
  models();
  EXPECT_EQ(run_task(gateway.transcribe({.audio = "RIFF", .language = "en"})).model, "a/ears-1");
  EXPECT_EQ(run_task(gateway.transcribe({.audio = "RIFF", .language = "de"})).model, "b/other");
  EXPECT_EQ(run_task(gateway.transcribe({.audio = "RIFF", .timed = true})).model, "b/other");
  const auto asked = ledger.calls.size();
  const auto insisted = [&](TranscriptionRequest request) {
    request.audio = "RIFF";
    request.model = "a/ears-1";
    return failure([&] { run_task(gateway.transcribe(request)); });
  };
  EXPECT_EQ(insisted({.language = "de"}).code, "LANGUAGE_NOT_AVAILABLE");
  EXPECT_EQ(insisted({.timed = true}).fields.at(0).path, "timed");
  EXPECT_EQ(ledger.calls.size(), asked) << "and it costs nothing";
}

}  // namespace
}  // namespace odeon::ai
