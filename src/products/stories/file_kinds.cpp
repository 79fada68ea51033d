#include "products/stories/file_kinds.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "engine/media/audio_reader.hpp"
#include "engine/media/pictures/decode.hpp"
#include "engine/media/pictures/encode.hpp"

namespace odeon::stories {
namespace {

constexpr auto kFileKinds = std::to_array<FileKind>({{"image/png", "png", false},
                                                     {"image/jpeg", "jpg", false},
                                                     {"image/webp", "webp", false},
                                                     {"audio/mpeg", "mp3", true},
                                                     {"audio/mp4", "m4a", true},
                                                     {"audio/wav", "wav", true},
                                                     {"audio/ogg", "ogg", true},
                                                     {"audio/webm", "webm", true}});

struct OtherName {
  std::string_view name, media_type;
};
constexpr auto kOtherNames = std::to_array<OtherName>({{"image/jpg", "image/jpeg"},
                                                       {"audio/mp3", "audio/mpeg"},
                                                       {"audio/m4a", "audio/mp4"},
                                                       {"audio/x-m4a", "audio/mp4"},
                                                       {"audio/x-wav", "audio/wav"},
                                                       {"audio/wave", "audio/wav"}});

// A picture of an app is no poster: what is larger is not kept.
constexpr pictures::Limits kPictureLimits{.bytes = 10 * 1024 * 1024, .side = 8192, .pixels = 30'000'000};

Error content_mismatch(std::string_view media_type) {
  return Error(Fault::invalid, "CONTENT_MISMATCH",
               fmt::format("What was uploaded is no {} that can be read.", media_type));
}

// By what a file of that kind begins with.
bool begins_as(std::string_view bytes, std::string_view media_type) {
  const auto at = [&](std::size_t offset, std::string_view wanted) {
    return bytes.size() >= offset && bytes.substr(offset).starts_with(wanted);
  };
  if (media_type == "audio/mpeg")
    return at(0, "ID3") ||
           (bytes.size() > 1 && bytes[0] == '\xFF' && (static_cast<unsigned char>(bytes[1]) & 0xE6) == 0xE2);
  if (media_type == "audio/mp4") return at(4, "ftyp");
  if (media_type == "audio/wav") return at(0, "RIFF") && at(8, "WAVE");
  if (media_type == "audio/ogg") return at(0, "OggS");
  return at(0, "\x1A\x45\xDF\xA3");  // Matroska, of which WebM is one
}

void check_sound(std::string_view bytes, std::string_view media_type) {
  if (!begins_as(bytes, media_type)) throw content_mismatch(media_type);
  media::MemorySource source(bytes);
  std::vector<float> piece;
  try {
    media::AudioReader reader(source, {.max_seconds = 7200});
    if (reader.read(piece)) return;
  } catch (const Error& fault) {
    if (fault.fault != Fault::invalid) throw;
  }
  throw content_mismatch(media_type);
}

std::string picture_kept(std::string_view bytes, std::string_view media_type) {
  try {
    if (pictures::content_type(pictures::inspect(bytes).format) == media_type)
      return pictures::encode(pictures::decode(bytes, {.limits = kPictureLimits}), pictures::Format::png);
  } catch (const Error& fault) {
    if (fault.code != "NOT_A_PICTURE") throw;
  }
  throw content_mismatch(media_type);
}

}  // namespace

const FileKind* find_file_kind(std::string_view media_type) {
  const std::string wanted = text::to_lower(text::trim(media_type.substr(0, media_type.find(';'))));
  const auto* other = std::ranges::find(kOtherNames, wanted, &OtherName::name);
  const auto* kind =
      std::ranges::find(kFileKinds, other == kOtherNames.end() ? wanted : other->media_type, &FileKind::media_type);
  return kind == kFileKinds.end() ? nullptr : kind;
}

std::string kept_content(std::string bytes, std::string_view media_type) {
  if (!find_file_kind(media_type)->is_sound) return picture_kept(bytes, media_type);
  check_sound(bytes, media_type);
  return bytes;
}

}  // namespace odeon::stories
