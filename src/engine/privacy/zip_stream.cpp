#include "engine/privacy/zip_stream.hpp"

#include <archive.h>
#include <archive_entry.h>

#include "base/error.hpp"
#include "base/shared_library.hpp"

namespace odeon::privacy {
namespace {

constexpr std::size_t kChunk = 256 * 1024;

// What is used of libarchive, which is loaded with the first export: it brings a dozen libraries along.
struct LibArchive {
  SharedLibrary library{"libarchive.so.13"};
  decltype(&::archive_entry_free) entry_free = library["archive_entry_free"];
  decltype(&::archive_entry_new) entry_new = library["archive_entry_new"];
  decltype(&::archive_entry_set_filetype) entry_set_filetype = library["archive_entry_set_filetype"];
  decltype(&::archive_entry_set_mtime) entry_set_mtime = library["archive_entry_set_mtime"];
  decltype(&::archive_entry_set_pathname_utf8) entry_set_pathname_utf8 = library["archive_entry_set_pathname_utf8"];
  decltype(&::archive_entry_set_perm) entry_set_perm = library["archive_entry_set_perm"];
  decltype(&::archive_entry_set_size) entry_set_size = library["archive_entry_set_size"];
  decltype(&::archive_error_string) error_string = library["archive_error_string"];
  decltype(&::archive_write_close) write_close = library["archive_write_close"];
  decltype(&::archive_write_data) write_data = library["archive_write_data"];
  decltype(&::archive_write_finish_entry) write_finish_entry = library["archive_write_finish_entry"];
  decltype(&::archive_write_free) write_free = library["archive_write_free"];
  decltype(&::archive_write_header) write_header = library["archive_write_header"];
  decltype(&::archive_write_new) write_new = library["archive_write_new"];
  decltype(&::archive_write_open2) write_open2 = library["archive_write_open2"];
  decltype(&::archive_write_set_bytes_per_block) write_set_bytes_per_block =
      library["archive_write_set_bytes_per_block"];
  decltype(&::archive_write_set_format_zip) write_set_format_zip = library["archive_write_set_format_zip"];
  decltype(&::archive_write_set_options) write_set_options = library["archive_write_set_options"];
  decltype(&::archive_write_zip_set_compression_deflate) write_zip_set_compression_deflate =
      library["archive_write_zip_set_compression_deflate"];
  decltype(&::archive_write_zip_set_compression_store) write_zip_set_compression_store =
      library["archive_write_zip_set_compression_store"];
};
const LibArchive& libarchive() {
  static const LibArchive table;
  return table;
}

struct CloseArchive {
  void operator()(archive* file) const { libarchive().write_free(file); }
};
struct FreeEntry {
  void operator()(archive_entry* entry) const { libarchive().entry_free(entry); }
};

}  // namespace

struct ZipStream::State {
  std::string out;  // not sent yet
  Instant made_at;
  std::unique_ptr<archive, CloseArchive> file;  // goes first: it may still write to `out`

  void check(int result) const {
    if (result < ARCHIVE_OK) throw std::runtime_error(fmt::format("zip: {}", libarchive().error_string(file.get())));
  }
  void begin(const std::string& path, std::uint64_t size, bool compress) {
    check(compress ? libarchive().write_zip_set_compression_deflate(file.get())
                   : libarchive().write_zip_set_compression_store(file.get()));
    const std::unique_ptr<archive_entry, FreeEntry> entry(libarchive().entry_new());
    libarchive().entry_set_pathname_utf8(entry.get(), path.c_str());
    libarchive().entry_set_filetype(entry.get(), AE_IFREG);
    libarchive().entry_set_perm(entry.get(), 0644);
    libarchive().entry_set_size(entry.get(), static_cast<std::int64_t>(size));
    libarchive().entry_set_mtime(entry.get(),
                                 std::chrono::floor<std::chrono::seconds>(made_at).time_since_epoch().count(), 0);
    check(libarchive().write_header(file.get(), entry.get()));
  }
  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto written = libarchive().write_data(file.get(), bytes.data(), bytes.size());
      if (written <= 0) throw std::runtime_error(fmt::format("zip: {}", libarchive().error_string(file.get())));
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void end() { check(libarchive().write_finish_entry(file.get())); }

  static la_ssize_t take(archive*, void* self, const void* bytes, std::size_t size) {
    static_cast<State*>(self)->out.append(static_cast<const char*>(bytes), size);
    return static_cast<la_ssize_t>(size);
  }
};

ZipStream::ZipStream(http::BodyWriter& to, ThreadPool& pool, Instant made_at)
    : to_(to), pool_(pool), state_(std::make_unique<State>()) {
  state_->made_at = made_at;
  state_->file.reset(libarchive().write_new());
  auto* file = state_->file.get();
  state_->check(libarchive().write_set_format_zip(file));
  state_->check(libarchive().write_set_options(file, "zip:hdrcharset=UTF-8"));
  state_->check(libarchive().write_set_bytes_per_block(file, 0));
  state_->check(libarchive().write_open2(file, state_.get(), nullptr, &State::take, nullptr, nullptr));
}

ZipStream::~ZipStream() = default;

Task<void> ZipStream::flush() {
  if (state_->out.empty()) co_return;
  const std::string bytes = std::exchange(state_->out, {});
  co_await to_.write(bytes);
}

Task<void> ZipStream::add(std::string path, std::string text) {
  co_await run_blocking(pool_, [this, &path, &text] {
    state_->begin(path, text.size(), true);
    state_->write(text);
    state_->end();
  });
  co_await flush();
}

Task<void> ZipStream::add(std::string path, std::shared_ptr<ReadableObject> object) {
  state_->begin(path, object->size(), false);
  std::string buffer(kChunk, '\0');
  for (std::uint64_t at = 0; at < object->size();) {
    const auto count = co_await object->read_at(at, buffer);
    if (count == 0) throw std::runtime_error("an object is shorter than it says");
    state_->write({buffer.data(), count});
    at += count;
    co_await flush();
  }
  state_->end();
  co_await flush();
}

Task<void> ZipStream::finish() {
  state_->check(libarchive().write_close(state_->file.get()));
  co_await flush();
}

}  // namespace odeon::privacy
