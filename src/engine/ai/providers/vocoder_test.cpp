#include "engine/ai/providers/vocoder.hpp"

extern "C" {
#include <flite/cst_cg.h>
}
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <memory>

namespace odeon::ai {
namespace {

constexpr std::size_t kVocoderOrder = 25;

struct VocoderFrame {
  float pitch = 0;
  std::vector<float> cepstrum = std::vector<float>(kVocoderOrder);
  std::vector<float> voicing = {1, 1};
};

VocoderVoice two_bands() {
  return {.sharpen = 0.4, .gain = 1.5, .bands = {{0.5, 0.25, 0.125, 0}, {0.5, -0.25, -0.125, 0}}};
}

std::vector<float> sound_of(const VocoderVoice& voice, const std::vector<VocoderFrame>& frames) {
  Vocoder vocoder(voice, kVocoderOrder);
  std::vector<float> sound;
  for (const auto& frame : frames) vocoder.add(frame.pitch, frame.cepstrum, frame.voicing, sound);
  return sound;
}

// Of the library, which writes whole numbers to 32767.
std::vector<float> sound_of_the_library(const VocoderVoice& voice, const std::vector<VocoderFrame>& frames) {
  cst_cg_db db{};
  db.sample_rate = voice.rate;
  db.mlsa_alpha = static_cast<float>(voice.warp), db.mlsa_beta = static_cast<float>(voice.sharpen);
  db.gain = static_cast<float>(voice.gain);
  db.ME_num = static_cast<int>(voice.bands.size()), db.ME_order = static_cast<int>(voice.bands.front().size());
  std::vector<const double*> bands;
  for (const auto& band : voice.bands) bands.push_back(band.data());
  db.me_h = bands.data();

  using Track = std::unique_ptr<cst_track, decltype(&::delete_track)>;
  const Track spectrum(::new_track(), ::delete_track), voicing(::new_track(), ::delete_track);
  const auto count = static_cast<int>(frames.size());
  ::cst_track_resize(spectrum.get(), count, kVocoderOrder + 1);
  ::cst_track_resize(voicing.get(), count, db.ME_num);
  for (int i = 0; i < count; ++i) {
    const VocoderFrame& frame = frames[static_cast<std::size_t>(i)];
    spectrum->times[i] = static_cast<float>(i * voice.hop) / static_cast<float>(voice.rate);
    spectrum->frames[i][0] = frame.pitch;
    std::ranges::copy(frame.cepstrum, spectrum->frames[i] + 1);
    std::ranges::copy(frame.voicing, voicing->frames[i]);
  }
  const std::unique_ptr<cst_wave, decltype(&::delete_wave)> wave(
      ::mlsa_resynthesis(spectrum.get(), voicing.get(), &db, nullptr, 0), ::delete_wave);
  std::vector<float> sound;
  for (int i = 0; i < wave->num_samples; ++i) sound.push_back(static_cast<float>(wave->samples[i]) / 32768);
  return sound;
}

rc::Gen<VocoderFrame> any_frame(bool all_voice) {
  const auto between = [](int least, int most, float unit) {
    return rc::gen::map(rc::gen::inRange(least, most + 1),
                        [unit](int value) { return static_cast<float>(value) * unit; });
  };
  return rc::gen::exec([=] {
    VocoderFrame frame;
    if (*rc::gen::weightedElement<bool>({{3, true}, {1, false}})) frame.pitch = *between(60, 400, 1);
    for (std::size_t i = 0; i < kVocoderOrder; ++i)
      frame.cepstrum[i] = i == 0 ? *between(0, 300, 0.01F) : *between(-100, 100, 0.005F) / static_cast<float>(i);
    if (!all_voice)
      for (float& share : frame.voicing) share = *between(0, 10, 0.1F);
    return frame;
  });
}

// Where all is voice there is no noise, and chance has no part in it.
RC_GTEST_PROP(VocoderProperty, SoundsAsTheLibraryToTheSample, ()) {
  const auto frames =
      *rc::gen::container<std::vector<VocoderFrame>>(*rc::gen::inRange<std::size_t>(2, 30), any_frame(true));
  VocoderVoice voice = two_bands();
  voice.sharpen = *rc::gen::element(0.0, 0.4);
  const auto ours = sound_of(voice, frames), theirs = sound_of_the_library(voice, frames);
  RC_ASSERT(ours.size() == theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i) RC_ASSERT(std::abs(ours[i] - theirs[i]) * 32768 < 1.5F);
}

RC_GTEST_PROP(VocoderProperty, GivesTheSameFiniteSoundForTheSameFrames, ()) {
  const auto frames = *rc::gen::container<std::vector<VocoderFrame>>(any_frame(false));
  const auto sound = sound_of(two_bands(), frames);
  RC_ASSERT(sound.size() == (frames.empty() ? 0 : (frames.size() - 1) * 80));
  for (const float sample : sound) RC_ASSERT(std::isfinite(sample));
  RC_ASSERT(sound_of(two_bands(), frames) == sound);
}

// Noise is at the level that the library's has, and as white.
TEST(Vocoder, WhispersAsTheLibraryDoes) {
  std::vector<VocoderFrame> frames(2'000, {.voicing = {0, 0}});
  for (auto& frame : frames) frame.cepstrum[0] = 5;
  const auto heard = [](const std::vector<float>& sound) {
    double power = 0, neighbours = 0;
    for (std::size_t i = 1; i < sound.size(); ++i) {
      power += sound[i] * sound[i];
      neighbours += sound[i] * sound[i - 1];
    }
    return std::pair(10 * std::log10(power / static_cast<double>(sound.size())), neighbours / power);
  };
  const auto [ours, our_colour] = heard(sound_of(two_bands(), frames));
  const auto [theirs, their_colour] = heard(sound_of_the_library(two_bands(), frames));
  EXPECT_NEAR(ours, theirs, 0.1);  // dB
  EXPECT_NEAR(our_colour, their_colour, 0.02);
}

}  // namespace
}  // namespace odeon::ai
