// FFmpeg reading from and writing to memory instead of files.
#pragma once

#include <string>
#include <string_view>

#include "engine/media/libav.hpp"

namespace odeon::media {

// Reads `bytes`, which must outlive it. Not thread-safe.
class MemoryReader {
 public:
  explicit MemoryReader(std::string_view bytes);
  ~MemoryReader();
  MemoryReader(const MemoryReader&) = delete;
  AVIOContext* context() { return context_; }

 private:
  static int read(void* self, std::uint8_t* into, int size);
  static std::int64_t seek(void* self, std::int64_t offset, int whence);

  std::string_view bytes_;
  std::size_t at_ = 0;
  AVIOContext* context_;
};

// Collects what is written; seeking back overwrites, as the Xing header needs. Not thread-safe.
class MemoryWriter {
 public:
  MemoryWriter();
  ~MemoryWriter();
  MemoryWriter(const MemoryWriter&) = delete;
  AVIOContext* context() { return context_; }
  std::string take() { return std::move(bytes_); }  // after the trailer was written

 private:
  static int write(void* self, std::uint8_t* from, int size);
  static std::int64_t seek(void* self, std::int64_t offset, int whence);

  std::string bytes_;
  std::size_t at_ = 0;
  AVIOContext* context_;
};

}  // namespace odeon::media
