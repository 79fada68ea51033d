// What ffmpeg, ffprobe and mutagen say of our episodes; and human speech, which nobody here made.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>

#include "engine/media/decode.hpp"
#include "engine/media/recording.hpp"
#include "engine/media/strangers_test.hpp"
#include "engine/media/test_files.hpp"
#include "engine/media/test_signals.hpp"

namespace odeon::media {
namespace {

namespace bj = boost::json;

class ToFile : public RecordingOutput {
 public:
  explicit ToFile(const std::string& path) : file_(path, std::ios::binary) {}
  void write(std::span<const char> bytes) override {
    file_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file_.flush();
  }

 private:
  std::ofstream file_;
};

class RecordingStrangers : public ::testing::Test {
 protected:
  Processed process(const std::string& path, const RecordingOptions& options = {}) {
    FileSource source(path);
    ToFile output(mp3_);
    return process_recording(source, options, output);
  }

  // The file as a browser would have recorded it.
  std::string recorded(const Pcm& audio) {
    strangers::save(folder_ / "in.wav", wav(audio));
    strangers::run({"ffmpeg", "-v", "error", "-y", "-i", folder_ / "in.wav", "-c:a", "libopus", "-b:a", "128k", "-live",
                    "1", folder_ / "in.webm"});
    return folder_ / "in.webm";
  }

  void expect_same_loudness(const Processed& made) {
    const std::string read = strangers::run(
        {"ffmpeg", "-hide_banner", "-nostats", "-i", mp3_, "-af", "ebur128=peak=true", "-f", "null", "-"});
    const auto after = [&](const std::string& label) {
      return std::stod(read.substr(read.rfind(label) + label.size()));
    };
    EXPECT_NEAR(after("I: "), made.after.integrated, 0.15);
    EXPECT_NEAR(after("I: "), -16, 0.2);
    EXPECT_NEAR(after("LRA: "), made.after.range, 1);
    EXPECT_NEAR(after("Peak: "), made.after.true_peak, 0.6);
    EXPECT_LE(after("Peak: "), -1);
  }

  void expect_flawless(const Processed& made) {
    const std::string raw = folder_ / "raw.f32";
    EXPECT_EQ(strangers::run({"ffmpeg", "-v", "warning", "-xerror", "-y", "-i", mp3_, "-f", "f32le", raw}), "");
    const auto frames = static_cast<std::uintmax_t>(std::llround(made.duration * made.rate));
    EXPECT_EQ(std::filesystem::file_size(raw), 4 * frames * made.channels);
    const auto probed = bj::parse(strangers::run({"ffprobe", "-v", "error", "-of", "json", "-show_format", mp3_}));
    EXPECT_NEAR(std::stod(probed.at("format").at("duration").as_string().c_str()), made.duration, 0.06);
    EXPECT_EQ(std::stoll(probed.at("format").at("size").as_string().c_str()), made.bytes);
  }

