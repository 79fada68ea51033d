#include "engine/media/id3.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "base/error.hpp"
#include "base/text.hpp"

namespace odeon::media {
namespace {

using Frames = std::vector<std::pair<std::string, std::string>>;

std::size_t synchsafe(std::string_view bytes) {
  std::size_t size = 0;
  for (const char byte : bytes.substr(0, 4)) {
    EXPECT_EQ(byte & 0x80, 0);
    size = size << 7 | static_cast<unsigned char>(byte);
  }
  return size;
}

std::uint32_t number(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char byte : bytes.substr(0, 4)) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

// A reader of its own, by the standard: frames in order, sizes must fit exactly.
Frames read_frames(std::string_view bytes) {
  Frames frames;
  while (!bytes.empty()) {
    EXPECT_GE(bytes.size(), 10u);
    const std::size_t size = synchsafe(bytes.substr(4));
    EXPECT_LE(size + 10, bytes.size());
    frames.emplace_back(bytes.substr(0, 4), bytes.substr(10, size));
    bytes.remove_prefix(std::min(size + 10, bytes.size()));
  }
  return frames;
}

Frames read_tag(std::string_view tag) {
  EXPECT_EQ(tag.substr(0, 6), std::string_view("ID3\x04\0\0", 6));
  EXPECT_EQ(synchsafe(tag.substr(6)) + 10, tag.size());
  return read_frames(tag.substr(10));
}

std::string find(const Frames& frames, std::string_view id) {
  for (const auto& [name, body] : frames)
    if (name == id) return body;
  return "absent";
}

TEST(Id3Tag, HoldsTheTexts) {
  const Frames frames = read_tag(id3_tag({.title = "Märkte am Morgen",
                                          .artist = "Odeon",
                                          .album = "Briefings",
                                          .comment = "Made by machine",
                                          .language = "de-AT",
                                          .date = "2026-11-20T07:30:00Z"},
                                         {}, 12.3456));
  EXPECT_EQ(find(frames, "TIT2"), "\x03Märkte am Morgen");
  EXPECT_EQ(find(frames, "TPE1"), "\x03Odeon");
  EXPECT_EQ(find(frames, "TALB"),
            "\x03"
            "Briefings");
  EXPECT_EQ(find(frames, "TDRC"),
            "\x03"
            "2026-11-20T07:30:00");
  EXPECT_EQ(find(frames, "TLAN"),
            "\x03"
            "deu");
  EXPECT_EQ(find(frames, "TLEN"),
            "\x03"
            "12346");
  EXPECT_EQ(find(frames, "COMM"), std::string("\x03"
                                              "deu\0Made by machine",
                                              20));
  EXPECT_EQ(find(frames, "CTOC"), "absent");
}

TEST(Id3Tag, LeavesOutWhatIsNotKnown) {
  const Frames frames = read_tag(id3_tag({}, {}, 1));
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].first, "TLEN");
}

TEST(Id3Tag, TakesDatesOfAnyPrecisionAndRefusesOthers) {
  const auto date = [](std::string text) { return find(read_tag(id3_tag({.date = std::move(text)}, {}, 1)), "TDRC"); };
  EXPECT_EQ(date("2026"),
            "\x03"
            "2026");
  EXPECT_EQ(date("2026-11"),
            "\x03"
            "2026-11");
  EXPECT_EQ(date("2026-11-20"),
            "\x03"
            "2026-11-20");
  EXPECT_EQ(date("2026-11-20T09:30:00.250+02:00"),
            "\x03"
            "2026-11-20T07:30:00");
  for (const char* wrong : {"yesterday", "20-11-2026", "2026/11/20", "2026-1", "2026-11-20T25:00:00Z"})
    EXPECT_THROW(id3_tag({.date = wrong}, {}, 1), Error) << wrong;
}

TEST(Id3Tag, RefusesMoreChaptersThanATableHolds) {
  EXPECT_NO_THROW(id3_tag({}, std::vector<Chapter>(max_chapters), 1));
  EXPECT_THROW(id3_tag({}, std::vector<Chapter>(max_chapters + 1), 1), Error);
}

RC_GTEST_PROP(Id3Tag, ChaptersComeBackAsTheyWere, ()) {
  const auto titles = *rc::gen::resize(60, rc::gen::arbitrary<std::vector<std::string>>());
  std::vector<Chapter> chapters;
  double at = 0;
  for (const std::string& title : titles) {
    const double end = at + *rc::gen::inRange(0, 100'000) / 1000.0;
    chapters.push_back({title, at, end});
    at = end;
  }
  const Frames frames = read_tag(id3_tag({.title = "x"}, chapters, at));
  if (chapters.empty()) return;

  const std::string table = find(frames, "CTOC");
  RC_ASSERT(table.substr(0, 4) == std::string("toc\0", 4));
  RC_ASSERT(table[4] == 3);  // top level, ordered
  RC_ASSERT(static_cast<std::size_t>(static_cast<unsigned char>(table[5])) == chapters.size());
  std::string_view children = std::string_view(table).substr(6);
  std::size_t index = 0;
  for (const auto& [id, body] : frames) {
    if (id != "CHAP") continue;
    const std::string name = body.substr(0, body.find('\0'));
    RC_ASSERT(children.substr(0, children.find('\0')) == name);
    children.remove_prefix(name.size() + 1);
    const std::string_view rest = std::string_view(body).substr(name.size() + 1);
    RC_ASSERT(number(rest) == std::llround(chapters[index].start * 1000));
    RC_ASSERT(number(rest.substr(4)) == std::llround(chapters[index].end * 1000));
    RC_ASSERT(number(rest.substr(8)) == 0xffffffff && number(rest.substr(12)) == 0xffffffff);
    std::string title = text::to_valid_utf8(chapters[index].title);
    std::erase(title, '\0');
    const Frames inner = read_frames(rest.substr(16));
    RC_ASSERT(find(inner, "TIT2") == (title.empty() ? "absent" : "\x03" + title));
    ++index;
  }
  RC_ASSERT(index == chapters.size() && children.empty());
}

TEST(Id3Tag, HasNumberAndArtworkAndKnowsItsSize) {
  const std::string artwork = "\xff\xd8\xff a picture \0 of bytes";
  const std::string tag = id3_tag({.number = 12, .artwork = artwork}, {}, 60);
  EXPECT_NE(tag.find("TRCK" + std::string("\0\0\0\x03\0\0\x03", 7) + "12"), std::string::npos);
  EXPECT_NE(tag.find(std::string("image/jpeg\0\x03\0", 13) + artwork), std::string::npos);
  EXPECT_EQ(id3_size(tag.substr(0, 10)), tag.size());
  EXPECT_EQ(id3_size("ID3"), 0u);
  EXPECT_EQ(id3_size(std::string(10, '\xff')), 0u);
  EXPECT_EQ(id3_tag({}, {}, 60).find("TRCK"), std::string::npos);
}

TEST(Iso6392, ComesFromAnyTag) {
  const std::map<std::string, std::string> expected = {
      {"en", "eng"},   {"EN-us", "eng"}, {"de", "deu"},  {"zh-Hant-TW", "zho"}, {"zu", "zul"},
      {"af", "afr"},   {"fil", "fil"},   {"xx", "und"},  {"", "und"},           {"e", "und"},
      {"engl", "und"}, {"n ", "und"},    {"1a-x", "und"}};
  for (const auto& [tag, code] : expected) EXPECT_EQ(iso639_2(tag), code) << tag;
}

}  // namespace
}  // namespace odeon::media
