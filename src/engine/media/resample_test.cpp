#include "engine/media/resample.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>

#include "base/error.hpp"
#include "engine/media/test_signals.hpp"

namespace odeon::media {
namespace {

// The error of a resampled tone against the same tone made at the target rate, in dB, without the edges.
double error(double hertz, int from, int to) {
  const Pcm made = conform(signals::tone(hertz, 0, 1, from), to, 1), ideal = signals::tone(hertz, 0, 1, to);
  double wrong = 0, right = 0;
  for (std::size_t i = to / 20; i < made.samples.size() - to / 20; ++i) {
    wrong += std::pow(made.samples[i] - ideal.samples[i], 2);
    right += std::pow(ideal.samples[i], 2);
  }
  return 10 * std::log10(wrong / right);
}

TEST(Conform, KeepsTonesWhereAndWhatTheyWere) {
  for (const double hertz : {100.0, 1000.0, 5000.0, 7000.0}) {
    EXPECT_LT(error(hertz, 16000, 44100), -80) << hertz;
    EXPECT_LT(error(hertz, 22050, 44100), -80) << hertz;
    EXPECT_LT(error(hertz, 48000, 44100), -80) << hertz;
    EXPECT_LT(error(hertz, 44100, 16000), -80) << hertz;
  }
}

TEST(Conform, RemovesWhatTheNewRateCannotHold) {
  const Pcm made = conform(signals::tone(15000, 0, 1, 44100), 16000, 1);
  for (std::size_t i = 800; i < made.samples.size() - 800; ++i) ASSERT_LT(std::abs(made.samples[i]), 1e-4);
}

RC_GTEST_PROP(Conform, GivesExactlyTheFramesThatTheRatesSay, ()) {
  const int from = *rc::gen::element(8000, 11025, 16000, 22050, 24000, 44100, 48000, 96000);
  const int to = *rc::gen::element(16000, 24000, 32000, 44100, 48000);
  const int channels = *rc::gen::inRange(1, 3), wanted = *rc::gen::inRange(1, 3);
  const auto frames = *rc::gen::inRange<std::int64_t>(0, 20000);
  const Pcm made = conform({from, channels, std::vector<float>(frames * channels, 0.25f)}, to, wanted);
  RC_ASSERT(made.rate == to && made.channels == wanted);
  RC_ASSERT(made.frames() == std::llround(static_cast<double>(frames) * to / from));
}

TEST(Conform, MixesBothSidesAndSpreadsOne) {
  EXPECT_EQ(conform({44100, 2, {0.5f, 0.25f, -1.0f, 0.0f}}, 44100, 1).samples, (std::vector{0.375f, -0.5f}));
  EXPECT_EQ(conform({44100, 1, {0.5f, -1.0f}}, 44100, 2).samples, (std::vector{0.5f, 0.5f, -1.0f, -1.0f}));
}

TEST(Conform, TakesNothingThatIsNotSound) {
  const float infinite = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(conform({44100, 1, {nan, infinite, 1e30f, -1e30f}}, 44100, 1).samples,
            (std::vector{0.0f, 0.0f, 16.0f, -16.0f}));
  EXPECT_THROW(conform({0, 1, {0}}, 44100, 1), Error);
  EXPECT_THROW(conform({44100, 0, {0}}, 44100, 1), Error);
  EXPECT_THROW(conform({44100, 3, {0, 0, 0}}, 44100, 1), Error);
  EXPECT_THROW(conform({44100, 2, {0, 0, 0}}, 44100, 1), Error);
}

}  // namespace
}  // namespace odeon::media
