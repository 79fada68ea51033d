// The first half of the work on a recording, done before, and what goes on from it.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "base/error.hpp"
#include "engine/media/recording.hpp"
#include "engine/media/strangers_test.hpp"
#include "engine/media/test_files.hpp"
#include "engine/media/test_signals.hpp"
#include "testing/scratch.hpp"

namespace odeon::media {
namespace {

struct Pages : RecordingOutput {
  std::string bytes;
  void write(std::span<const char> more) override { bytes.append(more.data(), more.size()); }
};

// As an upload gives them: a few at a time, and never again. Counts them.
class SlowArrival : public BlockingSource {
 public:
  explicit SlowArrival(std::string_view bytes, std::size_t at_once = 777) : bytes_(bytes), at_once_(at_once) {}
  std::size_t read(std::span<char> into) override {
    const auto count = std::min({into.size(), at_once_, bytes_.size() - at_});
    std::ranges::copy(bytes_.substr(at_, count), into.begin());
    at_ += count;
    return count;
  }
  std::size_t given() const { return at_; }

 private:
  std::string_view bytes_;
  const std::size_t at_once_;
  std::size_t at_ = 0;
};

// Whoever reads it hears it again.
class NeverRead : public BlockingSource {
 public:
  std::size_t read(std::span<char>) override { throw Error(Fault::internal, "HEARD_AGAIN", "It was heard before."); }
};

// Somebody speaks, thinks, speaks, in noise.
std::string some_talk(double silence = 2) {
  auto sound = signals::speech(2, 1, 48000, 0.3);
  signals::append(sound, Pcm{48000, 1, std::vector<float>(static_cast<std::size_t>(silence * 48000))});
  signals::append(sound, signals::speech(9, 2, 48000, 0.2));
  signals::Noise noise(3);
  for (float& sample : sound.samples) sample += 0.001f * noise.next();
  return wav(sound);
}

struct KeptIntakeTest : ::testing::Test {
  RecordingOptions options() const {
    RecordingOptions options;
    options.heard_file = folder / "it.heard";
    options.tags.title = "Pilot";
    return options;
  }
  static std::string process(BlockingSource& source, const RecordingOptions& options) {
    Pages pages;
    process_recording(source, options, pages);
    return pages.bytes;
  }
  static std::string at_once(const std::string& bytes) {
    MemorySource source(bytes);
    RecordingOptions options;
    options.tags.title = "Pilot";
    return process(source, options);
  }
  bool hear(const std::string& bytes) {
    SlowArrival source(bytes);
    return hear_recording(source, options(), {}, {});
  }
  // The same talk, as FFmpeg's command writes it.
  std::string encoded(const std::string& name, const std::vector<std::string>& codec) {
    strangers::save(folder / "talk.wav", some_talk());
    std::vector<std::string> command{"ffmpeg", "-v", "error", "-y", "-i", folder / "talk.wav"};
    command.insert(command.end(), codec.begin(), codec.end());
    command.push_back(folder / name);
    strangers::run(command);
    return strangers::load(folder / name);
  }
  // The code of what hear_recording says.
  std::string refusal(const std::string& bytes) {
    try {
      hear(bytes);
    } catch (const Error& error) {
      return error.code;
    }
    return "";
  }

