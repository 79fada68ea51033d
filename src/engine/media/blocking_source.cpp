#include "engine/media/blocking_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

#include "base/error.hpp"

namespace odeon::media {

FileSource::FileSource(const std::string& path) : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  struct stat status{};
  if (file_ >= 0 && ::fstat(file_, &status) == 0 && S_ISREG(status.st_mode)) {
    size_ = status.st_size;
    return;
  }
  if (file_ >= 0) ::close(file_);
  throw Error(Fault::not_found, "FILE_NOT_FOUND", "The recording is not there.").with_detail(path);
}
FileSource::~FileSource() {
  if (owned_) ::close(file_);
}

std::size_t FileSource::read(std::span<char> into) {
  into = into.first(std::min(into.size(), static_cast<std::size_t>(std::max<std::int64_t>(size_ - at_, 0))));
  for (;;) {
    const ssize_t count = ::pread(file_, into.data(), into.size(), at_);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      throw Error(Fault::unavailable, "FILE_UNREADABLE", "The recording cannot be read at present.")
          .with_detail(std::strerror(errno));
    at_ += count;
    return static_cast<std::size_t>(count);
  }
}

bool FileSource::seek(std::int64_t offset) {
  if (offset < 0) return false;
  at_ = offset;
  return true;
}

std::size_t MemorySource::read(std::span<char> into) {
  const std::size_t count = std::min(into.size(), bytes_.size() - at_);
  std::memcpy(into.data(), bytes_.data() + at_, count);
  at_ += count;
  return count;
}

bool MemorySource::seek(std::int64_t offset) {
  if (offset < 0) return false;
  at_ = std::min(static_cast<std::size_t>(offset), bytes_.size());
  return true;
}

std::string_view PeekedSource::peek(std::size_t count) {
  while (head_.size() < count) {
    const std::size_t before = head_.size();
    head_.resize(count);
    const std::size_t more = source_.read(std::span(head_).subspan(before));
    head_.resize(before + more);
    if (more == 0) break;
  }
  return std::string_view(head_).substr(0, count);
}

std::size_t PeekedSource::read(std::span<char> into) {
  if (at_ == head_.size()) return source_.read(into);
  const std::size_t count = std::min(into.size(), head_.size() - at_);
  std::memcpy(into.data(), head_.data() + at_, count);
  at_ += count;
  return count;
}

bool PeekedSource::seek(std::int64_t offset) {
  if (!source_.seek(offset)) return false;
  at_ = head_.size();
  return true;
}

std::size_t RewindableSource::read(std::span<char> into) {
  if (const std::size_t count = kept_.read(at_, into); count > 0) {
    at_ += static_cast<std::int64_t>(count);
    return count;
  }
  if (!keep_up_to(at_)) return 0;
  const std::size_t count = ended_ ? 0 : source_.read(into);
  ended_ = ended_ || count == 0;
  kept_.write(at_, into.first(count));
  at_ += static_cast<std::int64_t>(count);
  return count;
}

std::optional<std::int64_t> RewindableSource::size() const {
  return ended_ ? kept_.size() : source_.size();
}

bool RewindableSource::seek(std::int64_t offset) {
  if (offset < 0) return false;
  at_ = offset;
  return true;
}

// Whether there are so many bytes.
bool RewindableSource::keep_up_to(std::int64_t offset) {
  std::array<char, 32 * 1024> piece;
  while (!ended_ && kept_.size() < offset) {
    const auto wanted = std::min<std::int64_t>(offset - kept_.size(), piece.size());
    const std::size_t count = source_.read(std::span(piece).first(static_cast<std::size_t>(wanted)));
    ended_ = count == 0;
    kept_.write(kept_.size(), std::span(piece).first(count));
  }
  return kept_.size() >= offset;
}

}  // namespace odeon::media
