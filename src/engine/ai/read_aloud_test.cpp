#include "engine/ai/read_aloud.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/clock.hpp"
#include "testing/kept_calls.hpp"

namespace odeon::ai {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Says a sample for each byte; fails for good after `lasts` sentences.
class TiringVoice final : public SpeechModel {
 public:
  TiringVoice(std::string name, int lasts) : name_(std::move(name)), lasts_(lasts) {}
  std::string name() const override { return name_; }
  bool speaks(const SpeechRequest&) const override { return true; }
  Task<Speech> speak(SpeechRequest request) override {
    most_at_once = std::max(most_at_once, ++at_once_);
    co_await sleep_on_loop(std::chrono::seconds(0));
    --at_once_;
    if (lasts_-- <= 0) throw Error(Fault::upstream, "TIRED", "The voice is tired.");
    said.push_back(request.text);
    co_return Speech{.audio = {.rate = 16'000, .samples = std::vector<float>(request.text.size())},
                     .model = name_,
                     .voice = request.voice,
                     .usage = {}};
  }
  std::vector<std::string> said;
  int most_at_once = 0;

 private:
  std::string name_;
  int lasts_;
  int at_once_ = 0;
};

struct ReadAloudTest : ::testing::Test {
  ~ReadAloudTest() override { run_task(gateway.stop()); }
  TiringVoice& voice(const std::string& name, int lasts = 1000) {
    auto made = std::make_unique<TiringVoice>(name, lasts);
    TiringVoice& voice = *made;
    gateway.add(std::move(made));
    return voice;
  }
  SpokenText read(std::vector<std::string> sentences) {
    auto note = [this](this auto, double share) -> Task<void> {
      shares.push_back(share);
      co_return;
    };
    return run_task(read_aloud(gateway, std::move(sentences), {.manner = {.voice = "nova"}, .at_once = 2}, note));
  }
  testing::FakeClock clock;
  Log log{Log::Level::off};
  Metrics metrics;
  testing::KeptCalls meter;
  Gateway gateway{clock, log, metrics, meter};
  std::vector<double> shares;
};

TEST_F(ReadAloudTest, KeepsTheOrderAndSpeaksSomeAtOnce) {
  auto& nova = voice("a/nova");
  const auto text = read({"One.", "Twenty-two.", "Three."});
  EXPECT_EQ(text.model, "a/nova");
  EXPECT_EQ(text.voice, "nova");
  std::vector<std::size_t> lengths;
  for (const auto& sentence : text.sentences) lengths.push_back(sentence.audio.samples.size());
  EXPECT_THAT(lengths, ElementsAre(4, 11, 6));
  EXPECT_EQ(nova.most_at_once, 2);
  EXPECT_TRUE(std::ranges::is_sorted(shares));
  EXPECT_LE(shares.back(), 1);
}

TEST_F(ReadAloudTest, IsOneVoiceThroughoutWhereTheFirstGivesUp) {
  voice("a/nova", 2);
  auto& echo = voice("b/echo");
  const auto text = read({"One.", "Two.", "Three.", "Four.", "Five."});
  for (const auto& sentence : text.sentences) EXPECT_EQ(sentence.model, "b/echo");
  EXPECT_EQ(echo.said.size(), 5U) << "what the other said is said again";
}

TEST_F(ReadAloudTest, OfNothingIsNothing) {
  voice("a/nova");
  EXPECT_THAT(read({}).sentences, IsEmpty());
}

TEST_F(ReadAloudTest, FailsWithWhoeverSpeaks) {
  voice("a/nova", 1);
  EXPECT_THROW(read({"One.", "Two.", "Three."}), Error);
}

}  // namespace
}  // namespace odeon::ai
