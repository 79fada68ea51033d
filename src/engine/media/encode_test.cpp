#include "engine/media/encode.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/media/decode.hpp"
#include "engine/media/loudness.hpp"
#include "engine/media/test_signals.hpp"

namespace odeon::media {
namespace {

Pcm round_trip(const Pcm& audio, int bitrate, int pieces) {
  return decode(wrap_mp3(encode_mp3(audio, bitrate, pieces)), {});
}

// Sentences between which there is digital silence.
Pcm sentences(int count, double pause) {
  Pcm audio{44100, 1, {}};
  for (int i = 0; i < count; ++i) {
    signals::append(audio, signals::speech(1.3, i + 1, 44100));
    audio.samples.resize(audio.samples.size() + static_cast<std::size_t>(pause * 44100));
  }
  return audio;
}

double coding_noise(const Pcm& original, const Pcm& decoded, std::size_t from, std::size_t to) {
  double sum = 0;
  for (std::size_t i = from; i < to; ++i) sum += std::pow(decoded.samples[i] - original.samples[i], 2);
  return std::sqrt(sum / static_cast<double>(to - from));
}

RC_GTEST_PROP(EncodeMp3, DecodesToExactlyTheSamplesThatWentIn, ()) {
  const int rate = *rc::gen::element(16000, 22050, 24000, 32000, 44100, 48000);
  const int channels = *rc::gen::inRange(1, 3);
  const auto shortest = static_cast<std::int64_t>(min_mp3_seconds * rate);
  const auto frames = *rc::gen::inRange<std::int64_t>(shortest, shortest + 5000);
  Pcm audio{rate, channels, std::vector<float>(frames * channels)};
  signals::Noise noise(static_cast<std::uint32_t>(frames));
  for (float& sample : audio.samples) sample = 0.3f * noise.next();
  RC_ASSERT(round_trip(audio, *rc::gen::element(32'000, 64'000, 128'000), 1).frames() == frames);
}

// These four frames resemble another format to FFmpeg, which is asked to guess.
TEST(EncodeMp3, IsReadAsMp3HoweverShort) {
  Pcm audio{32000, 1, std::vector<float>(3291)};
  signals::Noise noise(3291);
  for (float& sample : audio.samples) sample = 0.3f * noise.next();
  EXPECT_EQ(round_trip(audio, 128'000, 1).frames(), audio.frames());
}

TEST(EncodeMp3, KeepsTheLevelAtEveryBitRate) {
  const Pcm audio = signals::speech(6, 3, 44100);
  for (const int bitrate : {32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320})
    EXPECT_NEAR(integrated_loudness(round_trip(audio, bitrate * 1000, 1)), integrated_loudness(audio), 0.1) << bitrate;
}

TEST(EncodeMp3, PiecesMakeTheSameFramesInNumberAndAlmostTheSameSound) {
  const Pcm audio = sentences(8, 0.35);
  const Mp3Frames one = encode_mp3(audio, 64'000, 1), four = encode_mp3(audio, 64'000, 4);
  EXPECT_EQ(cuts_in_silence(audio, 4, 1152).size(), 3u);
  EXPECT_EQ(one.sizes.size(), four.sizes.size());
  EXPECT_EQ(one.padding(), four.padding());
  const Pcm plain = decode(wrap_mp3(one), {}), joined = decode(wrap_mp3(four), {});
  ASSERT_EQ(joined.frames(), audio.frames());
  EXPECT_NEAR(coding_noise(audio, joined, 0, audio.samples.size()), coding_noise(audio, plain, 0, audio.samples.size()),
              2e-4);
}

TEST(EncodeMp3, NothingIsHeardAtACut) {
  const Pcm audio = sentences(4, 0.35);
  const auto cuts = cuts_in_silence(audio, 2, 1152);
  ASSERT_EQ(cuts.size(), 1u);
  const Pcm joined = round_trip(audio, 64'000, 2);
  for (std::int64_t i = cuts[0] - 1152; i < cuts[0] + 576; ++i) ASSERT_LT(std::abs(joined.samples[i]), 1e-5) << i;
}

RC_GTEST_PROP(CutsInSilence, AreInSilenceOnFrameBordersAndAscend, ()) {
  const auto lengths = *rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 12000));
  Pcm audio{44100, 1, {}};
  for (std::size_t i = 0; i < lengths.size(); ++i)
    audio.samples.resize(audio.samples.size() + lengths[i], i % 2 ? 0.0f : 0.5f);
  const int pieces = *rc::gen::inRange(1, 6);
  std::int64_t last = 0;
  for (const std::int64_t cut : cuts_in_silence(audio, pieces, 1152)) {
    RC_ASSERT(cut > last && cut < audio.frames() && cut % 1152 == 0);
    for (std::int64_t i = cut - 2304; i < cut + 2304; ++i) RC_ASSERT(audio.samples[i] == 0);
    last = cut;
  }
}

TEST(EncodeMp3, KnowsWhichStreamsExist) {
  EXPECT_TRUE(mp3_allows(44100, 1, 64'000));
  EXPECT_TRUE(mp3_allows(24000, 2, 8'000));
  EXPECT_FALSE(mp3_allows(44100, 1, 65'000));
  EXPECT_FALSE(mp3_allows(44100, 1, 64'500));
  EXPECT_FALSE(mp3_allows(24000, 1, 320'000));
  EXPECT_FALSE(mp3_allows(44000, 1, 64'000));
  EXPECT_FALSE(mp3_allows(44100, 3, 64'000));
}

}  // namespace
}  // namespace odeon::media
