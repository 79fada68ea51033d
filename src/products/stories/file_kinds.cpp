#include "products/stories/file_kinds.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "engine/media/pictures/decode.hpp"
#include "engine/media/pictures/encode.hpp"
#include "engine/media/recording.hpp"

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
constexpr double kLongestFile = 7200, kLongestSound = 3600;  // seconds

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
    media::AudioReader reader(source, {.max_seconds = kLongestFile});
    if (reader.read(piece)) return;
  } catch (const Error& fault) {
    if (fault.fault != Fault::invalid) throw;
  }
  throw content_mismatch(media_type);
}

// To its end: what a file says of its length may be a lie.
double seconds_in(std::string_view mp3) {
  media::MemorySource source(mp3);
  media::AudioReader reader(source, {.max_seconds = kLongestSound});
  std::vector<float> piece;
  while (reader.read(piece)) {
  }
  return reader.seconds();
}

class InMemory final : public media::RecordingOutput {
 public:
  void begin(std::int64_t bytes) override { file.reserve(static_cast<std::size_t>(bytes)); }
  void write(std::span<const char> bytes) override { file.append(bytes.data(), bytes.size()); }
  std::string file;
};

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

const FileKind* kind_of_content(std::string_view bytes) {
  for (const auto& kind : kFileKinds)
    if (kind.is_sound && begins_as(bytes, kind.media_type)) return &kind;
  try {
    return find_file_kind(pictures::content_type(pictures::inspect(bytes).format));
  } catch (const Error&) {
    return nullptr;
  }
}

std::string kept_content(std::string bytes, std::string_view media_type) {
  if (!find_file_kind(media_type)->is_sound) return picture_kept(bytes, media_type);
  check_sound(bytes, media_type);
  return bytes;
}

StorySound story_sound(std::string bytes, std::string_view media_type, std::string_view title) {
  check_sound(bytes, media_type);
  if (media_type == "audio/mpeg") {
    const double seconds = seconds_in(bytes);
    return {std::move(bytes), seconds};
  }
  media::MemorySource source(bytes);
  InMemory made;
  const auto processed = media::process_recording(source,
                                                  {.noise_reduction = std::nullopt,
                                                   .silences = std::nullopt,
                                                   .fades = std::nullopt,
                                                   .tags = {.title = std::string(title)},
                                                   .max_seconds = kLongestSound},
                                                  made);
  return {std::move(made.file), processed.duration};
}

}  // namespace odeon::stories
