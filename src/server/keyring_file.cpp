#include "server/keyring_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/text.hpp"
#include "engine/storage/descriptor.hpp"

namespace odeon::server {
namespace {

namespace fs = std::filesystem;
using storage::Descriptor;

constexpr std::size_t kMaxBytes = 64 * 1024;

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw Error(Fault::invalid, "KEYRING", path + " " + why);
}
std::string reason() {
  return std::generic_category().message(errno) + ".";
}

// What tells one file from the one that took its place.
struct Stamp {
  ino_t number = 0;
  std::int64_t seconds = 0, nanoseconds = 0;
  bool operator==(const Stamp&) const = default;
};
Stamp stamp_of(const struct stat& file) {
  return {file.st_ino, file.st_mtim.tv_sec, file.st_mtim.tv_nsec};
}

std::vector<SealingKey> read_open(const Descriptor& file, const std::string& path) {
  struct stat status{};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) refuse(path, "is no file.");
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    refuse(path, "can be read by others: chmod 600 it, and change its key if they have (docs/operations.md).");
  std::string text(kMaxBytes, '\0');
  const ssize_t size = ::pread(file.get(), text.data(), text.size(), 0);
  if (size < 0) refuse(path, "cannot be read: " + reason());
  text.resize(static_cast<std::size_t>(size));
  std::vector<std::string> entries;
  for (const auto line : text::split(text, '\n'))
    if (const auto entry = text::trim(line); !entry.empty()) entries.emplace_back(entry);
  if (entries.empty()) refuse(path, "holds no key. Put back the one that it held (docs/operations.md).");
  try {
    return parse_sealing_keys(entries);
  } catch (const Error& fault) {
    refuse(path, "is broken: " + fault.message + ".");
  }
}

Descriptor open_keyring(const std::string& path) {
  return Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
}

// Beside `path`, on the disk, under a name that no other process takes.
std::string write_draft(const std::string& path, const std::vector<SealingKey>& keys) {
  std::string draft = path + ".XXXXXX";
  const Descriptor file(::mkostemp(draft.data(), O_CLOEXEC));  // 0600
  std::string text;
  for (const auto& key : keys) text += to_text(key) + '\n';
  const bool written = file && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       ::fsync(file.get()) == 0;
  if (written) return draft;
  const std::string why = reason();
  if (file) ::unlink(draft.c_str());
  refuse(path, "cannot be written: " + why);
}

Descriptor folder_of(const std::string& path) {
  return Descriptor(::open(fs::path(path).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

// False if there is one already.
bool make(const std::string& path, const std::vector<SealingKey>& keys) {
  const std::string draft = write_draft(path, keys);
  const bool made = ::link(draft.c_str(), path.c_str()) == 0;
  const int fault = made ? 0 : errno;
  ::unlink(draft.c_str());
  if (fault != 0 && fault != EEXIST) refuse(path, "cannot be made: " + std::generic_category().message(fault) + ".");
  if (made && ::fsync(folder_of(path).get()) != 0) refuse(path, "cannot be written to the disk: " + reason());
  return made;
}

void replace(const std::string& path, const std::vector<SealingKey>& keys) {
  const std::string draft = write_draft(path, keys);
  if (::rename(draft.c_str(), path.c_str()) != 0) refuse(path, "cannot be replaced: " + reason());
  if (::fsync(folder_of(path).get()) != 0) refuse(path, "cannot be written to the disk: " + reason());
}

// One process at a time: a lock on the folder, which needs no file that stays.
Descriptor lock(const std::string& path) {
  auto folder = folder_of(path);
  if (!folder || ::flock(folder.get(), LOCK_EX | LOCK_NB) != 0)
    throw Error(Fault::conflict, "KEYRING", path + " is being changed by another process. Try again.");
  return folder;
}

}  // namespace

std::vector<SealingKey> read_keyring(const std::string& path) {
  const auto file = open_keyring(path);
  if (!file) refuse(path, "cannot be read: " + reason());
  return read_open(file, path);
}

std::vector<SealingKey> make_or_read_keyring(const std::string& path, const Clock& clock) {
  if (!fs::exists(fs::symlink_status(path))) make(path, {make_sealing_key(clock)});
  return read_keyring(path);
}

KeyRing::News news_of_keyring(std::string path, std::vector<SealingKey> known) {
  return [path = std::move(path), known = std::move(known),
          seen = Stamp()]() mutable -> std::optional<std::vector<SealingKey>> {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0 || stamp_of(status) == seen) return std::nullopt;
    seen = stamp_of(status);
    try {
      auto keys = read_keyring(path);
      if (keys == known) return std::nullopt;
      known = keys;
      return keys;
    } catch (const Error&) {
      return std::nullopt;
    }
  };
}

void add_to_keyring(const std::string& path, SealingKey first) {
  const auto alone = lock(path);
  auto keys = read_keyring(path);
  keys.insert(keys.begin(), std::move(first));
  replace(path, keys);
}

void drop_from_keyring(const std::string& path, const std::vector<std::string>& ids) {
  const auto alone = lock(path);
  auto keys = read_keyring(path);
  std::erase_if(keys, [&](const SealingKey& key) { return std::ranges::find(ids, key.id) != ids.end(); });
  if (keys.empty()) throw std::logic_error("a ring without keys");
  replace(path, keys);
}

void write_keyring(const std::string& path, const std::vector<SealingKey>& keys) {
  if (!make(path, keys)) refuse(path, "is there already.");
}

}  // namespace odeon::server
