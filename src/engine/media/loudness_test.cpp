// The signals of EBU Tech 3341 (version 4) and Tech 3342, made from their descriptions, with the
// tolerances that those documents give.
#include "engine/media/loudness.hpp"

#include <ebur128.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/media/program.hpp"
#include "engine/media/test_signals.hpp"
#include "engine/media/true_peak.hpp"

namespace odeon::media {
namespace {

struct Part {
  double decibels;
  double seconds;
};

// 1 kHz in phase on both channels, as all loudness signals of Tech 3341 are.
Pcm stereo(const std::vector<Part>& parts) {
  Pcm out{48000, 2, {}};
  for (const auto& [decibels, seconds] : parts) signals::append(out, signals::tone(1000, decibels, seconds, 48000, 2));
  return out;
}

struct Case {
  const char* name;
  std::vector<Part> parts;
  double expected;
};

TEST(Tech3341, IntegratedLoudness) {
  const Case cases[] = {
      {"1", {{-23, 20}}, -23},
      {"2", {{-33, 20}}, -33},
      {"3", {{-36, 10}, {-23, 60}, {-36, 10}}, -23},
      {"4", {{-72, 10}, {-36, 10}, {-23, 60}, {-36, 10}, {-72, 10}}, -23},
      {"5", {{-26, 20}, {-20, 20.1}, {-26, 20}}, -23},
  };
  for (const Case& test : cases) EXPECT_NEAR(measure(stereo(test.parts)).integrated, test.expected, 0.1) << test.name;
}

TEST(Tech3341, FiveChannelsCountWithTheirWeights) {
  const auto left = signals::tone(1000, -28, 20), centre = signals::tone(1000, -24, 20),
             surround = signals::tone(1000, -30, 20);
  Pcm out{48000, 5, {}};
  for (std::size_t i = 0; i < left.samples.size(); ++i)
    out.samples.insert(out.samples.end(),
                       {left.samples[i], left.samples[i], centre.samples[i], surround.samples[i], surround.samples[i]});
  EXPECT_NEAR(measure(out).integrated, -23, 0.1);
}

TEST(Tech3341, SteadyToneReadsTheSameOnAllScales) {
  LoudnessMeter meter(48000, 2, LoudnessMeter::Scope::everything);
  meter.add(stereo({{-23, 20}}).samples);
  EXPECT_NEAR(meter.momentary(), -23, 0.1);
  EXPECT_NEAR(meter.short_term(), -23, 0.1);
}

// Feeds in steps of 10 ms and checks the reading from `after` seconds on.
template <class Reading>
void expect_constant(const Pcm& audio, double after, Reading reading) {
  LoudnessMeter meter(audio.rate, audio.channels, LoudnessMeter::Scope::everything);
  const std::size_t step = static_cast<std::size_t>(audio.rate / 100) * audio.channels;
  for (std::size_t at = 0; at + step <= audio.samples.size(); at += step) {
    meter.add(std::span(audio.samples).subspan(at, step));
    const double time = static_cast<double>(at + step) / audio.channels / audio.rate;
    if (time >= after) ASSERT_NEAR(reading(meter), -23, 0.1) << "at " << time << " s";
  }
}

TEST(Tech3341, ShortTermIsConstantOverItsWindow) {
  std::vector<Part> parts;
  for (int i = 0; i < 5; ++i) parts.insert(parts.end(), {{-20, 1.34}, {-30, 1.66}});
  expect_constant(stereo(parts), 3.001, [](const LoudnessMeter& meter) { return meter.short_term(); });
}

TEST(Tech3341, MomentaryIsConstantOverItsWindow) {
  std::vector<Part> parts;
  for (int i = 0; i < 25; ++i) parts.insert(parts.end(), {{-20, 0.18}, {-30, 0.22}});
  expect_constant(stereo(parts), 1.0, [](const LoudnessMeter& meter) { return meter.momentary(); });
}

// 10 and 13: however a burst lies in the grid of measurements, the highest reading is its level. 11 and 14 are the same
// live, at rising levels.
template <class Reading>
void expect_highest(const std::vector<Part>& parts, double level, const std::string& name, Reading reading) {
  const Pcm audio = stereo(parts);
  LoudnessMeter meter(audio.rate, audio.channels, LoudnessMeter::Scope::everything);
  const std::size_t step = static_cast<std::size_t>(audio.rate / 100) * audio.channels;
  double highest = silent;
  for (std::size_t at = 0; at + step <= audio.samples.size(); at += step) {
    meter.add(std::span(audio.samples).subspan(at, step));
    highest = std::max(highest, reading(meter));
  }
  EXPECT_NEAR(highest, level, 0.1) << name;
}

TEST(Tech3341, HighestShortTermAndMomentaryOfABurst) {
  for (int i = 0; i < 20; i += 3) {
    const auto short_term = [](const LoudnessMeter& meter) { return meter.short_term(); };
    const auto momentary = [](const LoudnessMeter& meter) { return meter.momentary(); };
    const std::string number = std::to_string(i);
    expect_highest({{-200, i * 0.15}, {-23, 3}, {-200, 1}}, -23, "10-" + number, short_term);
    expect_highest({{-200, i * 0.02}, {-23, 0.4}, {-200, 1}}, -23, "13-" + number, momentary);
    expect_highest({{-200, i * 0.15}, {-38.0 + i, 3}, {-200, 3 - i * 0.15}}, -38 + i, "11-" + number, short_term);
    expect_highest({{-200, i * 0.02}, {-38.0 + i, 0.4}, {-200, 0.4 - i * 0.02}}, -38 + i, "14-" + number, momentary);
  }
}

TEST(Tech3341, TruePeak) {
  struct {
    const char* name;
    double divisor, phase, amplitude, expected;
  } const cases[] = {{"15", 4, 0, 0.5, -6},
                     {"16", 4, 45, 0.5, -6},
                     {"17", 6, 60, 0.5, -6},
                     {"18", 8, 67.5, 0.5, -6},
                     {"19", 4, 45, 1.41, 3}};
  for (const auto& test : cases) {
    Pcm audio = signals::tone(48000 / test.divisor, 20 * std::log10(test.amplitude), 1, 48000, 2, test.phase);
    for (std::size_t i = 0; i < 480; ++i)  // fades of 10 ms
      for (const std::size_t at :
           {2 * i, 2 * i + 1, audio.samples.size() - 1 - 2 * i, audio.samples.size() - 2 - 2 * i})
        audio.samples[at] *= static_cast<float>(i) / 480;
    const double read = measure(audio).true_peak;
    EXPECT_LE(read, test.expected + 0.2) << test.name;
    EXPECT_GE(read, test.expected - 0.4) << test.name;
  }
}

// 20–23: a tone of fs/6 at half level in which one period of fs/4 reaches full level, made at four times
// the rate, so that the four offsets of decimation see the peak at different places between samples.
TEST(Tech3341, TruePeakOfATransientBetweenSamples) {
  constexpr int high = 192000, reach = 96;
  Pcm fine{high, 1, {}};
  const auto place = [&](double turns, double level) {
    fine.samples.push_back(static_cast<float>(level * std::sin(2 * std::numbers::pi * turns)));
  };
  for (int i = 0; i < 24 * 500; ++i) place(i / 24.0, 0.5);
  for (int i = 0; i < 16; ++i) place(i / 16.0, 1.0);
  for (int i = 0; i < 24 * 500; ++i) place(i / 24.0, 0.5);
  for (int offset = 0; offset < 4; ++offset) {
    Pcm coarse{48000, 1, {}};
    for (std::size_t at = reach + offset; at + reach < fine.samples.size(); at += 4) {
      double sum = 0, weights = 0;
      for (int tap = -reach; tap <= reach; ++tap) {
        const double x = tap / 4.0, angle = std::numbers::pi * tap / reach;
        const double weight =
            (tap == 0 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x)) * (0.5 + 0.5 * std::cos(angle));
        sum += weight * fine.samples[at + tap];
        weights += weight;
      }
      coarse.samples.push_back(static_cast<float>(sum / weights));
    }
    const std::size_t middle = coarse.samples.size() / 2;  // without the start, which is a step
    coarse.samples = {coarse.samples.begin() + static_cast<std::ptrdiff_t>(middle - 480),
                      coarse.samples.begin() + static_cast<std::ptrdiff_t>(middle + 480)};
    for (int i = 0; i < 48; ++i) coarse.samples[i] *= i / 48.0f, coarse.samples[959 - i] *= i / 48.0f;
    const double read = measure(coarse).true_peak;
    EXPECT_LE(read, 0.2) << offset;
    EXPECT_GE(read, -0.4) << offset;
  }
}

TEST(Tech3342, LoudnessRange) {
  const Case cases[] = {{"1", {{-20, 20}, {-30, 20}}, 10},
                        {"2", {{-20, 20}, {-15, 20}}, 5},
                        {"3", {{-40, 20}, {-20, 20}}, 20},
                        {"4", {{-50, 20}, {-35, 20}, {-20, 20}, {-35, 20}, {-50, 20}}, 15}};
  for (const Case& test : cases) EXPECT_NEAR(measure(stereo(test.parts)).range, test.expected, 1) << test.name;
}

// libebur128 has been measured against the EBU's files by many.
RC_GTEST_PROP(LoudnessMeter, ReadsWhatLibebur128Reads, ()) {
  const int rate = *rc::gen::element(8000, 22050, 44100, 48000, 96000), channels = *rc::gen::element(1, 2, 3, 5);
  const auto sections = *rc::gen::resize(25, rc::gen::container<std::vector<int>>(rc::gen::inRange(-90, 0)));
  signals::Noise noise(static_cast<std::uint32_t>(sections.size()));
  LoudnessMeter ours(rate, channels, LoudnessMeter::Scope::integrated);
  ebur128_state* theirs = ebur128_init(channels, rate, EBUR128_MODE_I);
  float last = 0;
  for (const int decibels : sections) {
    std::vector<float> samples;
    const auto amplitude = static_cast<float>(from_decibels(decibels));
    for (int i = 0; i < rate / 5 * channels; ++i) samples.push_back(last = 0.9f * last + amplitude * noise.next());
    ours.add(samples);
    ebur128_add_frames_float(theirs, samples.data(), samples.size() / channels);
  }
  double integrated = 0;
  ebur128_loudness_global(theirs, &integrated);
  ebur128_destroy(&theirs);
  RC_ASSERT(std::abs(ours.integrated() - std::max(std::isfinite(integrated) ? integrated : silent, silent)) < 0.02);
}

TEST(Measure, MonoCountsOnce) {
  EXPECT_NEAR(measure(signals::tone(1000, -20, 5)).integrated, -23, 0.1);
}

TEST(Measure, SilenceHasTheFloorsForValues) {
  const Loudness read = measure({44100, 1, std::vector<float>(44100)});
  EXPECT_EQ(read.integrated, silent);
  EXPECT_EQ(read.range, 0);
  EXPECT_EQ(read.true_peak, -120);
  EXPECT_EQ(measure({44100, 1, {}}).integrated, silent);
}

TEST(Measure, AWordShorterThanABlockHasALevel) {
  EXPECT_NEAR(measure(signals::tone(1000, -20, 0.1)).integrated, -23, 0.3);
}

}  // namespace
}  // namespace odeon::media
