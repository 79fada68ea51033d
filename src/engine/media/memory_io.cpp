#include "engine/media/memory_io.hpp"

#include <cstdio>
#include <cstring>
#include <new>

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
  whence &= ~AVSEEK_FORCE;
  if (whence == AVSEEK_SIZE) return size;
  const std::int64_t base = whence == SEEK_CUR ? at : whence == SEEK_END ? size : 0;
  std::int64_t place = 0;
  if (__builtin_add_overflow(base, offset, &place) || place < 0) return AVERROR(EINVAL);
  return place;
}

}  // namespace

MemoryReader::MemoryReader(std::string_view bytes)
    : bytes_(bytes), context_(open(false, this, &MemoryReader::read, nullptr, &MemoryReader::seek)) {}
MemoryReader::~MemoryReader() {
  close(context_);
}

int MemoryReader::read(void* self, std::uint8_t* into, int size) {
  auto& reader = *static_cast<MemoryReader*>(self);
  if (reader.at_ >= reader.bytes_.size()) return AVERROR_EOF;
  const std::size_t count = std::min<std::size_t>(size, reader.bytes_.size() - reader.at_);
  std::memcpy(into, reader.bytes_.data() + reader.at_, count);
  reader.at_ += count;
  return static_cast<int>(count);
}

std::int64_t MemoryReader::seek(void* self, std::int64_t offset, int whence) {
  auto& reader = *static_cast<MemoryReader*>(self);
  const std::int64_t place = target(reader.at_, reader.bytes_.size(), offset, whence);
  if (place >= 0 && !(whence & AVSEEK_SIZE)) reader.at_ = place;
  return place;
}

MemoryWriter::MemoryWriter() : context_(open(true, this, nullptr, &MemoryWriter::write, &MemoryWriter::seek)) {}
MemoryWriter::~MemoryWriter() {
  close(context_);
}

int MemoryWriter::write(void* self, std::uint8_t* from, int size) {
  auto& writer = *static_cast<MemoryWriter*>(self);
  if (writer.at_ + size > writer.bytes_.size()) writer.bytes_.resize(writer.at_ + size);
  std::memcpy(writer.bytes_.data() + writer.at_, from, size);
  writer.at_ += size;
  return size;
}

std::int64_t MemoryWriter::seek(void* self, std::int64_t offset, int whence) {
  auto& writer = *static_cast<MemoryWriter*>(self);
  const std::int64_t place = target(writer.at_, writer.bytes_.size(), offset, whence);
  if (place >= 0 && !(whence & AVSEEK_SIZE)) writer.at_ = place;
  return place;
}

}  // namespace odeon::media
