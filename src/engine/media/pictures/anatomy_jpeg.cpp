// JPEG's markers (ITU-T T.81, Annex B).
#include <map>

#include "engine/media/pictures/anatomy.hpp"

namespace odeon::pictures {
namespace {

constexpr unsigned kSos = 0xda, kEoi = 0xd9;

bool is_alone(unsigned marker) {
  return marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}

bool begins_frame(unsigned marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

struct Marker {
  std::size_t begin = 0;
  unsigned code = 0;
  std::string_view data;  // what follows its length
  std::size_t next = 0;   // where the one after it may begin
};

// The first marker at or after `at`, past whatever is in front of it: coded pixels, where 0xff is followed by zero, or
// bytes that should not be there.
std::optional<Marker> marker_from(std::string_view bytes, std::size_t at) {
  const Reader reader(bytes);
  while ((at = bytes.find('\xff', at)) != bytes.npos) {
    const auto code = reader.number(at + 1, 1);
    if (!code) return {};
    if (*code == 0xff) {
      ++at;
    } else if (*code == 0) {
      at += 2;
    } else if (is_alone(*code) || *code == kEoi) {
      return Marker{at, *code, {}, at + 2};
    } else {
      const auto length = reader.number(at + 2, 2);
      if (!length || *length < 2) return {};
      return Marker{at, *code, bytes.substr(at + 4, *length - 2), at + 2 + *length};
    }
  }
  return {};
}

void read_frame(Anatomy& out, std::string_view data) {
  const Reader reader(data);
  const auto components = reader.number(5, 1);
  if (!components) throw damaged("SOF is too short");
  if (*components != 1 && *components != 3 && *components != 4) throw damaged("components of JPEG");
  if (reader.number(0, 1) != 8)
    throw Error(Fault::invalid, "PICTURE_UNSUPPORTED", "JPEG pictures of other than 8 bits are not supported.");
  out.info.height = static_cast<int>(*reader.number(1, 2));
  out.info.width = static_cast<int>(*reader.number(3, 2));
  out.info.model = *components == 1 ? ColourModel::grey : *components == 4 ? ColourModel::cmyk : ColourModel::rgb;
}

}  // namespace

Anatomy dissect_jpeg(std::string_view bytes) {
  Anatomy out{.info = {Format::jpeg, 0, 0}};
  std::map<unsigned, std::string_view> profile;  // by the numbers of its parts
  constexpr std::string_view kExif("Exif\0\0", 6), kProfile("ICC_PROFILE\0", 12);
  std::size_t expected = 2;
  for (auto at = marker_from(bytes, 2); at && at->code != kSos && at->code != kEoi; at = marker_from(bytes, at->next)) {
    out.is_tight &= at->begin == std::exchange(expected, at->next);
    if (begins_frame(at->code) && out.info.width == 0) read_frame(out, at->data);
    if (at->code == 0xe1 && at->data.starts_with(kExif)) out.orientation = exif_orientation(at->data.substr(6));
    if (at->code == 0xe2 && at->data.starts_with(kProfile) && at->data.size() > 14)
      profile[static_cast<unsigned char>(at->data[12])] = at->data.substr(14);
    if (at->code == 0xee && at->data.starts_with("Adobe")) out.is_inverted = true;
  }
  if (out.info.width == 0 || out.info.height == 0) throw damaged("no size in JPEG");
  for (const auto& [number, part] : profile) out.profile += part;
  out.info.has_profile = !out.profile.empty();
  return out;
}

std::optional<int> scans_of_jpeg(std::string_view bytes) {
  int scans = 0;
  for (auto at = marker_from(bytes, 2); at; at = marker_from(bytes, at->next)) {
    if (at->code == kEoi) return scans;
    if (at->code == kSos) ++scans;
  }
  return {};
}

}  // namespace odeon::pictures
