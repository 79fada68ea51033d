#include "engine/storage/disk.hpp"

#include <sys/file.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/text.hpp"
#include "engine/storage/trailer.hpp"

namespace odeon::storage {
namespace {

std::string_view last_segment(std::string_view key) {
  return key.substr(key.rfind('/') + 1);
}

// A folder that is there once this returns, a new one durably; nothing if the parent is gone.
Descriptor make_folder(int parent, const std::string& name) {
  const bool made = ::mkdirat(parent, name.c_str(), 0700) == 0;
  must(made || errno == EEXIST || errno == ENOENT, "mkdir");
  if (made) must(::fsync(parent) == 0, "fsync of a folder");
  return Descriptor(::openat(parent, name.c_str(), kOpenFolder));
}

}  // namespace

bool is_absent(int reason) {
  return reason == ENOENT || reason == ENOTDIR || reason == ELOOP;
}

std::string file_name(std::string_view last_segment) {
  return std::string(last_segment) + ',';
}

Stored stored_in(int descriptor, std::string key) {
  ObjectFile file = read_object_file(descriptor);
  return {.key = std::move(key),
          .size = file.size,
          .content_type = std::move(file.trailer.content_type),
          .etag = '"' + file.trailer.sha256 + '"',
          .md5 = std::move(file.trailer.md5),
          .modified = Instant(Micros(file.trailer.modified))};
}

Disk::Disk(const std::string& folder) {
  std::error_code fault;
  std::filesystem::create_directories(folder, fault);
  if (fault) fail("the storage folder cannot be made", fault.value());
  const Descriptor root(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  must(static_cast<bool>(root), "open of the storage folder");
  objects_ = make_folder(root.get(), "objects");
  incoming_ = make_folder(root.get(), "incoming");
  must(objects_ && incoming_, "open of a storage folder");
  clean();
}

void Disk::clean() const {
  for (const auto& name : names_in(incoming_.get())) {
    const Descriptor draft(::openat(incoming_.get(), name.c_str(), kOpenObject));
    // Another process of ours may be at it: the server runs while an admin command does.
    if (draft && ::flock(draft.get(), LOCK_EX | LOCK_NB) == 0) ::unlinkat(incoming_.get(), name.c_str(), 0);
  }
}

// The folder in which `key` lies; nothing if it is not there and not to be made.
Descriptor Disk::folder_of(std::string_view key, bool create) const {
  Descriptor at(::openat(objects_.get(), ".", kOpenFolder));
  must(static_cast<bool>(at), "open of the objects folder");
  for (std::size_t slash = 0; (slash = key.find('/')) != std::string_view::npos; key.remove_prefix(slash + 1)) {
    const std::string name(key.substr(0, slash));
    at = create ? make_folder(at.get(), name) : Descriptor(::openat(at.get(), name.c_str(), kOpenFolder));
    if (!at) return at;
  }
  return at;
}

Descriptor Disk::open(std::string_view key) const {
  const Descriptor folder = folder_of(key, false);
  if (!folder && is_absent(errno)) return Descriptor();
  must(static_cast<bool>(folder), "open of a folder");
  Descriptor file(::openat(folder.get(), file_name(last_segment(key)).c_str(), kOpenObject));
  must(file || is_absent(errno), "open of an object");
  return file;
}

std::optional<Stored> Disk::stat(const std::string& key) const {
  const Descriptor file = open(key);
  if (!file) return std::nullopt;
  return stored_in(file.get(), key);
}

void Disk::remove(const std::string& key) const {
  Descriptor folder = folder_of(key, false);
  if (!folder && is_absent(errno)) return;
  must(static_cast<bool>(folder), "open of a folder");
  if (::unlinkat(folder.get(), file_name(last_segment(key)).c_str(), 0) != 0) {
    must(is_absent(errno), "removal of an object");
    return;
  }
  must(::fsync(folder.get()) == 0, "fsync of a folder");
  // Folders that are empty now go too; one that is not, or that a put just filled, stays.
  std::string_view path = key;
  for (std::size_t slash = 0; (slash = path.rfind('/')) != std::string_view::npos;) {
    path = path.substr(0, slash);
    const Descriptor parent = folder_of(path, false);
    if (!parent || ::unlinkat(parent.get(), std::string(last_segment(path)).c_str(), AT_REMOVEDIR) != 0) return;
  }
}

Page Disk::list(const std::string& prefix, const std::string& cursor, std::size_t limit) const {
  return list_objects(objects_.get(), prefix, cursor, limit);
}

Disk::Draft::Draft(std::shared_ptr<const Disk> disk) : disk_(std::move(disk)) {
  for (;;) {
    name_ = crypto::to_hex(crypto::random_bytes(16));
    constexpr int how = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    file_ = Descriptor(::openat(disk_->incoming_.get(), name_.c_str(), how, 0600));
    must(static_cast<bool>(file_), "open of a draft");
    // Between the two calls a process that starts may take it for left over: then another.
    const bool locked = ::flock(file_.get(), LOCK_EX | LOCK_NB) == 0;
    must(locked || errno == EWOULDBLOCK, "lock of a draft");
    struct stat status{};
    must(::fstat(file_.get(), &status) == 0, "fstat of a draft");
    if (locked && status.st_nlink > 0) return;
  }
}

Disk::Draft::~Draft() {
  if (!name_.empty()) ::unlinkat(disk_->incoming_.get(), name_.c_str(), 0);
}

void Disk::Draft::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    must(count >= 0, "write of a draft");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void Disk::Draft::append(std::string_view bytes) {
  write(bytes);
  size_ += bytes.size();
  sha256_.update(bytes);
  md5_.update(bytes);
}

void Disk::Draft::check() {
  must(::fsync(file_.get()) == 0, "fsync of a draft");
  char last = 0;
  must(::pread(file_.get(), &last, 1, static_cast<off_t>(size_ - 1)) == 1, "read of a draft");
}

Stored Disk::Draft::commit(const std::string& key, const std::string& content_type, Instant now) {
  const Trailer trailer{.content_type = content_type,
                        .sha256 = crypto::to_hex(sha256_.finish()),
                        .md5 = crypto::to_hex(md5_.finish()),
                        .modified = now.time_since_epoch().count()};
  write(encode(trailer));
  must(::fsync(file_.get()) == 0, "fsync of a draft");
  const std::string name = file_name(last_segment(key));
  for (int tries = 1;; ++tries) {
    const Descriptor folder = disk_->folder_of(key, true);
    if (folder && ::renameat(disk_->incoming_.get(), name_.c_str(), folder.get(), name.c_str()) == 0) {
      name_.clear();
      must(::fsync(folder.get()) == 0, "fsync of a folder");
      break;
    }
    // A removal may have taken the folder, empty as it was, under our hands: once more.
    must(errno == ENOENT && tries < 100, "naming of an object");
  }
  return {key, size_, content_type, '"' + trailer.sha256 + '"', trailer.md5, now};
}

}  // namespace odeon::storage
