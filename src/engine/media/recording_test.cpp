#include "engine/media/recording.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/error.hpp"
#include "engine/media/decode.hpp"
#include "engine/media/id3.hpp"
#include "engine/media/loudness.hpp"
#include "engine/media/test_files.hpp"
#include "engine/media/test_signals.hpp"
#include "engine/media/true_peak.hpp"
#include "testing/memory.hpp"

namespace odeon::media {
namespace {

struct Kept : RecordingOutput {
  std::int64_t announced = -1;
  std::string bytes;
  void begin(std::int64_t count) override { announced = count; }
  void write(std::span<const char> more) override { bytes.append(more.data(), more.size()); }
};

struct Made {
  Processed said;
  std::string mp3;
  Pcm heard;
};

Made process(const std::string& bytes, const RecordingOptions& options = {}) {
  MemorySource source(bytes);
  Kept output;
  Made made{process_recording(source, options, output), "", {}};
  EXPECT_EQ(output.announced, static_cast<std::int64_t>(output.bytes.size()));
  EXPECT_EQ(made.said.bytes, output.announced);
  made.mp3 = std::move(output.bytes);
  made.heard = decode(made.mp3, {});
  return made;
}

// Sentences of 1.5 s at levels that differ, pauses of these seconds after them, over noise.
Pcm talk_with_pauses(const std::vector<double>& pauses, int rate = 48000, int channels = 1, double noise_level = -60,
                     double gain = 1) {
  Pcm mono{rate, 1, {}};
  for (std::size_t i = 0; i < pauses.size(); ++i) {
    signals::append(mono, signals::speech(1.5, static_cast<std::uint32_t>(i + 1), rate, gain * (i % 3 == 1 ? 0.6 : 1)));
    mono.samples.resize(mono.samples.size() + static_cast<std::size_t>(pauses[i] * rate));
  }
  Pcm audio{rate, channels, {}};
  signals::Noise noise(3);
  const auto amplitude = static_cast<float>(from_decibels(noise_level) * std::sqrt(3.0));
  for (const float sample : mono.samples)
    for (int channel = 0; channel < channels; ++channel)
      audio.samples.push_back((channel == 0 ? 1.0f : 0.8f) * sample + amplitude * noise.next());
  return audio;
}

const std::vector<double> some_pauses = {0.4, 2, 0.3, 0.5, 3, 0.4, 0.4, 1};

TEST(ProcessRecording, MakesAnEpisode) {
  const Pcm audio = talk_with_pauses(some_pauses, 48000, 2, -55);
  const Made made = process(wav(audio));
  EXPECT_EQ(made.said.rate, 48000);
  EXPECT_EQ(made.said.channels, 2);
  EXPECT_EQ(made.said.bitrate, 128'000);
  EXPECT_EQ(made.heard.frames(), made.said.edits.output_frames());
  EXPECT_DOUBLE_EQ(made.said.duration, made.heard.seconds());

  const Loudness after = measure(made.heard), before = measure(audio);
  EXPECT_NEAR(after.integrated, -16, 0.15);
  EXPECT_LE(after.true_peak, -1);
  EXPECT_NEAR(made.said.after.integrated, after.integrated, 0.05);
  EXPECT_NEAR(made.said.after.true_peak, after.true_peak, 0.1);
  EXPECT_NEAR(made.said.after.range, after.range, 0.5);
  EXPECT_NEAR(made.said.before.integrated, before.integrated, 0.01);
  EXPECT_NEAR(made.said.before.true_peak, before.true_peak, 0.01);

  EXPECT_NEAR(made.said.noise_floor, -55, 1);
  EXPECT_NEAR(made.said.silence_removed, 3, 0.6);
  EXPECT_NEAR(made.said.duration, audio.seconds() - made.said.silence_removed, 0.001);
  EXPECT_FALSE(made.said.losses.any());
  EXPECT_EQ(made.said.encodings, 1);
  EXPECT_EQ(made.said.waveform.length, static_cast<std::int64_t>(made.said.waveform.data.size() / 2));
  EXPECT_EQ(made.said.waveform.length, (made.heard.frames() + 255) / 256);
}

TEST(ProcessRecording, HitsItsTargetWhateverComes) {
  const struct {
    int rate, channels, bitrate;
    double gain, loudness, noise;
  } cases[] = {{44100, 1, 0, 1, -16, -60},         {48000, 2, 192'000, 2, -16, -80},
               {16000, 1, 64'000, 0.02, -16, -75}, {22050, 2, 128'000, 0.1, -14, -50},
               {96000, 1, 96'000, 0.5, -19, -60},  {48000, 1, 0, 9, -16, -60}};
  for (const auto& test : cases) {
    SCOPED_TRACE(fmt::format("{} Hz, {} channels, gain {}", test.rate, test.channels, test.gain));
    RecordingOptions options;
    options.bitrate = test.bitrate;
    options.loudness = test.loudness;
    const Made made =
        process(wav(talk_with_pauses(some_pauses, test.rate, test.channels, test.noise, test.gain)), options);
    const Loudness heard = measure(made.heard);
    EXPECT_NEAR(heard.integrated, test.loudness, 0.2);
    EXPECT_LE(heard.true_peak, -1);
    EXPECT_EQ(made.said.channels, test.channels);
  }
}

TEST(ProcessRecording, JoinsItsSectionsWithoutATrace) {
  // Half a minute in four sections beside the same in one piece: the codec's noise is all that differs.
  Pcm audio = talk_with_pauses({0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4});
  RecordingOptions options;
  options.noise_reduction.reset(), options.silences.reset(), options.loudness.reset(), options.fades.reset();
  options.bitrate = 128'000;
  const Made made = process(wav(audio), options);
  ASSERT_EQ(made.heard.frames(), audio.frames());
  double worst = 0, sum = 0;
  for (std::int64_t i = 0; i < audio.frames(); ++i) {
    const double off = std::abs(made.heard.samples[i] - audio.samples[i]);
    worst = std::max(worst, off);
    sum += off * off;
  }
  EXPECT_LT(std::sqrt(sum / static_cast<double>(audio.frames())), 0.003);
  EXPECT_LT(worst, 0.05);
}

TEST(ProcessRecording, EachStepCanBeLeftOut) {
  const Pcm audio = talk_with_pauses(some_pauses);
  RecordingOptions none;
  none.noise_reduction.reset(), none.silences.reset(), none.loudness.reset(), none.fades.reset();
  const Made plain = process(wav(audio), none);
  EXPECT_EQ(plain.heard.frames(), audio.frames());
  EXPECT_NEAR(plain.said.after.integrated, plain.said.before.integrated,
              0.2);  // the codec leaves out noise that nobody hears
  EXPECT_EQ(plain.said.silence_removed, 0);

  const auto pause_level = [&](const Made& made) {
    const auto from = made.said.edits.to_output(48000 * 42 / 10), count = std::int64_t{4800};
    double power = 0;
    for (std::int64_t i = from; i < from + count; ++i) power += made.heard.samples[i] * made.heard.samples[i];
    return to_decibels(std::sqrt(power / static_cast<double>(count)));
  };
  RecordingOptions denoised = none, shortened = none, loud = none;
  denoised.noise_reduction = 14;
  EXPECT_NEAR(pause_level(process(wav(audio), denoised)), pause_level(plain) - 13, 2);
  shortened.silences = ShortenOptions{};
  EXPECT_NEAR(process(wav(audio), shortened).said.silence_removed, 3, 0.6);
  loud.loudness = -16;
  EXPECT_NEAR(process(wav(audio), loud).said.after.integrated, -16, 0.15);
}

TEST(ProcessRecording, ChaptersFollowTheCuts) {
  RecordingOptions options;
  options.tags = {.title = "An episode", .album = "The show", .number = 12};
  options.chapters = {{"Before", 0, 1}, {"In the pause", 2.4, 2.8}, {"After", 6, 14}};
  const Made made = process(wav(talk_with_pauses({0.4, 5, 0.4, 0.4})), options);
  ASSERT_GE(made.said.chapters.size(), 2u);
  EXPECT_EQ(made.said.chapters.back().title, "After");
  for (const Chapter& chapter : made.said.chapters) {
    const auto original = std::ranges::find(options.chapters, chapter.title, &Chapter::title);
    EXPECT_DOUBLE_EQ(chapter.start, made.said.edits.output_seconds(original->start));
    EXPECT_LE(chapter.end, made.said.duration);
  }
  EXPECT_NE(made.mp3.find("An episode"), std::string::npos);
}

TEST(ProcessRecording, SaysWhatIsWrong) {
  const auto code_of = [](const std::string& bytes, const RecordingOptions& options = {}) -> std::string {
    try {
      MemorySource source(bytes);
      Kept output;
      process_recording(source, options, output);
      EXPECT_TRUE(output.bytes.empty());
    } catch (const Error& error) {
      EXPECT_EQ(error.fault, Fault::invalid);
      return error.code;
    }
    return "";
  };
  EXPECT_EQ(code_of(""), "EMPTY_FILE");
  EXPECT_EQ(code_of("not a recording"), "NOT_AUDIO");
  EXPECT_EQ(code_of(wav({48000, 1, {}})), "EMPTY_RECORDING");
  EXPECT_EQ(code_of(wav({48000, 1, std::vector<float>(100, 0.5f)})), "EMPTY_RECORDING");
  EXPECT_EQ(code_of(wav({48000, 2, std::vector<float>(48000 * 4)})), "NO_SOUND");
  EXPECT_EQ(code_of(wav({8000, 1, std::vector<float>(8000 * 5, 0.1f)}), {.max_seconds = 4}), "AUDIO_TOO_LONG");
  EXPECT_EQ(code_of(wav(talk_with_pauses({1})), {.max_bytes = 10'000}), "FILE_TOO_LARGE");
  EXPECT_EQ(code_of(wav(talk_with_pauses({1})), {.loudness = 3}), "INVALID_AUDIO_OPTIONS");
  EXPECT_EQ(code_of(wav(talk_with_pauses({1})), {.bitrate = 129'000}), "INVALID_AUDIO_OPTIONS");
  EXPECT_EQ(code_of(wav(talk_with_pauses({1})), {.tags = {.date = "yesterday"}}), "INVALID_DATE");
}

TEST(ProcessRecording, ShortRecordingsAreEpisodesToo) {
  for (const double seconds : {0.12, 0.3, 0.5, 1.0, 7.9}) {
    const Made made = process(wav(signals::speech(seconds, 3, 48000, 0.2)));
    EXPECT_NEAR(made.heard.seconds(), seconds, 0.001);
    EXPECT_NEAR(made.said.after.integrated, -16, 0.3) << seconds;
  }
}

TEST(ProcessRecording, AClapDoesNotKeepTheVoiceDown) {
  Pcm audio = talk_with_pauses({0.4, 0.4, 0.4, 0.4}, 48000, 1, -65, 0.6);
  signals::Noise noise(8);
  for (int i = 0; i < 1000; ++i) audio.samples[90000 + i] = noise.next() * (1.0f - static_cast<float>(i) / 1000);
  const Made made = process(wav(audio));
  EXPECT_NEAR(measure(made.heard).integrated, -16, 0.2);
  EXPECT_LE(measure(made.heard).true_peak, -1);
}

TEST(ProcessRecording, TellsHowFarItIsAndStopsWhenAsked) {
  const std::string bytes = wav(talk_with_pauses(some_pauses));
  MemorySource source(bytes);
  Kept output;
  std::vector<double> told;
  process_recording(source, {}, output, [&](double done) { told.push_back(done); });
  EXPECT_TRUE(std::ranges::is_sorted(told));
  EXPECT_GE(told.front(), 0);
  EXPECT_EQ(told.back(), 1);
  EXPECT_GT(told.size(), 10u);

  for (const double when : {0.1, 0.36, 0.5, 0.98}) {
    MemorySource again(bytes);
    Kept nothing;
    std::stop_source stop;
    const auto ask = [&](double done) {
      if (done >= when) stop.request_stop();
    };
    EXPECT_THROW(process_recording(again, {}, nothing, ask, stop.get_token()), boost::system::system_error) << when;
    EXPECT_LT(nothing.bytes.size(), output.bytes.size());
  }
}

// A WAV of hours that nobody has in memory.
class Endless : public BlockingSource {
 public:
  explicit Endless(double seconds) : head_(wav(talk_with_pauses({0.4, 2}, 16000))) {
    const Pcm audio = talk_with_pauses({0.5, 0.3, 2}, 16000);
    loop_.assign(reinterpret_cast<const char*>(audio.samples.data()), audio.samples.size() * 4);
    left_ = static_cast<std::int64_t>(seconds * 16000) * 4;
    const auto size = static_cast<std::uint32_t>(left_);
    head_.resize(44);
    std::memcpy(head_.data() + 40, &size, 4);
  }
  std::size_t read(std::span<char> into) override {
    if (!head_.empty()) {
      const std::size_t count = std::min(into.size(), head_.size());
      std::ranges::copy(head_.substr(0, count), into.begin());
      head_.erase(0, count);
      return count;
    }
    const auto count = static_cast<std::size_t>(std::min<std::int64_t>(
        {left_, static_cast<std::int64_t>(into.size()), static_cast<std::int64_t>(loop_.size() - at_)}));
    std::ranges::copy(std::string_view(loop_).substr(at_, count), into.begin());
    at_ = (at_ + count) % loop_.size();
    left_ -= static_cast<std::int64_t>(count);
    return count;
  }

 private:
  std::string head_, loop_;
  std::size_t at_ = 0;
  std::int64_t left_;
};

double peak_megabytes(double seconds) {
  testing::most_resident();  // the peak begins anew
  Endless source(seconds);
  struct : RecordingOutput {
    void write(std::span<const char>) override {}
  } nowhere;
  RecordingOptions options;
  options.bitrate = 64'000;
  const Processed made = process_recording(source, options, nowhere);
  EXPECT_GT(made.duration, seconds * 0.6);
  return static_cast<double>(testing::most_resident()) / 1024;
}

TEST(ProcessRecording, NeedsNoMoreMemoryForMore) {
  if (!testing::freed_memory_is_free()) GTEST_SKIP();
  peak_megabytes(40);
  const double shorter = peak_megabytes(40), longer = peak_megabytes(240);
  EXPECT_LT(longer, shorter + 6);
}

TEST(Retag, ChangesTheTagAndNotTheSound) {
  const Made made =
      process(wav(talk_with_pauses({0.4, 1})), {.tags = {.title = "Old", .artwork = std::string(70'000, 'j')}});
  MemorySource source(made.mp3);
  Kept output;
  retag(source, {.title = "New"}, {{"One", 0, 1}}, made.said.duration, output);
  EXPECT_EQ(output.announced, static_cast<std::int64_t>(output.bytes.size()));
  EXPECT_EQ(output.bytes.substr(id3_size(output.bytes)), made.mp3.substr(id3_size(made.mp3)));
  EXPECT_NE(output.bytes.find("New"), std::string::npos);
  EXPECT_EQ(output.bytes.find("Old"), std::string::npos);
}

}  // namespace
}  // namespace odeon::media
