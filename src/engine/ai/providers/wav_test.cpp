#include "engine/ai/providers/wav.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <cstring>

namespace odeon::ai {
namespace {

std::string little_endian(std::uint32_t value, std::size_t bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
  return out;
}

std::string riff_chunk(const std::string& name, const std::string& body) {
  return name + little_endian(static_cast<std::uint32_t>(body.size()), 4) + body + std::string(body.size() % 2, '\0');
}

std::string format(int code, int channels, int rate, int bits) {
  const int frame = channels * bits / 8;
  return riff_chunk("fmt ", little_endian(code, 2) + little_endian(channels, 2) + little_endian(rate, 4) +
                                little_endian(rate * frame, 4) + little_endian(frame, 2) + little_endian(bits, 2));
}

std::string riff(const std::string& chunks) {
  return "RIFF" + little_endian(static_cast<std::uint32_t>(chunks.size() + 4), 4) + "WAVE" + chunks;
}

std::string sample16(int value) {
  return little_endian(static_cast<std::uint16_t>(value), 2);
}

TEST(Wav, ReadsSixteenBitSamples) {
  const auto pcm =
      parse_wav(riff(format(1, 1, 16000, 16) + riff_chunk("data", sample16(0) + sample16(16384) + sample16(-32768))));
  ASSERT_TRUE(pcm);
  EXPECT_EQ(pcm->rate, 16000);
  EXPECT_EQ(pcm->channels, 1);
  EXPECT_EQ(pcm->samples, (std::vector<float>{0, 0.5F, -1}));
}

TEST(Wav, ReadsOtherWidths) {
  float half = 0.5F;
  std::string floating(4, '\0');
  std::memcpy(floating.data(), &half, 4);
  EXPECT_EQ(parse_wav(riff(format(3, 1, 48000, 32) + riff_chunk("data", floating)))->samples, std::vector<float>{0.5F});
  EXPECT_EQ(parse_wav(riff(format(1, 1, 8000, 8) + riff_chunk("data", std::string("\x80\x00\xC0", 3))))->samples.size(),
            3U);
  EXPECT_EQ(parse_wav(riff(format(1, 1, 8000, 24) + riff_chunk("data", little_endian(0x400000, 3) + '\0')))->samples,
            std::vector<float>{0.5F});
  EXPECT_EQ(parse_wav(riff(format(1, 1, 8000, 32) + riff_chunk("data", little_endian(0xC0000000, 4))))->samples,
            std::vector<float>{-0.5F});
}

TEST(Wav, PassesOverOtherChunks) {
  const auto pcm = parse_wav(riff(riff_chunk("LIST", "odd") + format(1, 2, 44100, 16) + riff_chunk("fact", "abcd") +
                                  riff_chunk("data", sample16(1) + sample16(2))));
  ASSERT_TRUE(pcm);
  EXPECT_EQ(pcm->frames(), 1);
}

TEST(Wav, BelievesTheBytesWhereTheHeaderWasWrittenToAPipe) {
  const std::string head = riff(format(1, 1, 22050, 16));
  for (const std::uint32_t size : {0x7FFFF000U, 0xFFFFFFFFU}) {
    const auto pcm = parse_wav(head + "data" + little_endian(size, 4) + sample16(7) + sample16(8) + "\x01");
    ASSERT_TRUE(pcm);
    EXPECT_EQ(pcm->samples.size(), 2U);
  }
}

TEST(Wav, RefusesWhatItDoesNotKnow) {
  EXPECT_FALSE(parse_wav(""));
  EXPECT_FALSE(parse_wav("ID3 and so on, an MP3"));
  EXPECT_FALSE(parse_wav(riff(riff_chunk("data", "1234"))));
  EXPECT_FALSE(parse_wav(riff(format(1, 1, 16000, 16))));
  EXPECT_FALSE(parse_wav(riff(format(7, 1, 8000, 8) + riff_chunk("data", "1234"))));
  EXPECT_FALSE(parse_wav(riff(format(1, 6, 48000, 16) + riff_chunk("data", "123456789012"))));
  EXPECT_FALSE(parse_wav(riff(format(1, 1, 0, 16) + riff_chunk("data", "1234"))));
}

RC_GTEST_PROP(WavProperty, ReadsBackEverySample, (const std::vector<std::int16_t>& samples, bool stereo)) {
  std::string bytes;
  for (const auto sample : samples) bytes += sample16(sample);
  const auto pcm = parse_wav(riff(format(1, stereo ? 2 : 1, 24000, 16) + riff_chunk("data", bytes)));
  RC_ASSERT(pcm.has_value());
  RC_ASSERT(pcm->samples.size() == samples.size() - (stereo ? samples.size() % 2 : 0));
  for (std::size_t i = 0; i < pcm->samples.size(); ++i)
    RC_ASSERT(std::lround(pcm->samples[i] * 32768.0F) == samples[i]);
}

RC_GTEST_PROP(WavProperty, NoDamageDoesHarm, (const std::string& noise)) {
  std::string bytes = riff(format(1, 1, 16000, 16) + riff_chunk("data", sample16(1) + sample16(2)));
  for (const char c : noise) bytes[static_cast<unsigned char>(c) % bytes.size()] = c;
  bytes.resize(*rc::gen::inRange<std::size_t>(0, bytes.size() + 1));
  if (const auto pcm = parse_wav(bytes)) {
    RC_ASSERT(pcm->samples.size() <= bytes.size());
    for (const float sample : pcm->samples) RC_ASSERT(std::isfinite(sample));
  }
}

}  // namespace
}  // namespace odeon::ai
