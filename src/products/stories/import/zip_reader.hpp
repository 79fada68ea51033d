// The files of a ZIP that somebody sent (PKWARE APPNOTE, as libarchive reads it), one after the other. It may be
// hostile: nothing is written anywhere, no name of it is taken for a path, and nothing is held but what was asked for.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "engine/media/scratch_file.hpp"

namespace odeon::stories {

// Blocking; not thread-safe. Throws Error{invalid} NOT_A_ZIP or DAMAGED_ZIP.
class ZipReader {
 public:
  // `file` outlives it.
  explicit ZipReader(const media::ScratchFile& file);
  ~ZipReader();
  ZipReader(const ZipReader&) = delete;

  // The name of the next file that has one; nothing at the end.
  std::optional<std::string> next();
  // What is in it. Throws Error{invalid, "FILE_TOO_LARGE"} beyond `most` bytes, whatever it says of its size.
  std::string read(std::size_t most);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace odeon::stories
