#include "engine/media/limiter.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/media/loudness.hpp"
#include "engine/media/test_signals.hpp"

namespace odeon::media {
namespace {

Pcm limit(const Pcm& audio, double gain, double ceiling) {
  Limiter limiter(audio);
  return limiter.apply(limiter.plan(gain, ceiling));
}

// Quiet speech with bursts far above it, at random places.
Pcm bursts(std::uint32_t seed, int rate, int channels) {
  signals::Noise noise(seed);
  Pcm audio{rate, channels, std::vector<float>(static_cast<std::size_t>(rate / 4) * channels)};
  float level = 0.1f;
  for (float& sample : audio.samples) {
    if (noise.next() > 0.999f) level = noise.next() > 0 ? 4.0f : 0.1f;
    sample = level * noise.next();
  }
  return audio;
}

RC_GTEST_PROP(Limiter, NeverExceedsItsCeiling, ()) {
  const auto seed = *rc::gen::inRange<std::uint32_t>(1, 1u << 30);
  const int rate = *rc::gen::element(8000, 22050, 44100, 48000);
  const int channels = *rc::gen::inRange(1, 3);
  const double gain = from_decibels(*rc::gen::inRange(-12, 30));
  const double ceiling = from_decibels(*rc::gen::inRange(-20, 0));
  const Pcm limited = limit(bursts(seed, rate, channels), gain, ceiling);
  for (const float sample : limited.samples) RC_ASSERT(std::abs(sample) <= ceiling * 1.00001);
  // White noise up to the band's edge is the worst case for what lies between samples.
  RC_ASSERT(to_decibels(true_peak(limited)) <= to_decibels(ceiling) + 0.3);
}

RC_GTEST_PROP(Limiter, HoldsTheTruePeakOfSpeech, ()) {
  const auto seed = *rc::gen::inRange<std::uint32_t>(1, 1u << 30);
  const double gain = from_decibels(*rc::gen::inRange(0, 20));
  const Pcm limited = limit(signals::speech(0.7, seed, 44100), gain, 0.7);
  RC_ASSERT(to_decibels(true_peak(limited)) <= to_decibels(0.7) + 0.05);
}

TEST(Limiter, LeavesAloneWhatIsUnderTheCeiling) {
  const Pcm speech = signals::speech(2, 7, 44100);
  Limiter limiter(speech);
  const auto plan = limiter.plan(0.5, 1.0);
  EXPECT_EQ(plan.kept, 1);
  const Pcm out = limiter.apply(plan);
  for (std::size_t i = 0; i < out.samples.size(); ++i) ASSERT_EQ(out.samples[i], speech.samples[i] * 0.5f);
}

TEST(Limiter, TurnsDownAheadOfAPeakAndUpAgainAfterIt) {
  Pcm audio = signals::tone(300, -20, 1, 44100);
  for (std::size_t i = 22050; i < 22150; ++i) audio.samples[i] *= 8;
  const Pcm out = limit(audio, 1, 0.2);
  const auto gain_at = [&](std::size_t from) {  // over a period of the tone
    double in = 0, limited = 0;
    for (std::size_t i = from; i < from + 147; ++i) {
      in += std::abs(audio.samples[i]);
      limited += std::abs(out.samples[i]);
    }
    return limited / in;
  };
  EXPECT_EQ(gain_at(21000), 1);  // 24 ms before: not yet
  EXPECT_LT(gain_at(21900), 0.9);
  EXPECT_GT(gain_at(21900), gain_at(22050));
  EXPECT_GT(gain_at(22300), gain_at(22050));
  EXPECT_GT(gain_at(30000), 0.99);  // 180 ms after: over
}

TEST(Limiter, AppliesToAPartAsToTheWhole) {
  for (const int channels : {1, 2}) {
    SCOPED_TRACE(channels);
    const Pcm audio = bursts(7, 44'100, channels);
    Limiter limiter(audio);
    const auto plan = limiter.plan(1, 0.5);
    EXPECT_LT(plan.kept, 1);
    const Pcm whole = limiter.apply(plan), part = limiter.apply(plan, 3200, 9001);
    EXPECT_EQ(part.frames(), 9001 - 3200);
    EXPECT_TRUE(
        std::ranges::equal(part.samples, std::span(whole.samples).subspan(3200 * channels, part.samples.size())));
  }
}

TEST(Limiter, SaysWhatShareOfTheEnergyIsLeft) {
  const Pcm tone = signals::tone(1000, 0, 2, 44100);
  Limiter limiter(tone);
  EXPECT_NEAR(limiter.plan(1, 0.5).kept, 0.25, 0.005);
}

TEST(PeakMap, FindsThePeakBetweenSamples) {
  EXPECT_NEAR(to_decibels(true_peak(signals::tone(12000, -6, 0.1, 48000, 1, 45))), -6, 0.15);
  EXPECT_EQ(true_peak({44100, 1, {}}), 0);
}

RC_GTEST_PROP(PeakMap, LooksCloselyWhereItMatters, ()) {
  // Bursts over what is slow, where a value between samples is hardly above them, and quieter on one side.
  const int channels = *rc::gen::inRange(1, 3);
  Pcm audio = bursts(*rc::gen::inRange<std::uint32_t>(1, 1u << 30), 44100, channels);
  const Pcm slow = signals::tone(*rc::gen::inRange(100, 3000), 6, audio.seconds(), 44100, channels);
  for (std::size_t i = 0; i < audio.samples.size(); ++i)
    audio.samples[i] += slow.samples[i] * (i % channels == 0 ? 1.0f : 0.8f);
  PeakMap everywhere(audio), where_needed(audio);
  everywhere.refine(0);
  for (const int of_before : {100, 90, 50}) {
    const auto floor = static_cast<float>(*rc::gen::inRange(1, 500) * of_before) / 10'000;
    where_needed.refine(floor);
    for (std::size_t i = 0; i < everywhere.blocks(); ++i) {
      if (everywhere.at(i) >= floor)
        RC_ASSERT(where_needed.at(i) == everywhere.at(i));
      else
        RC_ASSERT(where_needed.at(i) < floor);
    }
  }
}

}  // namespace
}  // namespace odeon::media
