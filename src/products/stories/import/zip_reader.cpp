#include "products/stories/import/zip_reader.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <span>

#include "base/error.hpp"
#include "base/shared_library.hpp"
#include "base/text.hpp"

namespace odeon::stories {
namespace {

constexpr std::size_t kPiece = 64 * 1024;
constexpr int kMostFiles = 20'000;

// What is used of libarchive, which is loaded with the first import: it brings a dozen libraries along.
struct ArchiveReading {
  SharedLibrary library{"libarchive.so.13"};
  decltype(&::archive_entry_filetype) entry_filetype = library["archive_entry_filetype"];
  decltype(&::archive_entry_pathname) entry_pathname = library["archive_entry_pathname"];
  decltype(&::archive_entry_pathname_utf8) entry_pathname_utf8 = library["archive_entry_pathname_utf8"];
  decltype(&::archive_error_string) error_string = library["archive_error_string"];
  decltype(&::archive_read_data) read_data = library["archive_read_data"];
  decltype(&::archive_read_free) read_free = library["archive_read_free"];
  decltype(&::archive_read_new) read_new = library["archive_read_new"];
  decltype(&::archive_read_next_header) read_next_header = library["archive_read_next_header"];
  decltype(&::archive_read_open1) read_open1 = library["archive_read_open1"];
  decltype(&::archive_read_set_callback_data) set_callback_data = library["archive_read_set_callback_data"];
  decltype(&::archive_read_set_read_callback) set_read_callback = library["archive_read_set_read_callback"];
  decltype(&::archive_read_set_seek_callback) set_seek_callback = library["archive_read_set_seek_callback"];
  decltype(&::archive_read_support_format_zip_seekable) support_zip =
      library["archive_read_support_format_zip_seekable"];
};
const ArchiveReading& reading() {
  static const ArchiveReading table;
  return table;
}

// libarchive turns names into what the thread's locale writes, and loses those that it does not have.
class WithUtf8Names {
 public:
  WithUtf8Names() : before_(::uselocale(utf8())) {}
  ~WithUtf8Names() { ::uselocale(before_); }
  WithUtf8Names(const WithUtf8Names&) = delete;
  WithUtf8Names& operator=(const WithUtf8Names&) = delete;

 private:
  static locale_t utf8() {
    static const locale_t locale = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return locale;
  }
  const locale_t before_;
};

struct CloseReading {
  void operator()(archive* file) const { reading().read_free(file); }
};

}  // namespace

struct ZipReader::State {
  const media::ScratchFile& file;
  std::int64_t at = 0;
  std::array<char, kPiece> piece;
  int files = 0;
  std::unique_ptr<archive, CloseReading> zip;

  [[noreturn]] void fail(std::string code, std::string message) const {
    const char* why = reading().error_string(zip.get());
    throw Error(Fault::invalid, std::move(code), std::move(message)).with_detail(why == nullptr ? "" : why);
  }

  static la_ssize_t give(archive*, void* self, const void** bytes) {
    auto& state = *static_cast<State*>(self);
    const std::size_t count = state.file.read(state.at, state.piece);
    state.at += static_cast<std::int64_t>(count);
    *bytes = state.piece.data();
    return static_cast<la_ssize_t>(count);
  }
  static la_int64_t seek(archive*, void* self, la_int64_t offset, int whence) {
    auto& state = *static_cast<State*>(self);
    const std::int64_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? state.at : state.file.size();
    state.at = std::clamp<std::int64_t>(from + offset, 0, state.file.size());
    return state.at;
  }
};

ZipReader::ZipReader(const media::ScratchFile& file) : state_(std::make_unique<State>(file)) {
  state_->zip.reset(reading().read_new());
  auto* zip = state_->zip.get();
  reading().support_zip(zip);
  reading().set_read_callback(zip, &State::give);
  reading().set_seek_callback(zip, &State::seek);
  reading().set_callback_data(zip, state_.get());
  if (reading().read_open1(zip) < ARCHIVE_WARN) state_->fail("NOT_A_ZIP", "This is no ZIP that can be read.");
}

ZipReader::~ZipReader() = default;

std::optional<std::string> ZipReader::next() {
  const WithUtf8Names names;
  for (;;) {
    archive_entry* entry = nullptr;
    const int result = reading().read_next_header(state_->zip.get(), &entry);
    if (result == ARCHIVE_EOF) return std::nullopt;
    if (result < ARCHIVE_WARN && state_->files == 0) state_->fail("NOT_A_ZIP", "This is no ZIP that can be read.");
    if (result < ARCHIVE_WARN) state_->fail("DAMAGED_ZIP", "The ZIP is damaged.");
    if (++state_->files > kMostFiles)
      throw Error(Fault::invalid, "TOO_MANY_FILES", fmt::format("A ZIP may have at most {} files.", kMostFiles));
    const char* name = reading().entry_pathname_utf8(entry);
    if (name == nullptr) name = reading().entry_pathname(entry);
    if (name != nullptr && reading().entry_filetype(entry) == AE_IFREG && text::is_utf8(name)) return std::string(name);
  }
}

std::string ZipReader::read(std::size_t most) {
  std::string bytes;
  for (;;) {
    const std::size_t before = bytes.size();
    bytes.resize(before + kPiece);
    const auto count = reading().read_data(state_->zip.get(), bytes.data() + before, kPiece);
    if (count < 0) state_->fail("DAMAGED_ZIP", "This file of the ZIP is damaged, or encrypted.");
    bytes.resize(before + static_cast<std::size_t>(count));
    if (bytes.size() > most) throw Error(Fault::invalid, "FILE_TOO_LARGE", "This file is too large.");
    if (count == 0) return bytes;
  }
}

}  // namespace odeon::stories
