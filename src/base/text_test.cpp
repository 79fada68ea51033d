#include "base/text.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

namespace odeon::text {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

const std::string kReplacement = "\xEF\xBF\xBD";

TEST(Utf8, knows_well_formed_text) {
  for (const char* good : {"", "plain", "ümlaut", "日本", "🎧", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF4\x8F\xBF\xBF"})
    EXPECT_TRUE(is_utf8(good)) << good;
  for (const char* bad : {"\x80", "\xC3", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
                          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "a\xE2\x82"})
    EXPECT_FALSE(is_utf8(bad));
}

// The examples of the Unicode standard, §3.9, tables 3-8 to 3-11.
TEST(Utf8, replaces_each_maximal_ill_formed_part) {
  const auto marks = [](int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += kReplacement;
    return out;
  };
  EXPECT_EQ(to_valid_utf8("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"), marks(8) + "A");
  EXPECT_EQ(to_valid_utf8("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"), marks(8) + "A");
  EXPECT_EQ(to_valid_utf8("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"), marks(5) + "A" + marks(2) + "B");
  EXPECT_EQ(to_valid_utf8("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), marks(4) + "A");
}

TEST(Utf8, counts_and_cuts_code_points) {
  EXPECT_EQ(length("aü日🎧"), 4U);
  EXPECT_EQ(prefix("aü日🎧", 3), "aü日");
  EXPECT_EQ(prefix("aü", 0), "");
  EXPECT_EQ(prefix("aü", 9), "aü");
}

RC_GTEST_PROP(Utf8, any_bytes_become_valid_and_valid_ones_stay, (const std::string& bytes)) {
  const std::string valid = to_valid_utf8(bytes);
  RC_ASSERT(is_utf8(valid));
  RC_ASSERT(is_utf8("what is plain, and more of it: " + bytes) == is_utf8(bytes));
  RC_ASSERT(is_utf8(bytes) == (valid == bytes));
  RC_ASSERT(to_valid_utf8(valid) == valid);
}

RC_GTEST_PROP(Utf8, code_points_are_counted_as_they_were_written, ()) {
  const auto points = *rc::gen::container<std::vector<char32_t>>(rc::gen::inRange<char32_t>(0, 0x120000));
  std::string text;
  for (const char32_t point : points) append_code_point(text, point);
  RC_ASSERT(is_utf8(text));
  RC_ASSERT(length(text) == points.size());
  const auto cut = *rc::gen::inRange<std::size_t>(0, points.size() + 1);
  RC_ASSERT(length(prefix(text, cut)) == cut);
  RC_ASSERT(is_utf8(text.substr(prefix(text, cut).size())));
}

TEST(Text, trims_splits_and_joins) {
  EXPECT_EQ(trim(" \t\r\n a b \v\f"), "a b");
  EXPECT_EQ(trim(" \n "), "");
  EXPECT_THAT(split("a,,b,", ','), ElementsAre("a", "", "b", ""));
  EXPECT_THAT(split("", ','), ElementsAre(""));
  EXPECT_EQ(join({"a", "b", "c"}, ", "), "a, b, c");
  EXPECT_EQ(join({}, ", "), "");
}

RC_GTEST_PROP(Text, joining_undoes_splitting, (const std::string& text)) {
  const auto views = split(text, 'a');
  RC_ASSERT(join(std::vector<std::string>(views.begin(), views.end()), "a") == text);
}

TEST(Text, replaces_without_looking_at_what_it_put_in) {
  EXPECT_EQ(replace_all("aaa", "a", "aa"), "aaaaaa");
  EXPECT_EQ(replace_all("abab", "ab", ""), "");
  EXPECT_EQ(replace_all("abc", "", "x"), "abc");
}

TEST(Text, compares_ascii_without_case) {
  EXPECT_EQ(to_lower("ÄBC-Z"), "Äbc-z");
  EXPECT_EQ(to_upper("äbc-z"), "äBC-Z");
  EXPECT_TRUE(equals_ignoring_case("Content-Type", "content-type"));
  EXPECT_FALSE(equals_ignoring_case("a", "ab"));
}

RC_GTEST_PROP(Text, compares_each_byte_without_case, (std::string text)) {
  std::string other = to_upper(text);
  RC_ASSERT(equals_ignoring_case(text, other));
  if (text.empty()) return;
  // Byte by byte, what differs in case is a letter: neither '@' and '`' nor '[' and '{' are one.
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
  const auto changed = *rc::gen::element(' ', '\x01', '\x80');
  text[at] = *rc::gen::elementOf(std::string("@AZ[`az{\xC1\xDA\x7F"));
  other = text;
  other[at] = static_cast<char>(other[at] ^ changed);
  RC_ASSERT(equals_ignoring_case(text, other) == (to_lower(text) == to_lower(other)));
}

RC_GTEST_PROP(Text, has_controls_wherever_they_stand, (const std::string& more)) {
  const auto is_control = [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; };
  std::string text = "what is plain" + more;
  RC_ASSERT(has_control(text) == std::ranges::any_of(text, is_control));
  RC_ASSERT(has_control(more) == std::ranges::any_of(more, is_control));
  std::erase_if(text, is_control);
  RC_ASSERT(!has_control(text));
  text[*rc::gen::inRange<std::size_t>(0, text.size())] = *rc::gen::elementOf(std::string("\x1F\x7F\x01\t"));
  RC_ASSERT(has_control(text));
}

TEST(Text, collapses_spaces) {
  EXPECT_EQ(collapse_spaces("  a \n\t b  "), "a b");
  EXPECT_EQ(collapse_spaces(" \n"), "");
}

TEST(Text, escapes_html) {
  EXPECT_EQ(escape_html("<a href=\"x\">Tom & 'Ann'</a>"),
            "&lt;a href=&quot;x&quot;&gt;Tom &amp; &#39;Ann&#39;&lt;/a&gt;");
}

TEST(Percent, escapes_all_but_unreserved_characters) {
  EXPECT_EQ(percent_encode("aZ09-._~ /ü"), "aZ09-._~%20%2F%C3%BC");
  EXPECT_THAT(percent_decode("a%2fb%C3%BC+"), Optional(std::string("a/bü+")));
  EXPECT_THAT(percent_decode("a+b", true), Optional(std::string("a b")));
  for (const char* broken : {"%", "%4", "a%", "%g0", "%0g", "% 1"}) EXPECT_EQ(percent_decode(broken), std::nullopt);
}

RC_GTEST_PROP(Percent, decoding_undoes_encoding, (const std::string& bytes, bool plus)) {
  RC_ASSERT(percent_decode(percent_encode(bytes), plus) == std::optional(bytes));
}

RC_GTEST_PROP(Percent, decoding_survives_any_text, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::element('%', '4', 'f', 'g', '+'));
  const auto decoded = percent_decode(text);
  RC_ASSERT((!decoded || decoded->size() <= text.size()));
}

}  // namespace
}  // namespace odeon::text
