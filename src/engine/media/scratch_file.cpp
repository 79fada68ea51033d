#include "engine/media/scratch_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/error.hpp"

namespace odeon::media {
namespace {

[[noreturn]] void fail(const char* doing) {
  throw Error(Fault::unavailable, "NO_SCRATCH_SPACE", "There is no room to work on the recording at present.")
      .with_detail(fmt::format("{}: {}", doing, std::strerror(errno)));
}

}  // namespace

ScratchFile::ScratchFile(const std::string& folder) {
  const std::string in = folder.empty() ? std::filesystem::temp_directory_path().string() : folder;
  file_ = ::open(in.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file_ >= 0) return;
  // Not every file system has files that never had a name.
  std::string name = in + "/odeon-XXXXXX";
  file_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (file_ < 0) fail("making a scratch file");
  ::unlink(name.c_str());
}

ScratchFile::~ScratchFile() {
  ::close(file_);
}

std::unique_ptr<ScratchFile> ScratchFile::kept(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return nullptr;
  struct stat status{};
  ::fstat(file, &status);
  return std::unique_ptr<ScratchFile>(new ScratchFile(file, status.st_size));
}

bool ScratchFile::keep_as(const std::string& path) const {
  // A name can be given to what has none (open(2), O_TMPFILE), but cannot be taken from another by that.
  const std::string unnamed = fmt::format("/proc/self/fd/{}", file_), beside = path + ".new";
  ::unlink(beside.c_str());
  return ::linkat(AT_FDCWD, unnamed.c_str(), AT_FDCWD, beside.c_str(), AT_SYMLINK_FOLLOW) == 0 &&
         std::rename(beside.c_str(), path.c_str()) == 0;
}

void ScratchFile::write(std::int64_t at, std::span<const char> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::pwrite(file_, bytes.data(), bytes.size(), at);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) fail("writing to a scratch file");
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    at += count;
  }
  size_ = std::max(size_, at);
}

std::size_t ScratchFile::read(std::int64_t at, std::span<char> into) const {
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t count = ::pread(file_, into.data() + done, into.size() - done, at + static_cast<std::int64_t>(done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("reading from a scratch file");
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

}  // namespace odeon::media
