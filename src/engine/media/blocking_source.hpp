// Where the bytes of a recording come from: a file, memory, or an upload that is still on its way.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/media/scratch_file.hpp"

namespace odeon::media {

// Read by one thread at a time. What `read` throws goes through to whoever asked for the recording.
class BlockingSource {
 public:
  virtual ~BlockingSource() = default;
  // Waits until there are some, and gives up to into.size() of them; 0 at the end.
  virtual std::size_t read(std::span<char> into) = 0;
  // How many there are in all, where that is known.
  virtual std::optional<std::int64_t> size() const { return std::nullopt; }
  // Goes on at `offset`. False, and nothing changes, where that is not possible.
  virtual bool seek(std::int64_t) { return false; }
};

class FileSource : public BlockingSource {
 public:
  // Throws Error{not_found}.
  explicit FileSource(const std::string& path);
  // The first `size` bytes of a regular file that somebody else keeps open, as stored objects have it.
  FileSource(int descriptor, std::int64_t size) : file_(descriptor), owned_(false), size_(size) {}
  FileSource(const FileSource&) = delete;
  ~FileSource() override;
  std::size_t read(std::span<char> into) override;
  std::optional<std::int64_t> size() const override { return size_; }
  bool seek(std::int64_t offset) override;

 private:
  const int file_;
  const bool owned_ = true;
  std::int64_t size_ = 0, at_ = 0;
};

// Bytes that somebody else keeps.
class MemorySource : public BlockingSource {
 public:
  explicit MemorySource(std::string_view bytes) : bytes_(bytes) {}
  std::size_t read(std::span<char> into) override;
  std::optional<std::int64_t> size() const override { return static_cast<std::int64_t>(bytes_.size()); }
  bool seek(std::int64_t offset) override;

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

// The same bytes, the first of which can be looked at before they are read.
class PeekedSource : public BlockingSource {
 public:
  explicit PeekedSource(BlockingSource& source) : source_(source) {}
  // The first `count` bytes, or all if there are fewer. Only before the first read.
  std::string_view peek(std::size_t count);
  std::size_t read(std::span<char> into) override;
  std::optional<std::int64_t> size() const override { return source_.size(); }
  bool seek(std::int64_t offset) override;

 private:
  BlockingSource& source_;
  std::string head_;
  std::size_t at_ = 0;  // in head_
};

// Makes any source one that can be gone back in, by keeping what was read in a file of its own, which has no name and
// vanishes with it. Going forward reads on.
class RewindableSource : public BlockingSource {
 public:
  // `folder` as ScratchFile takes it.
  RewindableSource(BlockingSource& source, const std::string& folder) : source_(source), kept_(folder) {}
  std::size_t read(std::span<char> into) override;
  std::optional<std::int64_t> size() const override;
  bool seek(std::int64_t offset) override;

 private:
  bool keep_up_to(std::int64_t offset);

  BlockingSource& source_;
  ScratchFile kept_;
  std::int64_t at_ = 0;
  bool ended_ = false;
};

}  // namespace odeon::media
