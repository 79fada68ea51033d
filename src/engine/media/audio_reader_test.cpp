#include "engine/media/audio_reader.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/error.hpp"
#include "engine/media/decode.hpp"
#include "engine/media/strangers_test.hpp"
#include "engine/media/test_files.hpp"
#include "engine/media/test_signals.hpp"

namespace odeon::media {
namespace {

// Bytes that arrive as they please and cannot be gone back in.
class Trickle : public BlockingSource {
 public:
  explicit Trickle(std::string_view bytes, std::uint32_t seed = 1) : bytes_(bytes), sizes_(seed) {}
  std::size_t read(std::span<char> into) override {
    const auto some = static_cast<std::size_t>((sizes_.next() + 1) * 3000) + 1;
    const std::size_t count = std::min({some, into.size(), bytes_.size()});
    std::ranges::copy(bytes_.substr(0, count), into.begin());
    bytes_.remove_prefix(count);
    return count;
  }
  std::size_t left() const { return bytes_.size(); }

 private:
  std::string_view bytes_;
  signals::Noise sizes_;
};

struct Read {
  Pcm audio;
  Losses losses;
};

Read read_all(BlockingSource& source, const AudioBounds& bounds = {}) {
  AudioReader reader(source, bounds);
  Read result;
  std::vector<float> piece;
  while (reader.read(piece)) result.audio.samples.insert(result.audio.samples.end(), piece.begin(), piece.end());
  result.audio.rate = std::max(reader.rate(), 1);
  result.audio.channels = std::max(reader.channels(), 1);
  result.losses = reader.losses();
  return result;
}

std::string code_of(BlockingSource& source, const AudioBounds& bounds = {}) {
  try {
    read_all(source, bounds);
  } catch (const Error& error) {
    EXPECT_EQ(error.fault, Fault::invalid);
    return error.code;
  }
  return "";
}

std::string code_of(const std::string& bytes) {
  Trickle source(bytes);
  return code_of(source);
}

// What people upload, by ffmpeg: name, arguments.
const std::map<std::string, std::vector<std::string>>& kinds() {
  static const std::map<std::string, std::vector<std::string>> all = {
      {"recorder.webm", {"-c:a", "libopus", "-live", "1"}},  // as browsers write it: no duration, no cues
      {"plain.webm", {"-c:a", "libopus"}},
      {"a.mp3", {}},
      {"bare.mp3", {"-write_xing", "0", "-id3v2_version", "0", "-q:a", "4"}},
      {"a.wav", {}},
      {"float.wav", {"-c:a", "pcm_f32le"}},
      {"a.flac", {}},
      {"a.ogg", {}},
      {"a.opus", {"-c:a", "libopus"}},
      {"a.aac", {}},
      {"index_last.m4a", {}},
      {"index_first.m4a", {"-movflags", "+faststart"}},
      {"fragments.mp4", {"-movflags", "+frag_keyframe+empty_moov"}},
      {"a.aiff", {}},
      {"a.mka", {"-c:a", "flac"}}};
  return all;
}

std::string made_by_ffmpeg(const std::string& name, double seconds) {
  testing::ScratchFolder folder;
  Pcm audio = signals::speech(3, 9, 48000);
  while (audio.seconds() < seconds) signals::append(audio, Pcm(audio));
  strangers::save(folder / "in.wav", wav(audio));
  std::vector<std::string> command = {"ffmpeg", "-v", "error", "-y", "-i", folder / "in.wav"};
  command.insert(command.end(), kinds().at(name).begin(), kinds().at(name).end());
  command.push_back(folder / name);
  strangers::run(command);
  return strangers::load(folder / name);
}

// Three seconds of it.
const std::string& file(const std::string& name) {
  static std::map<std::string, std::string> made;
  if (made[name].empty()) made[name] = made_by_ffmpeg(name, 3);
  return made[name];
}

TEST(AudioReader, ReadsEveryKindAsItArrives) {
  for (const auto& [name, _] : kinds()) {
    SCOPED_TRACE(name);
    Trickle trickle(file(name));
    const Read arrived = read_all(trickle);
    const Pcm whole = decode(file(name), {});
    EXPECT_EQ(arrived.audio.rate, whole.rate);
    EXPECT_NEAR(arrived.audio.seconds(), 3, 0.06);
    ASSERT_EQ(arrived.audio.samples.size(), whole.samples.size());
    for (std::size_t i = 0; i < whole.samples.size(); ++i) ASSERT_EQ(arrived.audio.samples[i], whole.samples[i]) << i;
    EXPECT_FALSE(arrived.losses.any()) << arrived.losses.damaged_packets << arrived.losses.cut_short;
  }
}

TEST(AudioReader, BeginsBeforeEverythingIsThere) {
  for (const char* name : {"recorder.webm", "a.mp3", "bare.mp3", "a.ogg", "a.opus", "a.wav", "a.flac",
                           "index_first.m4a", "fragments.mp4"}) {
    const std::string bytes = made_by_ffmpeg(name, 40);  // so that what FFmpeg wants to see first is a part of it
    Trickle trickle(bytes);
    AudioReader reader(trickle, {});
    std::vector<float> piece;
    ASSERT_TRUE(reader.read(piece));
    EXPECT_GT(trickle.left(), bytes.size() / 4) << name;
  }
}

// An ID3v2.3 tag with a picture of so many bytes.
std::string tag_with_picture(std::size_t size) {
  const auto put = [](std::size_t value, int bits) {
    std::string bytes;
    for (int i = 3; i >= 0; --i) bytes += static_cast<char>(value >> (bits * i) & ((1 << bits) - 1));
    return bytes;
  };
  std::string picture("\0image/jpeg\0\3\0", 14);
  for (signals::Noise noise(5); picture.size() < size;) picture += static_cast<char>(noise.next() * 127);
  const std::string frame = "APIC" + put(picture.size(), 8) + std::string(2, '\0') + picture;
  return std::string("ID3\3\0\0", 6) + put(frame.size(), 7) + frame;
}

TEST(AudioReader, ReadsMp3BehindALargePicture) {
  const auto tag = tag_with_picture(3'000'000);
  const auto mp3 = made_by_ffmpeg("bare.mp3", 40);
  const auto bytes = tag + mp3;
  Trickle begun(bytes);
  AudioReader reader(begun, {});
  std::vector<float> piece;
  ASSERT_TRUE(reader.read(piece));
  EXPECT_GT(begun.left(), mp3.size() / 2);
  Trickle trickle(bytes), untagged(mp3);
  const auto heard = read_all(trickle).audio;
  EXPECT_TRUE(heard.samples == read_all(untagged).audio.samples);
  EXPECT_TRUE(heard.samples == decode(bytes, {}).samples);
}

TEST(AudioReader, ReadsMp3ThatIsSeveralInARow) {
  const auto bytes = file("a.mp3") + file("bare.mp3") + file("a.mp3");
  Trickle trickle(bytes);
  const auto heard = read_all(trickle).audio;
  EXPECT_NEAR(heard.seconds(), 9, 0.2);
  EXPECT_TRUE(heard.samples == decode(bytes, {}).samples);
}

class CutShort : public ::testing::TestWithParam<const char*> {};

TEST_P(CutShort, GivesItsBeginning) {
  const std::string& whole = file(GetParam());
  Trickle everything(whole);
  const Pcm all = read_all(everything).audio;
  EXPECT_TRUE(rc::check([&] {
    const auto size = *rc::gen::inRange<std::size_t>(0, whole.size());
    Trickle source(std::string_view(whole).substr(0, size));
    try {
      const Read part = read_all(source);
      RC_ASSERT(part.audio.frames() <= all.frames() + 4000);
      // Three quarters of a file are more than half of its sound.
      if (size > whole.size() * 3 / 4) RC_ASSERT(part.audio.seconds() > 1.5);
      const std::size_t same = part.audio.samples.size() - std::min<std::size_t>(part.audio.samples.size(), 8000);
      for (std::size_t i = 0; i < same; ++i) RC_ASSERT(part.audio.samples[i] == all.samples[i]);
    } catch (const Error& error) {
      RC_ASSERT(error.fault == Fault::invalid);
      RC_ASSERT(size < whole.size() * 3 / 4);
    }
  }));
}

INSTANTIATE_TEST_SUITE_P(AudioReader, CutShort,
                         ::testing::Values("recorder.webm", "a.mp3", "a.wav", "a.flac", "a.ogg", "index_first.m4a",
                                           "fragments.mp4"));

TEST(AudioReader, SaysWhenSomethingWasLost) {
  for (const char* name : {"recorder.webm", "a.wav", "a.flac", "a.mp3", "index_first.m4a"}) {
    const std::string& whole = file(name);
    MemorySource cut(std::string_view(whole).substr(0, whole.size() / 2 + 77));
    EXPECT_TRUE(read_all(cut).losses.any()) << name;
  }
  std::string pages = made_by_ffmpeg("a.opus", 12);
  for (int seconds = 0; seconds < 2; ++seconds) {
    const auto page = pages.find("OggS", pages.size() / 3);
    pages.erase(page, pages.find("OggS", page + 4) - page);
  }
  MemorySource missing(pages);
  EXPECT_TRUE(read_all(missing).losses.any());
  std::string damaged = file("a.mp3");
  std::fill(damaged.begin() + 9000, damaged.begin() + 12000, 'x');
  MemorySource source(damaged);
  const Read read = read_all(source);
  EXPECT_TRUE(read.losses.any());
  EXPECT_GT(read.audio.seconds(), 2.5);
}

TEST(AudioReader, SaysWhatIsWrong) {
  EXPECT_EQ(code_of(""), "EMPTY_FILE");
  EXPECT_EQ(code_of("Dear diary, today nothing was recorded."), "NOT_AUDIO");
  EXPECT_EQ(code_of("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"), "NOT_AUDIO");
  EXPECT_EQ(code_of(std::string(100'000, '\0')), "NOT_AUDIO");
  EXPECT_EQ(code_of("\x89PNG\r\n\x1a\n" + std::string(1000, 'x')), "NOT_AUDIO");
}

TEST(AudioReader, RefusesWhatIsProtected) {
  for (const char* entry : {"drms", "enca"}) {
    std::string bytes = file("index_first.m4a");
    const auto at = bytes.find("mp4a");
    ASSERT_NE(at, std::string::npos);
    bytes.replace(at, 4, entry);
    EXPECT_EQ(code_of(bytes), "PROTECTED_AUDIO") << entry;
  }
}

TEST(AudioReader, ABombIsDefusedBySamplesNotByWhatItSays) {
  // A minute of silence is some hundred bytes of FLAC.
  testing::ScratchFolder folder;
  strangers::run({"ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo", "-t", "1200",
                  "-c:a", "flac", folder / "bomb.flac"});
  const std::string bomb = strangers::load(folder / "bomb.flac");
  EXPECT_LT(bomb.size(), 400'000u);
  MemorySource source(bomb);
  EXPECT_EQ(code_of(source, {.max_seconds = 60}), "AUDIO_TOO_LONG");
}

TEST(AudioReader, TakesNoPacketThatIsAsLargeAsItsFile) {
  testing::ScratchFolder folder;
  strangers::run({"ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "anoisesrc=r=48000:d=900", "-af",
                  "asetnsamples=n=42000000:p=0", "-c:a", "pcm_u8", folder / "one.mka"});
  FileSource source(folder / "one.mka");
  AudioReader reader(source, {.max_seconds = 1000});
  std::size_t largest = 0;
  for (std::vector<float> piece; reader.read(piece);) largest = std::max(largest, piece.size());
  EXPECT_LT(largest, 2'000'000u);
  EXPECT_TRUE(reader.losses().any());
}

TEST(AudioReader, RefusesWhatIsTooLarge) {
  Trickle source(file("a.wav"));
  EXPECT_EQ(code_of(source, {.max_bytes = 100'000}), "FILE_TOO_LARGE");
  Trickle index_last(file("index_last.m4a"));
  EXPECT_EQ(code_of(index_last, {.max_bytes = 20'000}), "FILE_TOO_LARGE");
  EXPECT_GT(index_last.left(), 0u);
}

TEST(AudioReader, BringsWhatPodcastsDoNotHaveToWhatTheyHave) {
  const struct {
    int from, to;
  } cases[] = {{8000, 48000},  {11025, 44100}, {16000, 48000}, {22050, 44100},
               {44100, 44100}, {48000, 48000}, {88200, 44100}, {96000, 48000}};
  for (const auto& [from, to] : cases) {
    const std::string bytes = wav(signals::tone(440, -20, 1, from));
    MemorySource source(bytes);
    const Read read = read_all(source, {.rates = AudioBounds::Rates::podcasts});
    EXPECT_EQ(read.audio.rate, to);
    EXPECT_NEAR(read.audio.seconds(), 1, 0.001) << from;
  }
}

TEST(AudioReader, WhatTheSourceThrowsGoesThrough) {
  class Broken : public Trickle {
   public:
    using Trickle::Trickle;
    std::size_t read(std::span<char> into) override {
      if (left() < 50'000) throw Error(Fault::gone, "UPLOAD_CANCELLED", "The upload was cancelled.");
      return Trickle::read(into);
    }
  };
  for (const char* name : {"a.wav", "index_last.m4a"}) {
    Broken source(file(name));
    try {
      read_all(source);
      FAIL() << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.code, "UPLOAD_CANCELLED") << name;
    }
  }
}

RC_GTEST_PROP(RewindableSource, ReadsTheSameWhereverItIsAskedFor, ()) {
  const auto bytes = *rc::gen::container<std::string>(*rc::gen::inRange(0, 5000), rc::gen::arbitrary<char>());
  Trickle trickle(bytes);
  RewindableSource source(trickle, "");
  for (int i = 0; i < 20; ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, 6000);
    std::string piece(*rc::gen::inRange<std::size_t>(1, 500), '?');
    RC_ASSERT(source.seek(static_cast<std::int64_t>(at)));
    const std::size_t count = source.read(piece);
    RC_ASSERT((count == 0) == (at >= bytes.size()));
    if (count > 0) RC_ASSERT(bytes.substr(at, count) == piece.substr(0, count));
  }
}

TEST(FileSource, ReadsAFileAndAPartOfOne) {
  testing::ScratchFolder folder;
  strangers::save(folder / "a", "0123456789");
  FileSource file(folder / "a");
  EXPECT_EQ(file.size(), 10);
  std::string piece(4, '?');
  ASSERT_TRUE(file.seek(8));
  EXPECT_EQ(file.read(piece), 2u);
  EXPECT_EQ(file.read(piece), 0u);
  std::unique_ptr<FILE, int (*)(FILE*)> open(std::fopen((folder / "a").c_str(), "r"), &std::fclose);
  FileSource part(fileno(open.get()), 3);
  EXPECT_EQ(part.read(piece), 3u);
  EXPECT_EQ(piece.substr(0, 3), "012");
  EXPECT_EQ(part.read(piece), 0u);
  EXPECT_THROW(FileSource(folder / "b"), Error);
  EXPECT_THROW(FileSource(folder.path().string()), Error);
}

}  // namespace
}  // namespace odeon::media
