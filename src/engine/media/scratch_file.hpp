// A file without a name, for what is too large for memory. It is gone when it is closed, also after a crash.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace odeon::media {

// Reading and writing at different places from several threads is safe. Calls block. Throws Error{unavailable} when
// there is no room.
class ScratchFile {
 public:
  // In `folder`; empty for the system's. Where that is in memory (tmpfs), so is the file.
  explicit ScratchFile(const std::string& folder);
  ~ScratchFile();
  ScratchFile(const ScratchFile&) = delete;

  void write(std::int64_t at, std::span<const char> bytes);
  // As many bytes as there are, up to into.size().
  std::size_t read(std::int64_t at, std::span<char> into) const;
  std::int64_t size() const { return size_; }  // the end of what was written furthest on

 private:
  int file_;
  std::int64_t size_ = 0;
};

}  // namespace odeon::media
