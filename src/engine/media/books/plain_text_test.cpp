#include "engine/media/books/plain_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.hpp"

namespace odeon::books {
namespace {

TEST(PlainText, KeepsWordsAndDropsWhatIsNoText) {
  struct Case {
    std::string_view given, expected;
  };
  for (const auto& [given, expected] :
       std::initializer_list<Case>{{"  Íñigo\t y\r\n el dragón ", "Íñigo y el dragón"},
                                   {std::string_view("a\0b\x01\x7F"
                                                     "c",
                                                     6),
                                    "abc"},
                                   {"a\xC2\x85"
                                    "b\xE2\x80\xA8"
                                    "c",
                                    "a b c"},  // other line breaks
                                   {"a\xC2\x9F"
                                    "b\xEF\xBB\xBF"
                                    "c",
                                    "abc"},  // C1, a byte order mark
                                   {"\xE2\x80\xAE"
                                    "abc\xE2\x80\xAC\xE2\x81\xA7"
                                    "d",
                                    "abcd"},  // right-to-left override and its end, an isolate
                                   {"\xE2\x80\x8Fשלום", "\xE2\x80\x8Fשלום"},  // a mark is no override
                                   {"a\xEF\xBF\xBF\xEF\xBF\xBE\xEF\xB7\x90"
                                    "b\xF4\x8F\xBF\xBF",
                                    "ab"},  // noncharacters
                                   {"a\xED\xA0\x80"
                                    "b",
                                    "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
                                    "b"},  // a surrogate is ill-formed
                                   {"👩‍👩‍👧‍👦 <b>&amp;", "👩‍👩‍👧‍👦 <b>&amp;"},
                                   {"", ""}})
    EXPECT_EQ(plain_text(given), expected) << given;
}

RC_GTEST_PROP(PlainTextProperty, IsPlainWhateverComes, (const std::string& bytes)) {
  const std::string plain = plain_text(bytes);
  RC_ASSERT(text::is_utf8(plain));
  RC_ASSERT(std::ranges::none_of(plain, [](unsigned char c) { return c < 0x20 || c == 0x7F; }));
  RC_ASSERT(plain_text(plain) == plain);
}

RC_GTEST_PROP(PlainTextProperty, WhatXmlForbidsIsGone, (const std::vector<std::uint32_t>& numbers)) {
  std::string given;
  for (const std::uint32_t number : numbers) text::append_code_point(given, number % 0x11'0000);
  for (std::uint32_t kind : {0xFFFEu, 0xFFFFu, 0x202Eu, 0x2066u}) text::append_code_point(given, kind);
  const std::string plain = plain_text(given);
  for (const std::string_view bad : {"\xEF\xBF\xBE", "\xEF\xBF\xBF", "\xE2\x80\xAE", "\xE2\x81\xA6"})
    RC_ASSERT(plain.find(bad) == plain.npos);
}

}  // namespace
}  // namespace odeon::books
