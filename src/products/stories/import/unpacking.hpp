// What there is in the ZIP of a library, and what is kept of its files. Blocking, and heavy but for the first.
#pragma once

#include <set>

#include "products/stories/import/library.hpp"
#include "products/stories/import/zip_reader.hpp"

namespace odeon::stories {

struct ReadLibrary {
  BroughtLibrary library;
  std::string folder;  // of the ZIP, in which all of it is: "My stories/"
};
// Throws Error{invalid} for what is no ZIP, or has no library.
ReadLibrary library_in(const media::ScratchFile& file);

// A file of the ZIP, and what it is for.
struct WantedFile {
  enum class Use { avatar, pictogram, sound, picture } use = Use::avatar;
  std::string entity_id;              // a hero, an event or a story
  std::string title;                  // of a story
  std::optional<double> timestamp;    // of a picture; seconds
  std::size_t number = 0, count = 1;  // of the pictures of a story
  bool has_colours = false;           // of a hero that came with them
};

struct FoundFile {
  std::string path;  // from where library.json is
  std::string bytes;
  std::string fault;  // why there are none
};
// The next of those that are wanted; nothing at the end, which may come too early.
std::optional<FoundFile> next_wanted(ZipReader& zip, std::string_view folder, const std::set<std::string>& wanted);

struct KeptFile {
  std::string bytes;                 // PNG or MP3
  double seconds = 0;                // of sound
  std::vector<std::string> colours;  // of a hero's portrait whose are not known
};
// Throws Error{invalid} for what is something else, or too large.
KeptFile kept_file(std::string bytes, const WantedFile& wanted);

}  // namespace odeon::stories
