#include "products/podcasts/texts/captions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdio>
#include <fstream>

#include "testing/scratch.hpp"

namespace odeon::podcasts {
namespace {

TimedTranscript spoken(const std::vector<std::string>& words) {
  std::vector<ai::Spoken> timed;
  for (const auto& word : words) {
    const double at = static_cast<double>(timed.size()) * 0.4;
    timed.push_back({word, at, at + 0.35});
  }
  return TimedTranscript::of(timed, "en", "test");
}

const auto kTalk = spoken({"Welcome", "to", "<Morning>", "&", "noon,", "where", "nobody", "--", "truly", "nobody", "--",
                           "gets", "up", "before", "ten.", "Ever!"});

TEST(Captions, AreWrittenAsWebVtt) {
  EXPECT_EQ(write_vtt(kTalk),
            "WEBVTT\n\n"
            "00:00:00.000 --> 00:00:04.750\n"
            "Welcome to &lt;Morning&gt; &amp; noon, where nobody -- truly nobody -- gets\n\n"
            "00:00:04.800 --> 00:00:05.950\nup before ten.\n\n"
            "00:00:06.000 --> 00:00:06.350\nEver!\n\n");
}

TEST(Captions, AreWrittenAsSubRip) {
  EXPECT_EQ(write_srt(kTalk),
            "1\n00:00:00,000 --> 00:00:04,350\nWelcome to ‹Morning› & noon,\nwhere nobody -- truly nobody --\n\n"
            "2\n00:00:04,400 --> 00:00:05,950\ngets up before ten.\n\n"
            "3\n00:00:06,000 --> 00:00:06,350\nEver!\n\n");
}

TEST(Captions, AreWrittenAsJson) {
  EXPECT_EQ(write_transcript_json(spoken({"Yes.", "No."})),
            R"({"version":"1.0.0","segments":[{"startTime":0,"endTime":0.35,"body":"Yes."},)"
            R"({"startTime":0.4,"endTime":0.75,"body":"No."}]})");
}

// Whatever is said: nothing is lost, no line is too long, none stands before the one before it.
RC_GTEST_PROP(Captions, KeepTheirLimits, ()) {
  const auto words = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "a", "little.", "unverh\u00E4ltnism\u00E4\u00DFig", "\u4F60\u597D", std::string(50, 'x'),
      "Donaudampfschifffahrtsgesellschaftskapit\u00E4nsm\u00FCtze"));
  const CaptionLimits limits{.lines = *rc::gen::inRange<std::size_t>(1, 4),
                             .width = *rc::gen::inRange<std::size_t>(8, 70)};
  std::string said, shown;
  for (const auto& word : words) said += word;
  double last = -1;
  for (const auto& caption : captions(spoken(words), limits)) {
    RC_ASSERT(caption.end > caption.start && caption.start >= last);
    RC_ASSERT(!caption.lines.empty() && caption.lines.size() <= limits.lines);
    last = caption.start;
    for (const auto& line : caption.lines) {
      RC_ASSERT(!line.empty() && text::is_utf8(line) && text::length(line) <= limits.width);
      shown += text::replace_all(line, " ", "");
    }
  }
  RC_ASSERT(shown == said);
}

// As Debian's python3-webvtt reads them.
TEST(Captions, AreReadByAStranger) {
  testing::ScratchFolder folder;
  const std::string vtt = folder / "a.vtt", srt = folder / "a.srt";
  std::ofstream(vtt) << write_vtt(kTalk);
  std::ofstream(srt) << write_srt(kTalk);
  const std::string command =
      "/usr/bin/python3 -c 'import webvtt, html, sys\n"
      "for c in list(webvtt.read(sys.argv[1])) + list(webvtt.from_srt(sys.argv[2])):\n"
      "  print(c.start, c.end, html.unescape(c.text.replace(chr(10), chr(124))), sep=chr(9))' " +
      vtt + " " + srt;
  FILE* pipe = popen(command.c_str(), "r");
  std::string output;
  for (int c; (c = std::fgetc(pipe)) != EOF;) output += static_cast<char>(c);
  EXPECT_EQ(pclose(pipe), 0);
  EXPECT_EQ(output,
            "00:00:00.000\t00:00:04.750\tWelcome to <Morning> & noon, where nobody -- truly nobody -- gets\n"
            "00:00:04.800\t00:00:05.950\tup before ten.\n"
            "00:00:06.000\t00:00:06.350\tEver!\n"
            "00:00:00.000\t00:00:04.350\tWelcome to ‹Morning› & noon,|where nobody -- truly nobody --\n"
            "00:00:04.400\t00:00:05.950\tgets up before ten.\n"
            "00:00:06.000\t00:00:06.350\tEver!\n");
}

}  // namespace
}  // namespace odeon::podcasts