  testing::ScratchFolder folder;
};

TEST_F(KeptIntakeTest, WhatWasHeardWhileItCameGivesTheSame) {
  const auto bytes = some_talk();
  ASSERT_TRUE(hear(bytes));
  NeverRead source;
  EXPECT_EQ(process(source, options()), at_once(bytes));
}

TEST_F(KeptIntakeTest, WhatItKnewComesBack) {
  const auto bytes = some_talk(6);
  ASSERT_TRUE(hear(bytes));
  MemorySource source(bytes), again(bytes);
  Pages pages;
  const auto kept = process_recording(source, options(), pages), fresh = process_recording(again, {}, pages);
  EXPECT_EQ(kept.pauses, fresh.pauses);
  EXPECT_EQ(kept.edits.kept(), fresh.edits.kept());
  EXPECT_GT(kept.silence_removed, 2);
  EXPECT_EQ(kept.noise_floor, fresh.noise_floor);
  EXPECT_EQ(kept.before.integrated, fresh.before.integrated);
  EXPECT_EQ(kept.before.true_peak, fresh.before.true_peak);
  EXPECT_EQ(kept.before.range, fresh.before.range);
}

TEST_F(KeptIntakeTest, AnotherChoiceOfNoiseHearsItAnew) {
  const auto bytes = some_talk();
  ASSERT_TRUE(hear(bytes));
  auto loud = options();
  loud.noise_reduction.reset();
  SlowArrival source(bytes);
  process(source, loud);
  EXPECT_EQ(source.given(), bytes.size());
  // It is in the place of the other now.
  NeverRead never;
  EXPECT_THROW(process(never, options()), Error);
  EXPECT_NO_THROW(process(never, loud));
}

TEST_F(KeptIntakeTest, OtherStepsGoOnFromTheSame) {
  ASSERT_TRUE(hear(some_talk()));
  auto other = options();
  other.silences.reset(), other.loudness = -20, other.bitrate = 64'000, other.fades.reset();
  NeverRead source;
  EXPECT_FALSE(process(source, other).empty());
}

TEST_F(KeptIntakeTest, WhatIsNoSuchFileIsHeardAnew) {
  const auto bytes = some_talk();
  for (const std::string& wrong : {std::string(), std::string("no such thing"), std::string(4000, '\0')}) {
    strangers::save(options().heard_file, wrong);
    SlowArrival source(bytes);
    process(source, options());
    EXPECT_EQ(source.given(), bytes.size());
  }
}

TEST_F(KeptIntakeTest, WhatIsDamagedIsNotTakenForWhole) {
  auto bytes = some_talk();
  bytes.resize(bytes.size() / 2);
  EXPECT_FALSE(hear(bytes)) << "it may only have been cut off";
  EXPECT_EQ(refusal("not a recording at all"), "NOT_AUDIO");
  EXPECT_FALSE(std::filesystem::exists(options().heard_file));
}

// What is heard as a stream is what the file gives, to the bit; of what is not, that is said.
TEST_F(KeptIntakeTest, EveryKindIsHeardWhileItComes) {
  const struct {
    std::string name;
    std::vector<std::string> codec;
    bool streams = true;
  } kinds[] = {{"talk.webm", {"-c:a", "libopus"}},
               {"talk.flac", {"-c:a", "flac"}},
               {"talk.aac", {"-c:a", "aac"}},
               {"early.m4a", {"-c:a", "aac", "-movflags", "+faststart"}},
               {"pieces.mp4", {"-c:a", "aac", "-movflags", "+frag_keyframe+empty_moov"}},
               {"late.m4a", {"-c:a", "aac"}, false},
               {"talk.mp3", {"-c:a", "libmp3lame"}},
               {"bare.mp3", {"-c:a", "libmp3lame", "-q:a", "4", "-write_xing", "0"}},
               {"talk.ogg", {"-c:a", "libvorbis"}},
               {"talk.opus", {"-c:a", "libopus"}},
               {"talk.aiff", {"-c:a", "pcm_s16be"}, false}};
  for (const auto& kind : kinds) {
    SCOPED_TRACE(kind.name);
    const auto bytes = encoded(kind.name, kind.codec);
    if (!kind.streams) {
      EXPECT_EQ(refusal(bytes), "NEEDS_WHOLE");
      continue;
    }
    ASSERT_TRUE(hear(bytes));
    MemorySource source(bytes);
    EXPECT_TRUE(process(source, options()) == at_once(bytes));  // nobody wants to read the difference
  }
}

// Killed in the middle of the second half, as no handler can stop it.
TEST_F(KeptIntakeTest, AKillCostsTheSecondHalfOnly) {
#if __has_feature(thread_sanitizer)
  GTEST_SKIP() << "it does not follow a fork that makes threads";
#endif
  const auto bytes = some_talk();
  const pid_t child = ::fork();
  if (child == 0) {
    MemorySource source(bytes);
    Pages nowhere;
    process_recording(source, options(), nowhere, [](double done) {
      if (done > 0.5) ::raise(SIGKILL);
    });
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  NeverRead source;
  EXPECT_EQ(process(source, options()), at_once(bytes));
}

}  // namespace
}  // namespace odeon::media
