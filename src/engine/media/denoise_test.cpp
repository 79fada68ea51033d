#include "engine/media/denoise.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/media/test_signals.hpp"
#include "engine/media/true_peak.hpp"

namespace odeon::media {
namespace {

constexpr int rate = 16000;

std::vector<float> denoised(const Pcm& audio, double reduction = 14) {
  Denoiser denoiser(audio.rate, audio.channels, reduction);
  std::vector<float> out;
  denoiser.add(audio.samples, out);
  denoiser.finish(out);
  return out;
}

Pcm noise(double decibels, double seconds, std::uint32_t seed = 5) {
  Pcm audio{rate, 1, {}};
  signals::Noise source(seed);
  const auto amplitude = static_cast<float>(from_decibels(decibels) * std::sqrt(3.0));
  for (int i = 0; i < seconds * rate; ++i) audio.samples.push_back(amplitude * source.next());
  return audio;
}

double level(std::span<const float> samples) {
  double sum = 0;
  for (const float sample : samples) sum += sample * sample;
  return to_decibels(std::sqrt(sum / static_cast<double>(samples.size())));
}

std::span<const float> part(const std::vector<float>& samples, double from, double to) {
  return std::span(samples).subspan(static_cast<std::size_t>(from * rate),
                                    static_cast<std::size_t>((to - from) * rate));
}

Pcm mixed(Pcm a, const Pcm& b) {
  for (std::size_t i = 0; i < a.samples.size(); ++i) a.samples[i] += b.samples[i % b.samples.size()];
  return a;
}

// Sentences of two seconds with a second between them.
Pcm talk(double decibels, int sentences) {
  Pcm audio{rate, 1, {}};
  for (int i = 0; i < sentences; ++i) {
    signals::append(audio, signals::speech(2, static_cast<std::uint32_t>(i + 1), rate, from_decibels(decibels)));
    audio.samples.resize(audio.samples.size() + rate);
  }
  return audio;
}

double signal_to_rest(std::span<const float> clean, std::span<const float> heard) {
  std::vector<float> rest(clean.begin(), clean.end());
  for (std::size_t i = 0; i < rest.size(); ++i) rest[i] -= heard[i];
  return level(clean) - level(rest);
}

RC_GTEST_PROP(Denoiser, WithoutReductionNothingChangesInAnyPieces, ()) {
  const int channels = *rc::gen::inRange(1, 3);
  const auto frames = *rc::gen::inRange<std::size_t>(0, 5 * rate);
  Pcm audio{*rc::gen::element(8000, 16000, 44100, 48000), channels, {}};
  signals::Noise source(static_cast<std::uint32_t>(frames));
  for (std::size_t i = 0; i < frames * channels; ++i) audio.samples.push_back(source.next());
  Denoiser denoiser(audio.rate, channels, 0);
  std::vector<float> out;
  for (std::size_t at = 0; at < frames;) {
    const auto count = std::min(*rc::gen::inRange<std::size_t>(1, 40000), frames - at);
    denoiser.add(std::span(audio.samples).subspan(at * channels, count * channels), out);
    at += count;
  }
  denoiser.finish(out);
  RC_ASSERT(out.size() == audio.samples.size());
  for (std::size_t i = 0; i < out.size(); ++i) RC_ASSERT(std::abs(out[i] - audio.samples[i]) < 1e-5f);
}

TEST(Denoiser, PiecesMakeNoDifference) {
  const Pcm audio = mixed(talk(-12, 2), noise(-50, 6));
  Denoiser denoiser(rate, 1);
  std::vector<float> out;
  for (std::size_t at = 0; at < audio.samples.size(); at += 777)
    denoiser.add(std::span(audio.samples).subspan(at, std::min<std::size_t>(777, audio.samples.size() - at)), out);
  denoiser.finish(out);
  const std::vector<float> whole = denoised(audio);
  ASSERT_EQ(out.size(), whole.size());
  EXPECT_GT(signal_to_rest(whole, out), 60);
}

TEST(Denoiser, TurnsNoiseDownByWhatIsSaid) {
  for (const double reduction : {6.0, 14.0, 20.0})
    for (const double decibels : {-30.0, -57.0, -75.0}) {
      const Pcm audio = noise(decibels, 5);
      EXPECT_NEAR(level(audio.samples) - level(denoised(audio, reduction)), reduction, 0.15 * reduction) << decibels;
    }
}

TEST(Denoiser, IsThereFromTheStart) {
  const std::vector<float> out = denoised(noise(-50, 5));
  EXPECT_NEAR(level(part(out, 0, 0.2)), level(part(out, 4, 5)), 1.5);
}

TEST(Denoiser, GainsSignalOverNoise) {
  const struct {
    double noise, least_gain;
  } cases[] = {{-40, 4}, {-45, 3}, {-50, 2}, {-60, 0}};  // what is hardly heard beside the voice, mostly in the pauses
  const Pcm clean = talk(-12, 4);
  for (const auto& test : cases) {
    const Pcm dirty = mixed(clean, noise(test.noise, clean.seconds()));
    const double before = signal_to_rest(clean.samples, dirty.samples);
    EXPECT_GE(signal_to_rest(clean.samples, denoised(dirty)), before + test.least_gain) << test.noise;
  }
}

TEST(Denoiser, LeavesCleanSpeechAlone) {
  const Pcm clean = mixed(talk(-12, 4), noise(-80, 12));
  EXPECT_GT(signal_to_rest(clean.samples, denoised(clean)), 30);
}

TEST(Denoiser, DoesNotEatQuietSpeech) {
  // 30 dB under the other speaker, 8 dB over the noise.
  Pcm clean = talk(-6, 2);
  signals::append(clean, talk(-36, 2));
  const Pcm dirty = mixed(clean, noise(-66, clean.seconds()));
  const std::vector<float> out = denoised(dirty);
  EXPECT_NEAR(level(part(out, 6, 8)), level(part(clean.samples, 6, 8)), 0.8);
  EXPECT_NEAR(level(part(out, 9, 11)), level(part(clean.samples, 9, 11)), 0.8);
}

TEST(Denoiser, KeepsTheBeginningsOfWords) {
  // A burst of noise like that of a p or t, 20 ms long, after a second of quiet.
  Pcm clean{rate, 1, std::vector<float>(6 * rate)};
  const Pcm burst = noise(-25, 0.02, 9);
  for (int at = 2; at < 6; ++at) std::ranges::copy(burst.samples, clean.samples.begin() + at * rate);
  const std::vector<float> out = denoised(mixed(clean, noise(-55, 6)));
  for (int at = 2; at < 6; ++at) EXPECT_NEAR(level(part(out, at, at + 0.02)), level(burst.samples), 1.5) << at;
}

TEST(Denoiser, FollowsNoiseThatChanges) {
  Pcm audio = noise(-70, 6);
  signals::append(audio, noise(-50, 12, 6));
  const std::vector<float> out = denoised(audio);
  EXPECT_LT(level(part(out, 14, 18)), -50 - 11);
  Pcm less = noise(-50, 6);
  signals::append(less, noise(-70, 6, 6));
  EXPECT_LT(level(part(denoised(less), 8, 12)), -70 - 11);
}

// Bins that stand alone in time and frequency are what is heard as chirping: they make the distribution of powers in a
// spectrum heavy-tailed. Its kurtosis tells (Y. Uemura et al., "Automatic optimization scheme of spectral subtraction
// based on musical noise assessment via higher-order statistics", IWAENC 2008).
double kurtosis(std::span<const float> samples) {
  Fourier fourier(512);
  double second = 0, fourth = 0, count = 0;
  for (std::size_t at = 0; at + 512 <= samples.size(); at += 256) {
    for (std::size_t i = 0; i < 512; ++i)
      fourier.time()[i] = samples[at + i] * (0.5 - 0.5 * std::cos(2 * std::numbers::pi * i / 512));
    fourier.forward();
    for (std::size_t k = 10; k < 250; ++k) {
      const double power = std::norm(fourier.bins()[k]);
      second += power * power, fourth += power * power * power * power, count += 1;
    }
  }
  return fourth / count / std::pow(second / count, 2);
}

TEST(Denoiser, LeavesNoMusicalNoise) {
  const Pcm audio = noise(-50, 20);
  const std::vector<float> out = denoised(audio);
  EXPECT_LT(kurtosis(part(out, 1, 19)), 2 * kurtosis(part(audio.samples, 1, 19)));
}

TEST(Denoiser, BothSidesKeepTheirPlace) {
  Pcm mono = mixed(talk(-12, 2), noise(-50, 6)), stereo{rate, 2, {}};
  for (const float sample : mono.samples) stereo.samples.insert(stereo.samples.end(), {sample, 0.25f * sample});
  const std::vector<float> out = denoised(stereo);
  for (std::size_t i = 0; i < out.size(); i += 2) ASSERT_NEAR(out[i + 1], 0.25f * out[i], 1e-5) << i;
}

TEST(Denoiser, DigitalSilenceStaysAndTeachesNothing) {
  Pcm audio = noise(-50, 4);
  audio.samples.resize(audio.samples.size() + 6 * rate);
  signals::append(audio, noise(-50, 2, 8));
  const std::vector<float> out = denoised(audio);
  EXPECT_EQ(level(part(out, 5, 9.9)), -120);
  EXPECT_LT(level(part(out, 10.1, 12)), -50 - 11);
}

}  // namespace
}  // namespace odeon::media
