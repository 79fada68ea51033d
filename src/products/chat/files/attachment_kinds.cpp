#include "products/chat/files/attachment_kinds.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"

namespace odeon::chat {
namespace {

using namespace std::string_view_literals;

struct Kind {
  std::string_view media_type, extension;
};
constexpr auto kPictures = std::to_array<Kind>(
    {{"image/png", ".png"}, {"image/jpeg", ".jpg"}, {"image/webp", ".webp"}, {"image/gif", ".gif"}});
// Whatever else can be read (code, for instance) is plain text.
constexpr auto kTexts = std::to_array<Kind>(
    {{"text/plain", ".txt"}, {"text/markdown", ".md"}, {"text/csv", ".csv"}, {"application/json", ".json"}});

constexpr std::size_t kLongestFileName = 200;

bool begins(std::string_view bytes, std::string_view with, std::size_t at = 0) {
  return bytes.size() >= at + with.size() && bytes.substr(at, with.size()) == with;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

// It says itself that it is no text.
bool is_no_text(std::string_view declared) {
  return std::ranges::any_of(std::to_array({"image/"sv, "audio/"sv, "video/"sv, "font/"sv, "application/pdf"sv}),
                             [&](std::string_view kind) { return declared.starts_with(kind); });
}

Error invalid_file(std::string code, std::string message) {
  return Error(Fault::invalid, code, message).with_fields({{"file", code, message}});
}

Error unsupported() {
  return invalid_file("UNSUPPORTED_FILE",
                      "This is not a file that can be attached. Pictures can (PNG, JPEG, WebP, GIF), and texts in "
                      "UTF-8: plain, Markdown, CSV, JSON, code.");
}

void check_size(std::string_view bytes, std::int64_t largest, std::string_view what) {
  if (std::ssize(bytes) > largest)
    throw Error(Fault::too_large, "FILE_TOO_LARGE",
                fmt::format("A {} that is attached may have {} MB.", what, largest >> 20));
}

std::string text_type(std::string_view declared, std::string_view name) {
  const auto found = std::ranges::find_if(kTexts, [&](const Kind& kind) { return declared == kind.media_type; });
  if (found != kTexts.end() && found != kTexts.begin()) return std::string(found->media_type);
  const auto dot = name.rfind('.');
  const std::string ending = dot == std::string_view::npos ? "" : text::to_lower(name.substr(dot));
  const auto named = std::ranges::find(kTexts, ending, &Kind::extension);
  return std::string(named != kTexts.end() ? named->media_type : kTexts.front().media_type);
}

}  // namespace

bool is_picture(std::string_view media_type) {
  return std::ranges::find(kPictures, media_type, &Kind::media_type) != kPictures.end();
}

std::optional<std::string> picture_type(std::string_view bytes) {
  if (begins(bytes, "\x89PNG\r\n\x1A\n"sv)) return "image/png";
  if (begins(bytes, "\xFF\xD8\xFF"sv)) return "image/jpeg";
  if (begins(bytes, "RIFF"sv) && begins(bytes, "WEBP"sv, 8)) return "image/webp";
  if (begins(bytes, "GIF87a"sv) || begins(bytes, "GIF89a"sv)) return "image/gif";
  return std::nullopt;
}

bool is_readable(std::string_view bytes) {
  return text::is_utf8(bytes) && std::ranges::none_of(bytes, [](char c) {
           return is_control(c) && c != '\t' && c != '\n' && c != '\r' && c != '\f';
         });
}

std::string kind_of(std::string_view bytes, std::string_view declared, std::string_view name) {
  if (bytes.empty()) throw invalid_file("EMPTY_FILE", "There is nothing in this file.");
  if (auto picture = picture_type(bytes)) {
    check_size(bytes, kLargestPicture, "picture");
    return std::move(*picture);
  }
  const std::string type = text::to_lower(text::trim(declared.substr(0, declared.find(';'))));
  if (is_no_text(type)) throw unsupported();
  check_size(bytes, kLargestText, "text");
  if (!is_readable(bytes)) throw unsupported();
  return text_type(type, name);
}

std::string shown_name(std::string_view name) {
  if (const auto slash = name.find_last_of("/\\"); slash != std::string_view::npos) name.remove_prefix(slash + 1);
  std::string shown = text::to_valid_utf8(name);
  std::ranges::replace_if(shown, is_control, ' ');
  shown = text::prefix(text::collapse_spaces(shown), kLongestFileName);
  return shown.find_first_not_of(". ") == std::string::npos ? "file" : shown;
}

std::string_view extension_of(std::string_view media_type) {
  for (const auto& kind : kPictures)
    if (kind.media_type == media_type) return kind.extension;
  for (const auto& kind : kTexts)
    if (kind.media_type == media_type) return kind.extension;
  return "";
}

}  // namespace odeon::chat