  testing::ScratchFolder folder_;
  const std::string mp3_ = folder_ / "episode.mp3";
};

// Two voices at different levels, pauses, noise, a click here and there: half a minute, stereo.
Pcm show() {
  Pcm audio{48000, 2, {}};
  signals::Noise noise(1);
  for (std::uint32_t i = 0; i < 12; ++i) {
    Pcm part = signals::speech(1.7, i + 1, 48000, i % 2 ? 2 : 0.7);
    part.samples.resize(part.samples.size() + static_cast<std::size_t>(48000 * (i % 4 == 3 ? 2.5 : 0.4)));
    if (i % 5 == 4)
      for (int n = 0; n < 400; ++n) part.samples[part.samples.size() - 8000 + n] += 0.9f * noise.next();
    for (const float sample : part.samples)
      audio.samples.insert(audio.samples.end(),
                           {sample + 0.0015f * noise.next(), 0.6f * sample + 0.0015f * noise.next()});
  }
  return audio;
}

TEST_F(RecordingStrangers, MeasureWhatWeSayAndDecodeWithoutAComplaint) {
  for (const int bitrate : {64'000, 128'000, 192'000}) {
    SCOPED_TRACE(bitrate);
    const Processed made = process(recorded(show()), {.bitrate = bitrate});
    EXPECT_GT(made.silence_removed, 2);
    expect_same_loudness(made);
    expect_flawless(made);
  }
}

TEST_F(RecordingStrangers, ReadTheTag) {
  const std::string artwork = folder_ / "cover.jpg";
  strangers::run(
      {"ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc=s=64x64:d=1", "-frames:v", "1", artwork});
  RecordingOptions options;
  options.tags = {.title = "Über Töne",
                  .artist = "Anna",
                  .album = "Die Sendung",
                  .language = "de",
                  .number = 7,
                  .artwork = strangers::load(artwork)};
  options.chapters = {{"Anfang", 0, 9}, {"Mitte", 9, 18}, {"Ende", 18, 100}};
  const Processed made = process(recorded(show()), options);
  const std::string script = R"(
import json, sys
from mutagen.mp3 import MP3
f = MP3(sys.argv[1])
t = f.tags
print(json.dumps({"title": str(t["TIT2"]), "album": str(t["TALB"]), "artist": str(t["TPE1"]), "number": str(t["TRCK"]),
  "cover": [len(t.getall("APIC")[0].data), t.getall("APIC")[0].mime, int(t.getall("APIC")[0].type)],
  "chapters": [[c.element_id, c.start_time, c.end_time, str(c.sub_frames["TIT2"])] for c in t.getall("CHAP")],
  "table": [list(c.child_element_ids) for c in t.getall("CTOC")], "seconds": f.info.length, "bitrate": f.info.bitrate,
  "channels": f.info.channels}))
)";
  strangers::save(folder_ / "read.py", script);
  const bj::value read = bj::parse(strangers::run({"/usr/bin/python3", folder_ / "read.py", mp3_}));
  EXPECT_EQ(read.at("title"), "Über Töne");
  EXPECT_EQ(read.at("album"), "Die Sendung");
  EXPECT_EQ(read.at("artist"), "Anna");
  EXPECT_EQ(read.at("number"), "7");
  EXPECT_EQ(read.at("cover"), bj::value({options.tags.artwork.size(), "image/jpeg", 3}));
  EXPECT_NEAR(read.at("seconds").to_number<double>(), made.duration, 0.06);
  EXPECT_EQ(read.at("bitrate").to_number<int>(), 128'000);
  ASSERT_EQ(read.at("chapters").as_array().size(), made.chapters.size());
  ASSERT_EQ(made.chapters.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    const bj::array& chapter = read.at("chapters").as_array()[i].as_array();
    EXPECT_EQ(chapter[3], bj::value(made.chapters[i].title));
    EXPECT_NEAR(chapter[1].to_number<double>(), made.chapters[i].start * 1000, 1);
    EXPECT_EQ(read.at("table").as_array()[0].as_array()[i], chapter[0]);
  }
  EXPECT_NEAR(made.chapters[2].end, made.duration, 1e-9);
}

TEST_F(RecordingStrangers, HumanSpeechLosesNothingButSilence) {
  // Prompts of a telephone exchange, with a noisy pause after each.
  const std::string sounds = "/usr/share/asterisk/sounds/en_US_f_Allison/";
  Pcm audio{8000, 1, {}};
  signals::Noise noise(2);
  for (const char* name : {"vm-goodbye", "demo-thanks", "invalid", "pbx-transfer", "vm-intro", "one-moment-please",
                           "activated", "digits/7", "digits/6", "tt-weasels", "demo-abouttotry"}) {
    const std::string path = sounds + name + ".wav";
    if (!std::filesystem::exists(path)) continue;
    signals::append(audio, decode_audio(strangers::load(path)));
    audio.samples.resize(audio.samples.size() + 2 * 8000);
  }
  ASSERT_GT(audio.seconds(), 25);
  for (float& sample : audio.samples) sample = 0.3f * sample + 0.0008f * noise.next();
  const Processed made = process(recorded(audio));
  expect_same_loudness(made);
  expect_flawless(made);
  EXPECT_GT(made.silence_removed, 6);
  double all = 0, removed = 0;
  const auto ratio = static_cast<double>(made.rate) / audio.rate;
  const auto& kept = made.edits.kept();
  for (std::int64_t i = 0; i < audio.frames(); ++i) {
    const double power = audio.samples[i] * audio.samples[i];
    const auto at = static_cast<std::int64_t>(static_cast<double>(i) * ratio);
    all += power;
    if (std::ranges::none_of(kept, [&](const FrameRange& range) { return at >= range.from && at < range.to; }))
      removed += power;
  }
  EXPECT_LT(removed / all, 1e-4);  // 40 dB below: the noise
}

TEST_F(RecordingStrangers, AReaderOfBooksBecomesAnEpisode) {
  const std::string folder = "/usr/share/pocketsphinx/test/data/librivox";
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".wav") files.push_back(entry.path());
  std::ranges::sort(files);
  ASSERT_GE(files.size(), 3u);
  Pcm audio{16000, 1, {}};
  for (const std::string& file : files) signals::append(audio, decode_audio(strangers::load(file)));
  const Processed made = process(recorded(audio));
  EXPECT_LT(made.noise_floor, -40);
  expect_same_loudness(made);
  expect_flawless(made);
  EXPECT_LT(made.silence_removed, 0.2 * audio.seconds());
}

}  // namespace
}  // namespace odeon::media
