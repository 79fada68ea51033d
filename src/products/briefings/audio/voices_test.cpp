#include "products/briefings/audio/voices.hpp"

#include <gtest/gtest.h>

#include "testing/clock.hpp"
#include "testing/kept_calls.hpp"

namespace odeon::briefings {
namespace {

// A model with two voices of its own, which other models may have as well.
class TwoVoices final : public ai::SpeechModel {
 public:
  TwoVoices(std::string name, std::string first, std::string second) : name_(std::move(name)) {
    for (auto& voice : {first, second}) voices_.push_back({voice, "", name_});
  }
  std::string name() const override { return name_; }
  bool speaks(const ai::SpeechRequest& request) const override { return ai::voice_for(request, voices_) != nullptr; }
  std::vector<ai::VoiceInfo> voices() const override { return voices_; }
  Task<ai::Speech> speak(ai::SpeechRequest) override { co_return ai::Speech{}; }

 private:
  std::string name_;
  std::vector<ai::VoiceInfo> voices_;
};

TEST(VoiceChoice, OffersEachNameOnce) {
  testing::FakeClock clock;
  Log log(Log::Level::off);
  Metrics metrics;
  testing::KeptCalls ledger;
  ai::Gateway gateway(clock, log, metrics, ledger);
  gateway.add(std::make_unique<TwoVoices>("openai/tts-1", "alloy", "nova"));
  gateway.add(std::make_unique<TwoVoices>("openai/gpt-4o-mini-tts", "nova", "verse"));
  std::vector<std::string> offered;
  for (const auto& voice : VoiceChoice(gateway, "").all()) offered.push_back(voice.name + " of " + voice.model);
  EXPECT_EQ(offered, (std::vector<std::string>{"alloy of openai/tts-1", "nova of openai/tts-1",
                                               "verse of openai/gpt-4o-mini-tts"}));
}

}  // namespace
}  // namespace odeon::briefings
