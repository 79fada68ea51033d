#include "products/chat/files/attachment_kinds.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/error.hpp"
#include "base/text.hpp"

namespace odeon::chat {
namespace {

using namespace std::string_literals;

const std::string kPng = "\x89PNG\r\n\x1A\n"s, kJpeg = "\xFF\xD8\xFF\xE0"s, kGif = "GIF89a"s,
                  kWebp = "RIFF\x04\0\0\0WEBP"s;

TEST(AttachmentKinds, AreToldByTheBytes) {
  struct Case {
    std::string bytes, declared, name, kind;
  };
  for (const auto& [bytes, declared, name, kind] :
       {Case{kPng, "image/png", "a.png", "image/png"}, Case{kJpeg, "image/png", "lies.png", "image/jpeg"},
        Case{kGif, "text/plain", "a.txt", "image/gif"}, Case{kWebp, "", "a", "image/webp"},
        Case{"Hello.", "text/plain", "a.txt", "text/plain"}, Case{"# Hi", "", "READ.MD", "text/markdown"},
        Case{"a,b", "application/octet-stream", "t.csv", "text/csv"},
        Case{"a,b", "text/csv; charset=utf-8", "t", "text/csv"},
        Case{"{}", "application/json", "x", "application/json"},
        Case{"int main() {}", "text/x-c++", "main.cpp", "text/plain"},
        Case{"<script>alert(1)</script>", "text/html", "x.html", "text/plain"},
        Case{"Zeile\r\n\tmit Ümlaut", "", "", "text/plain"}})
    EXPECT_EQ(kind_of(bytes, declared, name), kind) << name;
}

TEST(AttachmentKinds, NothingElseIsTaken) {
  struct Case {
    std::string bytes, declared;
    const char* code;
  };
  const auto large = [](std::string begin, std::int64_t size) {
    begin.resize(static_cast<std::size_t>(size) + 1, 'x');
    return begin;
  };
  for (const auto& [bytes, declared, code] :
       {Case{"", "image/png", "EMPTY_FILE"}, Case{"", "", "EMPTY_FILE"},
        Case{"<html>", "image/png", "UNSUPPORTED_FILE"}, Case{"<svg/>", "image/svg+xml", "UNSUPPORTED_FILE"},
        Case{"%PDF-1.7", "application/pdf", "UNSUPPORTED_FILE"}, Case{"ID3", "audio/mpeg", "UNSUPPORTED_FILE"},
        Case{"a\0b"s, "text/plain", "UNSUPPORTED_FILE"},
        Case{"\x7F"
             "ELF",
             "", "UNSUPPORTED_FILE"},
        Case{"\xC3(", "text/plain", "UNSUPPORTED_FILE"}, Case{"\x89PN", "", "UNSUPPORTED_FILE"},
        Case{large(kPng, kLargestPicture), "image/png", "FILE_TOO_LARGE"},
        Case{large("x", kLargestText), "text/plain", "FILE_TOO_LARGE"}}) {
    try {
      kind_of(bytes, declared, "file");
      ADD_FAILURE() << declared << " was taken";
    } catch (const Error& error) {
      EXPECT_EQ(error.code, code) << declared;
    }
  }
}

TEST(AttachmentKinds, NamesAreNoPaths) {
  for (const auto& [name, expected] : {std::pair{"../../etc/passwd", "passwd"}, std::pair{"C:\\a\\b.txt", "b.txt"},
                                       std::pair{"..", "file"}, std::pair{"a/", "file"}, std::pair{"", "file"},
                                       std::pair{" a\r\nb\x01.txt ", "a b .txt"}, std::pair{"Übung.md", "Übung.md"}})
    EXPECT_EQ(shown_name(name), expected);
}

RC_GTEST_PROP(AttachmentNameProperty, AreOneLineOfText, ()) {
  const auto shown = shown_name(*rc::gen::arbitrary<std::string>());
  RC_ASSERT(!shown.empty() && text::is_utf8(shown) && text::length(shown) <= 200U);
  RC_ASSERT(shown.find_first_of("/\\\r\n\t") == std::string::npos);
}

RC_GTEST_PROP(AttachmentKindProperty, IsOneOfThoseThatAreToldOfOrNone, ()) {
  const auto bytes = *rc::gen::arbitrary<std::string>();
  try {
    const auto kind = kind_of(bytes, *rc::gen::element<std::string>("", "text/csv", "image/png"), "a.md");
    RC_ASSERT(!extension_of(kind).empty());
    RC_ASSERT(is_picture(kind) || is_readable(bytes));
  } catch (const Error& error) {
    RC_ASSERT(error.code == "EMPTY_FILE" || error.code == "UNSUPPORTED_FILE");
  }
}

}  // namespace
}  // namespace odeon::chat
