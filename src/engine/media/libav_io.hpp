// FFmpeg reading and writing through us instead of files.
#pragma once

#include <exception>
#include <span>
#include <string>

#include "engine/media/blocking_source.hpp"
#include "engine/media/libav.hpp"
#include "engine/media/scratch_file.hpp"

namespace odeon::media {

// Reads `source`, which must outlive it. Not thread-safe.
class SourceReader {
 public:
  // Whether FFmpeg may go back and forth; after `max_bytes` the recording is too large.
  SourceReader(BlockingSource& source, bool seekable, std::int64_t max_bytes);
  // From now on FFmpeg may not, and is told that it is not known how many bytes there are.
  void read_on_only();
  ~SourceReader();
  SourceReader(const SourceReader&) = delete;
  AVIOContext* context() { return context_; }
  // FFmpeg knows only that reading failed: throws what the source threw, or Error{invalid} for too many bytes.
  void rethrow() const;
  std::int64_t bytes_read() const { return bytes_read_; }

 private:
  static int read(void* self, std::uint8_t* into, int size);
  static std::int64_t seek(void* self, std::int64_t offset, int whence);
  void check(std::int64_t place) const;

  BlockingSource& source_;
  const std::int64_t max_bytes_;
  bool reads_on_only_ = false;
  std::int64_t at_ = 0, bytes_read_ = 0;
  std::exception_ptr failure_;
  AVIOContext* context_;
};

// Takes what is written; seeking back overwrites, as the Info header of an MP3 needs. Not thread-safe.
class LibavWriter {
 public:
  LibavWriter();
  virtual ~LibavWriter();
  LibavWriter(const LibavWriter&) = delete;
  AVIOContext* context() { return context_; }
  void rethrow() const;  // as that of SourceReader

 protected:
  virtual void put(std::int64_t at, std::span<const char> bytes) = 0;
  virtual std::int64_t size() const = 0;

 private:
  static int write(void* self, std::uint8_t* from, int size);
  static std::int64_t seek(void* self, std::int64_t offset, int whence);

  std::int64_t at_ = 0;
  std::exception_ptr failure_;
  AVIOContext* context_;
};

class MemoryWriter : public LibavWriter {
 public:
  std::string take() { return std::move(bytes_); }  // after the trailer was written

 protected:
  void put(std::int64_t at, std::span<const char> bytes) override;
  std::int64_t size() const override { return static_cast<std::int64_t>(bytes_.size()); }

 private:
  std::string bytes_;
};

class ScratchWriter : public LibavWriter {
 public:
  explicit ScratchWriter(ScratchFile& file) : file_(file) {}  // keeps a reference

 protected:
  void put(std::int64_t at, std::span<const char> bytes) override { file_.write(at, bytes); }
  std::int64_t size() const override { return file_.size(); }

 private:
  ScratchFile& file_;
};

}  // namespace odeon::media
