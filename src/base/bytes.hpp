// Bytes in motion, as http, storage and media pass them on without knowing each other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/task.hpp"
#include "base/time.hpp"

namespace odeon {

// A stream that is read once, from front to end. Not thread-safe; one read at a time.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Fills some of `into` (never empty); 0 means the end. Throws when the stream breaks.
  virtual Task<std::size_t> read(std::span<char> into) = 0;
  // As `read`, if that need not wait; nothing if it must, or if this source cannot tell.
  virtual std::optional<std::size_t> read_now(std::span<char> /*into*/) { return std::nullopt; }
};

class StringSource final : public ByteSource {
 public:
  explicit StringSource(std::string bytes) : bytes_(std::move(bytes)) {}
  Task<std::size_t> read(std::span<char> into) override;

 private:
  std::string bytes_;
  std::size_t at_ = 0;
};

// The rest of `source`, or Error{too_large} once it exceeds `limit` bytes.
Task<std::string> read_all(ByteSource& source, std::size_t limit);

// A stored object that can be read anywhere. Immutable while it is held. Thread-safe.
class ReadableObject {
 public:
  virtual ~ReadableObject() = default;
  virtual std::uint64_t size() const = 0;
  // Reads at most into.size() bytes at `offset`; 0 only at or past the end.
  virtual Task<std::size_t> read_at(std::uint64_t offset, std::span<char> into) = 0;
  // A descriptor of a regular file whose first size() bytes are the object, for sendfile; -1 where there
  // is none. What follows them is the storage's own and is not to be sent.
  // Owned by the object; use only pread-like calls that leave the file position alone.
  virtual int descriptor() const { return -1; }
  virtual std::string content_type() const = 0;
  virtual std::string etag() const = 0;  // strong, with quotes
  virtual Instant modified() const = 0;
};

}  // namespace odeon
