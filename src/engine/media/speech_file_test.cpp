#include "engine/media/speech_file.hpp"

#include <gtest/gtest.h>

#include "engine/media/decode.hpp"
#include "engine/media/test_signals.hpp"

namespace odeon::media {
namespace {

struct SpeechFileTest : ::testing::TestWithParam<int> {
  Pcm spoken(double seconds) const { return signals::speech(seconds, 1, GetParam()); }
};
INSTANTIATE_TEST_SUITE_P(OfEachRate, SpeechFileTest, ::testing::Values(16'000, 24'000, 48'000));

// How much of the power of `heard` is not that of `said`, at the delay where they agree best.
double strangeness(const std::vector<float>& said, const std::vector<float>& heard, int most_delay) {
  double best = 1;
  for (int delay = 0; delay <= most_delay; ++delay) {
    double rest = 0, all = 1e-9;
    for (std::size_t i = 0; i < said.size() && i + static_cast<std::size_t>(delay) < heard.size(); ++i) {
      rest += std::pow(heard[i + static_cast<std::size_t>(delay)] - said[i], 2);
      all += std::pow(said[i], 2);
    }
    best = std::min(best, rest / all);
  }
  return best;
}

TEST_P(SpeechFileTest, FlacHasEverySample) {
  const auto said = spoken(1.3);
  const auto heard = decode(speech_file(said, SpeechFile::flac), {});
  EXPECT_EQ(heard.rate, said.rate);
  ASSERT_EQ(heard.samples.size(), said.samples.size());
  for (std::size_t i = 0; i < said.samples.size(); ++i)
    ASSERT_NEAR(heard.samples[i], std::clamp(said.samples[i], -1.0F, 1.0F), 1e-4) << i;
}

TEST_P(SpeechFileTest, OpusIsAsLongAndSoundsAlike) {
  const auto said = spoken(1.3);
  const auto file = speech_file(said, SpeechFile::opus);
  EXPECT_TRUE(file.starts_with("OggS"));
  EXPECT_NE(file.find("OpusHead"), std::string::npos);
  EXPECT_LT(file.size(), 16'000U);
  EXPECT_NEAR(decode(file, {}).seconds(), 1.3, 0.001);
  if (said.rate == 48'000) EXPECT_LT(strangeness(said.samples, decode(file, {}).samples, 0), 0.2);
}

TEST_P(SpeechFileTest, AacIsFramesOneAfterTheOther) {
  const auto said = spoken(1.3);
  const std::string file = speech_file(said, SpeechFile::aac);
  // ISO 14496-3, 1.A.3.2: twelve bits of ones, and the length of the frame in 13 bits from the 31st on.
  int frames = 0;
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(file.at(at)); };
  for (std::size_t at = 0; at < file.size(); ++frames) {
    ASSERT_EQ(byte(at), 0xFF);
    ASSERT_EQ(byte(at + 1) & 0xF0, 0xF0);
    const std::size_t size =
        (static_cast<std::size_t>(byte(at + 3) & 3) << 11) | (byte(at + 4) << 3) | (byte(at + 5) >> 5);
    ASSERT_GT(size, 7U);
    at += size;
  }
  EXPECT_NEAR(frames * 1024.0, 1.3 * said.rate, 3 * 1024);
}

TEST(SpeechFile, OfNothingIsAFileToo) {
  for (const auto form : {SpeechFile::opus, SpeechFile::flac}) EXPECT_FALSE(speech_file({24'000, 1, {}}, form).empty());
  EXPECT_NO_THROW(speech_file({24'000, 1, std::vector<float>(1, 2.0F)}, SpeechFile::aac));
}

}  // namespace
}  // namespace odeon::media
