#include "products/stories/import/unpacking.hpp"

#include "base/error.hpp"
#include "products/stories/file_kinds.hpp"
#include "products/stories/files.hpp"
#include "products/stories/portrait_colours.hpp"

namespace odeon::stories {
namespace {

// What macOS adds to a ZIP is nothing of the library.
bool is_manifest(std::string_view name) {
  const auto slash = name.rfind('/');
  return name.substr(slash + 1) == kLibraryName && !name.starts_with("__MACOSX/");
}

}  // namespace

ReadLibrary library_in(const media::ScratchFile& file) {
  ZipReader zip(file);
  while (const auto name = zip.next())
    if (is_manifest(*name))
      return {read_library(zip.read(kLargestManifest)), name->substr(0, name->size() - kLibraryName.size())};
  throw Error(Fault::invalid, "NO_LIBRARY", "There is no library.json in the ZIP.");
}

std::optional<FoundFile> next_wanted(ZipReader& zip, std::string_view folder, const std::set<std::string>& wanted) {
  try {
    while (const auto name = zip.next()) {
      if (!name->starts_with(folder) || !wanted.contains(name->substr(folder.size()))) continue;
      FoundFile found{.path = name->substr(folder.size())};
      try {
        found.bytes = zip.read(static_cast<std::size_t>(kLargestSound));
      } catch (const Error& fault) {
        found.fault = fault.message;
      }
      return found;
    }
  } catch (const Error& fault) {
    if (fault.fault != Fault::invalid) throw;
  }
  return std::nullopt;
}

KeptFile kept_file(std::string bytes, const WantedFile& wanted) {
  const auto* kind = kind_of_content(bytes);
  const bool wants_sound = wanted.use == WantedFile::Use::sound;
  if (kind == nullptr || kind->is_sound != wants_sound)
    throw Error(Fault::invalid, "CONTENT_MISMATCH",
                wants_sound ? "This is no sound that can be read." : "This is no picture that can be read.");
  if (!wants_sound && std::ssize(bytes) > kLargestImage)
    throw Error(Fault::invalid, "FILE_TOO_LARGE", "This picture is too large.");
  if (!wants_sound) {
    KeptFile kept{.bytes = kept_content(std::move(bytes), kind->media_type)};
    if (wanted.use == WantedFile::Use::avatar && !wanted.has_colours) kept.colours = colours_of_portrait(kept.bytes);
    return kept;
  }
  auto sound = story_sound(std::move(bytes), kind->media_type, wanted.title);
  return {.bytes = std::move(sound.mp3), .seconds = sound.seconds};
}

}  // namespace odeon::stories
