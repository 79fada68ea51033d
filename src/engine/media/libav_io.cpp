#include "engine/media/libav_io.hpp"

#include <cstdio>
#include <cstring>
#include <new>

#include "base/error.hpp"

namespace odeon::media {
namespace {

constexpr int buffer_size = 32 * 1024;

AVIOContext* open(bool writing, void* self, int (*read)(void*, std::uint8_t*, int),
                  int (*write)(void*, std::uint8_t*, int), std::int64_t (*seek)(void*, std::int64_t, int)) {
  const Libav& av = libav();
  auto* buffer = static_cast<unsigned char*>(av.av_malloc(buffer_size));
  if (!buffer) throw std::bad_alloc();
  AVIOContext* context = av.avio_alloc_context(buffer, buffer_size, writing, self, read, write, seek);
  if (!context) {
    av.av_free(buffer);
    throw std::bad_alloc();
  }
  return context;
}

void close(AVIOContext* context) {
  libav().av_free(context->buffer);  // FFmpeg may have replaced the one we gave
  libav().avio_context_free(&context);
}

// The place that a seek asks for, or AVERROR(EINVAL) before the start.
std::int64_t target(std::int64_t at, std::int64_t size, std::int64_t offset, int whence) {
  const std::int64_t base = whence == SEEK_CUR ? at : whence == SEEK_END ? size : 0;
  std::int64_t place = 0;
  if (__builtin_add_overflow(base, offset, &place) || place < 0) return AVERROR(EINVAL);
  return place;
}

// Nothing may be thrown through FFmpeg: it is kept for who can rethrow it.
template <class Work>
std::int64_t guarded(std::exception_ptr& failure, Work work) {
  if (failure) return AVERROR_EXTERNAL;
  try {
    return work();
  } catch (...) {
    failure = std::current_exception();
    return AVERROR_EXTERNAL;
  }
}

}  // namespace

SourceReader::SourceReader(BlockingSource& source, bool seekable, std::int64_t max_bytes)
    : source_(source),
      max_bytes_(max_bytes),
      context_(open(false, this, &SourceReader::read, nullptr, seekable ? &SourceReader::seek : nullptr)) {}

void SourceReader::read_on_only() {
  reads_on_only_ = true;
  context_->seekable = 0;
  context_->seek = &SourceReader::seek;  // which is asked for the size
}

SourceReader::~SourceReader() {
  close(context_);
}

void SourceReader::rethrow() const {
  if (failure_) std::rethrow_exception(failure_);
}

void SourceReader::check(std::int64_t place) const {
  if (place > max_bytes_)
    throw Error(Fault::invalid, "FILE_TOO_LARGE", fmt::format("The recording is larger than {} MB.", max_bytes_ >> 20));
}

int SourceReader::read(void* self, std::uint8_t* into, int size) {
  auto& reader = *static_cast<SourceReader*>(self);
  return static_cast<int>(guarded(reader.failure_, [&]() -> std::int64_t {
    const std::size_t count =
        reader.source_.read({reinterpret_cast<char*>(into), static_cast<std::size_t>(std::max(size, 0))});
    reader.at_ += static_cast<std::int64_t>(count);
    reader.bytes_read_ = std::max(reader.bytes_read_, reader.at_);
    reader.check(reader.at_);
    return count == 0 ? AVERROR_EOF : static_cast<std::int64_t>(count);
  }));
}

std::int64_t SourceReader::seek(void* self, std::int64_t offset, int whence) {
  auto& reader = *static_cast<SourceReader*>(self);
  whence &= ~AVSEEK_FORCE;
  // Where asking fails, its MP3 demuxer takes the failure for a number of bytes.
  if (reader.reads_on_only_) return whence == AVSEEK_SIZE ? 0 : AVERROR(ENOSYS);
  const std::optional<std::int64_t> size = reader.source_.size();
  if (whence == AVSEEK_SIZE) return size.value_or(AVERROR(ENOSYS));
  if (whence == SEEK_END && !size) return AVERROR(ENOSYS);
  const std::int64_t place = target(reader.at_, size.value_or(0), offset, whence);
  if (place < 0) return place;
  return guarded(reader.failure_, [&]() -> std::int64_t {
    if (!size) reader.check(place);  // going there means waiting for, and keeping, all before it
    if (!reader.source_.seek(place)) return AVERROR(ENOSYS);
    return reader.at_ = place;
  });
}

LibavWriter::LibavWriter() : context_(open(true, this, nullptr, &LibavWriter::write, &LibavWriter::seek)) {}
LibavWriter::~LibavWriter() {
  close(context_);
}

void LibavWriter::rethrow() const {
  if (failure_) std::rethrow_exception(failure_);
}

int LibavWriter::write(void* self, std::uint8_t* from, int size) {
  auto& writer = *static_cast<LibavWriter*>(self);
  return static_cast<int>(guarded(writer.failure_, [&] {
    writer.put(writer.at_, {reinterpret_cast<const char*>(from), static_cast<std::size_t>(size)});
    writer.at_ += size;
    return size;
  }));
}

std::int64_t LibavWriter::seek(void* self, std::int64_t offset, int whence) {
  auto& writer = *static_cast<LibavWriter*>(self);
  whence &= ~AVSEEK_FORCE;
  if (whence == AVSEEK_SIZE) return writer.size();
  const std::int64_t place = target(writer.at_, writer.size(), offset, whence);
  if (place >= 0) writer.at_ = place;
  return place;
}

void MemoryWriter::put(std::int64_t at, std::span<const char> bytes) {
  const auto end = static_cast<std::size_t>(at) + bytes.size();
  if (end > bytes_.size()) bytes_.resize(end);
  std::memcpy(bytes_.data() + at, bytes.data(), bytes.size());
}

}  // namespace odeon::media
