#include "products/podcasts/intake/media_types.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "products/podcasts/faults.hpp"

namespace odeon::podcasts {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kExtensions{{
    {"audio/webm", ".webm"},
    {"video/webm", ".webm"},
    {"audio/ogg", ".ogg"},
    {"application/ogg", ".ogg"},
    {"audio/mpeg", ".mp3"},
    {"audio/mp4", ".m4a"},
    {"audio/x-m4a", ".m4a"},
    {"video/mp4", ".mp4"},
    {"audio/aac", ".aac"},
    {"audio/wav", ".wav"},
    {"audio/x-wav", ".wav"},
    {"audio/flac", ".flac"},
    {"audio/x-flac", ".flac"},
}};

// Without parameters, in lower case. Empty if it is none.
std::string bare_type(std::string_view written) {
  std::string type = text::to_lower(text::trim(written.substr(0, written.find(';'))));
  const bool is_token = std::ranges::all_of(
      type, [](unsigned char c) { return std::isalnum(c) != 0 || c == '/' || c == '-' || c == '+' || c == '.'; });
  return is_token && std::ranges::count(type, '/') == 1 ? type : "";
}

bool may_sound(std::string_view type) {
  return type.starts_with("audio/") || type.starts_with("video/") || type == "application/ogg";
}

}  // namespace

std::string media_type_of(std::string field, std::string_view written) {
  std::string type = bare_type(written);
  if (!may_sound(type)) throw fault_at(std::move(field), "This must be a type of sound: “audio/webm”.");
  return type;
}

std::string loose_media_type(std::string_view written) {
  std::string type = bare_type(written);
  return may_sound(type) ? type : "application/octet-stream";
}

std::string_view extension_of(std::string_view media_type) {
  const auto found = std::ranges::find(kExtensions, media_type, &std::pair<std::string_view, std::string_view>::first);
  return found == kExtensions.end() ? "" : found->second;
}

}  // namespace odeon::podcasts
