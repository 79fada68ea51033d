#include "engine/media/decode.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstring>

#include "base/error.hpp"
#include "engine/media/encode.hpp"
#include "engine/media/program.hpp"
#include "engine/media/strangers_test.hpp"
#include "engine/media/test_files.hpp"
#include "engine/media/test_signals.hpp"

namespace odeon::media {
namespace {

std::string decoding_fault(const std::string& bytes) {
  try {
    decode_audio(bytes);
  } catch (const Error& error) {
    EXPECT_EQ(error.fault, Fault::invalid);
    EXPECT_FALSE(error.message.empty());
    return error.code;
  }
  return "decoded";
}

std::string mp3(double seconds) {
  return wrap_mp3(encode_mp3(signals::speech(seconds, 5, 44100), 64'000, 1));
}

TEST(DecodeAudio, ReadsSamplesAsTheyAre) {
  const Pcm audio = signals::tone(440, -6, 0.5, 22050, 2);
  const Pcm read = decode_audio(wav(audio));
  EXPECT_EQ(read.rate, 22050);
  EXPECT_EQ(read.channels, 2);
  EXPECT_EQ(read.samples, audio.samples);
}

TEST(DecodeAudio, ReadsWhatPeopleHave) {
  testing::ScratchFolder folder;
  strangers::save(folder / "in.wav", wav(signals::speech(2, 9, 48000)));
  for (const char* kind : {"flac", "ogg", "m4a", "mp3", "webm", "aiff", "aac", "mka"}) {
    const std::string file = folder / (std::string("out.") + kind);
    strangers::run({"ffmpeg", "-v", "error", "-y", "-i", folder / "in.wav", file});
    const Pcm read = decode_audio(strangers::load(file));
    EXPECT_NEAR(read.seconds(), 2, 0.06) << kind;
    EXPECT_EQ(read.channels, 1) << kind;
  }
}

TEST(DecodeAudio, MixesManyChannelsToTwoAndHighRatesDown) {
  Pcm six{96000, 6, std::vector<float>(96000 * 6, 0.1f)};
  const Pcm read = decode_audio(wav(six));
  EXPECT_EQ(read.channels, 2);
  EXPECT_EQ(read.rate, 48000);
  EXPECT_NEAR(read.seconds(), 1, 0.001);
}

TEST(DecodeAudio, SaysWhatIsWrong) {
  EXPECT_EQ(decoding_fault(""), "EMPTY_FILE");
  EXPECT_EQ(decoding_fault("<html><body>Not found</body></html>"), "NOT_AUDIO");
  EXPECT_EQ(decoding_fault(std::string(5000, '\0')), "NOT_AUDIO");
  EXPECT_EQ(decoding_fault(wav({44100, 1, {}})), "DAMAGED_AUDIO");
  EXPECT_EQ(decoding_fault(wav({8000, 1, std::vector<float>(8000 * 601)})), "AUDIO_TOO_LONG");
}

TEST(DecodeAudio, AVideoWithoutSoundHasNoAudio) {
  testing::ScratchFolder folder;
  strangers::run({"ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc=d=0.2:s=64x64", folder / "mute.mp4"});
  EXPECT_EQ(decoding_fault(strangers::load(folder / "mute.mp4")), "NO_AUDIO_STREAM");
}

TEST(DecodeAudio, OpensNothingThatAFileNames) {
  testing::ScratchFolder folder;
  strangers::save(folder / "secret.wav", wav(signals::tone(440, -6, 0.5)));
  EXPECT_EQ(decoding_fault("ffconcat version 1.0\nfile '" + (folder / "secret.wav") + "'\n"), "NOT_AUDIO");
  EXPECT_EQ(decoding_fault("#EXTM3U\n#EXTINF:1,\nfile://" + (folder / "secret.wav") + "\n#EXT-X-ENDLIST\n"),
            "NOT_AUDIO");
}

TEST(DecodeAudio, NumbersThatAreNoneBecomeSilence) {
  Pcm audio = signals::tone(440, -6, 0.1, 44100);
  audio.samples[100] = std::numeric_limits<float>::quiet_NaN();
  audio.samples[200] = std::numeric_limits<float>::infinity();
  const Pcm read = decode_audio(wav(audio));
  EXPECT_EQ(read.samples[100], 0);
  EXPECT_EQ(read.samples[200], 0);
}

// Whatever comes: sound within the bounds or an Error{invalid}.
void expect_sane(const std::string& bytes) {
  try {
    const Pcm read = decode(bytes, {.max_seconds = 20});
    RC_ASSERT(!read.samples.empty() && read.seconds() <= 20);
    for (const float sample : read.samples) RC_ASSERT(std::abs(sample) <= 16);
  } catch (const Error& error) {
    RC_ASSERT(error.fault == Fault::invalid);
  }
}

void damage(std::string& bytes) {
  const auto hits = *rc::gen::inRange(0, 40);
  for (int i = 0; i < hits && !bytes.empty(); ++i)
    bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = static_cast<char>(*rc::gen::inRange(0, 256));
  if (*rc::gen::inRange(0, 2)) bytes.resize(*rc::gen::inRange<std::size_t>(0, bytes.size() + 1));
}

class Damaged : public ::testing::TestWithParam<const char*> {};

TEST_P(Damaged, FilesDoNoHarm) {
  testing::ScratchFolder folder;
  strangers::save(folder / "in.wav", wav(signals::speech(0.5, 9, 16000)));
  const std::string file = folder / (std::string("whole.") + GetParam());
  strangers::run({"ffmpeg", "-v", "error", "-y", "-i", folder / "in.wav", file});
  const std::string whole = strangers::load(file);
  EXPECT_TRUE(rc::check([&] {
    std::string bytes = whole;
    damage(bytes);
    expect_sane(bytes);
  }));
}

INSTANTIATE_TEST_SUITE_P(DecodeAudio, Damaged,
                         ::testing::Values("wav", "mp3", "flac", "ogg", "m4a", "webm", "aiff", "aac"));

RC_GTEST_PROP(DecodeAudio, NoiseDoesNoHarm, ()) {
  static const std::vector<std::string> starts = {"",
                                                  "RIFF",
                                                  "ID3\x04",
                                                  "OggS",
                                                  "fLaC",
                                                  "\x1a\x45\xdf\xa3",
                                                  "\xff\xfb",
                                                  "FORM",
                                                  std::string("\0\0\0\x20"
                                                              "ftypM4A ",
                                                              12)};
  expect_sane(*rc::gen::elementOf(starts) + *rc::gen::resize(4000, rc::gen::arbitrary<std::string>()));
}

RC_GTEST_PROP(DecodeAudio, ACutMp3GivesItsBeginning, ()) {
  static const std::string whole = mp3(1);
  static const Pcm all = decode(whole, {});
  const auto size = *rc::gen::inRange<std::size_t>(1500, whole.size());
  const Pcm part = decode(whole.substr(0, size), {});
  RC_ASSERT(part.frames() <= all.frames());
  for (std::size_t i = 0; i + 2304 < part.samples.size(); ++i) RC_ASSERT(part.samples[i] == all.samples[i]);
}

}  // namespace
}  // namespace odeon::media
