// A file without a name, for what is too large for memory. It is gone when it is closed, also after a crash.
#pragma once

#include <cstdint>
#include <memory>
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

  // One that was kept, to be read; null if there is none.
  static std::unique_ptr<ScratchFile> kept(const std::string& path);
  // Gives it a name, in the folder in which it is or one beside it: it outlives its owner, and the process. Takes the
  // place of what had that name. False, and nothing is kept, where the file system has no such way.
  bool keep_as(const std::string& path) const;

  void write(std::int64_t at, std::span<const char> bytes);
  // As many bytes as there are, up to into.size().
  std::size_t read(std::int64_t at, std::span<char> into) const;
  std::int64_t size() const { return size_; }  // the end of what was written furthest on

 private:
  ScratchFile(int file, std::int64_t size) : file_(file), size_(size) {}

  int file_;
  std::int64_t size_ = 0;
};

}  // namespace odeon::media
