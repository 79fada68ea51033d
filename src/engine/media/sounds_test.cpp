#include <gtest/gtest.h>

#include "engine/media/loudness.hpp"
#include "engine/media/program.hpp"
#include "engine/media/true_peak.hpp"

namespace odeon::media {
namespace {

TEST(Chime, LastsAsLongAsAskedAndFadesToSilence) {
  for (const double seconds : {0.05, 1.0, 3.0, 15.0}) {
    const Pcm sound = chime(seconds, 44100);
    EXPECT_EQ(sound.frames(), std::llround(seconds * 44100)) << seconds;
    EXPECT_EQ(sound.samples.front(), 0) << seconds;
    EXPECT_EQ(sound.samples.back(), 0) << seconds;
  }
  EXPECT_TRUE(chime(0, 44100).samples.empty());
}

TEST(Chime, IsSofterThanSpeechAtAnyRate) {
  for (const int rate : {16000, 22050, 44100, 48000}) {
    const Loudness heard = measure(chime(3, rate));
    EXPECT_LT(heard.integrated, -20) << rate;
    EXPECT_GT(heard.integrated, -30) << rate;
    EXPECT_LT(heard.true_peak, -6) << rate;
  }
}

TEST(Chime, IsTheSameEveryTime) {
  EXPECT_EQ(chime(2, 44100).samples, chime(2, 44100).samples);
}

TEST(NaturalPause, GrowsWithWhatEnds) {
  EXPECT_LT(natural_pause(Boundary::sentence), natural_pause(Boundary::paragraph));
  EXPECT_LT(natural_pause(Boundary::paragraph), natural_pause(Boundary::section));
}

}  // namespace
}  // namespace odeon::media
