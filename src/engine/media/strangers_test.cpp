// What ffmpeg, ffprobe and espeak-ng say about our files.
#include "engine/media/strangers_test.hpp"

#include <boost/json.hpp>

#include "engine/media/program.hpp"
#include "engine/media/test_signals.hpp"

namespace odeon::media {
namespace {

namespace bj = boost::json;

// The number that follows `label` for the last time.
double after(const std::string& text, const std::string& label) {
  const auto at = text.rfind(label);
  EXPECT_NE(at, std::string::npos) << label << " in\n" << text;
  return at == std::string::npos ? 0 : std::stod(text.substr(at + label.size()));
}

class Strangers : public ::testing::Test {
 protected:
  std::string save(const Produced& made) {
    const std::string path = folder_ / "programme.mp3";
    strangers::save(path, made.mp3);
    return path;
  }

  // ffmpeg's own meter over ffmpeg's own decoder.
  void expect_same_loudness(const Produced& made) {
    const std::string read = strangers::run(
        {"ffmpeg", "-hide_banner", "-nostats", "-i", save(made), "-af", "ebur128=peak=true", "-f", "null", "-"});
    EXPECT_NEAR(after(read, "I: "), made.loudness, 0.15);
    EXPECT_NEAR(after(read, "I: "), -16, 0.2);
    EXPECT_NEAR(after(read, "Peak: "), made.true_peak, 0.35);
    EXPECT_LE(after(read, "Peak: "), -1.5);
  }

  bj::object probe(const Produced& made) {
    return bj::parse(strangers::run({"ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_chapters",
                                     "-show_streams", save(made)}))
        .as_object();
  }

  Pcm spoken(const std::string& text, const std::string& voice) {
    const std::string path = folder_ / "spoken.wav";
    strangers::run({"espeak-ng", "-v", voice, "-w", path, text});
    return decode_audio(strangers::load(path));
  }

  testing::ScratchFolder folder_;
};

std::vector<Segment> briefing() {
  std::vector<Segment> segments = {{chime(2, 44100), natural_pause(Boundary::section), "", "opening"}};
  for (std::uint32_t i = 0; i < 6; ++i)
    segments.push_back({signals::speech(3.3, i + 1), natural_pause(i == 2 ? Boundary::paragraph : Boundary::sentence),
                        i == 0   ? "Stocks & bonds"
                        : i == 3 ? "Öl und Gas"
                                 : "",
                        ""});
  segments.push_back({chime(2, 44100), 0, "", "closing"});
  return segments;
}

TEST_F(Strangers, MeasureTheLoudnessThatWeSay) {
  for (const int bitrate : {64'000, 96'000, 128'000}) {
    SCOPED_TRACE(bitrate);
    expect_same_loudness(produce(briefing(), {.bitrate = bitrate}));
  }
  expect_same_loudness(produce(briefing(), {.channels = 2, .bitrate = 128'000}));
}

TEST_F(Strangers, MeasureTheSameOfASyntheticVoice) {
  std::vector<Segment> segments;
  for (const char* text : {"Stocks closed higher on Tuesday, as investors weighed fresh inflation data.",
                           "The index rose zero point six percent, to a record.",
                           "Oil slipped below seventy dollars a barrel. Why? Nobody knows."})
    segments.push_back({spoken(text, "en"), natural_pause(Boundary::sentence), "", ""});
  segments.push_back({spoken("Guten Morgen aus Frankfurt.", "de"), 0, "", ""});
  expect_same_loudness(produce(segments, {}));
  expect_same_loudness(produce(segments, {.bitrate = 96'000}));
}

TEST_F(Strangers, ReadTheTagsAndTheChapters) {
  const Produced made = produce(briefing(), {.tags = {.title = "Märkte — Morgen",
                                                      .artist = "Odeon",
                                                      .album = "Briefings",
                                                      .comment = "Made by machine",
                                                      .language = "de",
                                                      .date = "2026-11-20T07:30:00Z"}});
  const bj::object read = probe(made);
  const bj::object& tags = read.at("format").at("tags").as_object();
  EXPECT_EQ(tags.at("title"), "Märkte — Morgen");
  EXPECT_EQ(tags.at("artist"), "Odeon");
  EXPECT_EQ(tags.at("album"), "Briefings");
  EXPECT_EQ(tags.at("comment"), "Made by machine");
  EXPECT_EQ(tags.at("date"), "2026-11-20T07:30:00");
  EXPECT_EQ(tags.at("language"), "deu");

  const bj::array& chapters = read.at("chapters").as_array();
  ASSERT_EQ(chapters.size(), made.chapters.size());
  for (std::size_t i = 0; i < chapters.size(); ++i) {
    EXPECT_EQ(chapters[i].at("tags").at("title").as_string(), made.chapters[i].title);
    EXPECT_NEAR(std::stod(chapters[i].at("start_time").as_string().c_str()), made.chapters[i].start, 0.0006);
    EXPECT_NEAR(std::stod(chapters[i].at("end_time").as_string().c_str()), made.chapters[i].end, 0.0006);
  }
}

TEST_F(Strangers, DecodeExactlyOurDurationWithoutAComplaint) {
  for (const double seconds : {0.2, 1.0, 3.21, 12.5}) {
    const Produced made = produce({{signals::speech(seconds, 6), 0, "", ""}}, {});
    const std::string raw = folder_ / "raw.f32";
    EXPECT_EQ(strangers::run({"ffmpeg", "-v", "warning", "-xerror", "-y", "-i", save(made), "-f", "f32le", raw}), "");
    EXPECT_EQ(std::filesystem::file_size(raw), 4u * std::llround(made.duration * 44100)) << seconds;
    const bj::object format = probe(made).at("format").as_object();
    // The container's figure counts whole frames with their padding.
    EXPECT_NEAR(std::stod(format.at("duration").as_string().c_str()), made.duration, 0.06) << seconds;
    EXPECT_EQ(format.at("format_name"), "mp3");
  }
}

}  // namespace
}  // namespace odeon::media
