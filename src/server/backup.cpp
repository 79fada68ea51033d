#include "server/backup.hpp"

#include <fcntl.h>

#include <filesystem>
#include <fstream>

#include "base/json.hpp"
#include "engine/database/sqlite_backup.hpp"
#include "engine/storage/descriptor.hpp"
#include "server/data_lock.hpp"
#include "server/keyring_file.hpp"

namespace odeon::server {
namespace {

namespace fs = std::filesystem;

constexpr int kVersion = 1;
constexpr const char* kDatabase = "odeon.db";
constexpr const char* kKeyring = "keyring";
constexpr const char* kObjects = "objects/objects";  // drafts beside it are nobody's yet
constexpr const char* kList = "backup.json";

[[noreturn]] void refuse(std::string why) {
  throw Error(Fault::invalid, "BACKUP", std::move(why));
}

void sync(const fs::path& path) {
  const storage::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file || ::fsync(file.get()) != 0) refuse(path.string() + " cannot be written to the disk.");
}

void copy_durably(const fs::path& from, const fs::path& to) {
  fs::copy_file(from, to);
  sync(to);
}

bool is_there(const fs::path& path) {
  return fs::exists(fs::symlink_status(path));
}

// Copies what is not there yet. An object that is deleted under our hands is of no use any more.
void copy_objects(const fs::path& from, const fs::path& to) {
  fs::create_directories(to);
  std::error_code fault;
  for (fs::recursive_directory_iterator at(from, fault), end; !fault && at != end; at.increment(fault)) {
    const fs::path target = to / at->path().lexically_relative(from);
    if (at->is_directory(fault)) {
      fs::create_directories(target);
    } else if (!is_there(target)) {
      fs::copy_file(at->path(), target, fault);
      if (!fault) sync(target);
    }
    if (fault == std::errc::no_such_file_or_directory) fault.clear();
  }
  if (fault && fault != std::errc::no_such_file_or_directory)
    refuse("The objects cannot be copied: " + fault.message() + ".");
}

std::vector<SealingKey> keys_in(const fs::path& data) {
  return is_there(data / kKeyring) ? read_keyring(data / kKeyring) : std::vector<SealingKey>();
}

// Keys are added before they seal, and dropped when they seal nothing any more: those from before a moment together
// with those from after it open whatever was sealed then. The newest stays the first.
void add_missing(std::vector<SealingKey>& before, std::vector<SealingKey> after) {
  for (auto& key : before)
    if (std::ranges::find(after, key.id, &SealingKey::id) == after.end()) after.push_back(std::move(key));
  before = std::move(after);
}

Backup list_of(const fs::path& folder) {
  Backup backup{.version = kVersion, .made_at = to_iso8601(SystemClock().now())};
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_directory()) sync(entry.path());
    if (entry.is_regular_file())
      backup.files.push_back({entry.path().lexically_relative(folder).string(), entry.file_size()});
  }
  std::ranges::sort(backup.files, {}, &BackupFile::path);
  return backup;
}

void write_list(const fs::path& folder, const Backup& backup) {
  const fs::path draft = folder / "backup.json.draft";
  std::ofstream file(draft, std::ios::binary);
  file << json::write(backup) << '\n';
  file.close();
  if (!file) refuse(draft.string() + " cannot be written.");
  sync(draft);
  fs::rename(draft, folder / kList);
  sync(folder);
}

// A list is hostile until shown otherwise: its paths must stay below the folder.
bool is_inside(const std::string& path) {
  const fs::path normal = fs::path(path).lexically_normal();
  return path == kDatabase || path == kKeyring ||
         (path == normal.string() && path.starts_with(std::string(kObjects) + '/') &&
          std::ranges::find(normal, fs::path("..")) == normal.end());
}

Backup read_list(const fs::path& folder) {
  std::ifstream file(folder / kList, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) refuse(folder.string() + " is not a whole backup: it has no " + kList + ".");
  auto backup = json::from<Backup>(text);
  if (backup.version != kVersion) refuse(std::string(kList) + " is not one that this version reads.");
  if (std::ranges::find(backup.files, kDatabase, &BackupFile::path) == backup.files.end())
    refuse("The backup has no database.");
  for (const auto& [path, bytes] : backup.files) {
    std::error_code fault;
    const fs::path whole = folder / path;
    if (!is_inside(path) || fs::is_symlink(whole, fault)) refuse("The backup has a path that it may not have: " + path);
    if (fs::file_size(whole, fault) != bytes || fault)
      refuse("The backup is not whole: " + path + " is missing or cut off.");
  }
  return backup;
}

void move_away(const fs::path& data) {
  if (!is_there(data / kDatabase) && !is_there(data / kKeyring) && !is_there(data / "objects")) return;
  const fs::path aside =
      data / ("replaced-" + to_iso8601(std::chrono::floor<std::chrono::seconds>(SystemClock().now())));
  fs::create_directories(aside);
  // The log goes with its database: beside another one it would be played into that.
  for (const char* name : {"odeon.db-wal", "odeon.db-shm", kDatabase, kKeyring, "objects"})
    if (is_there(data / name)) fs::rename(data / name, aside / name);
}

}  // namespace

std::uint64_t Backup::bytes() const {
  std::uint64_t sum = 0;
  for (const auto& file : files) sum += file.bytes;
  return sum;
}

Backup back_up(const std::string& data, const std::string& to) {
  const fs::path from(data), folder(to);
  if (!is_there(from / kDatabase)) refuse("There is no database in " + data + ".");
  if (is_there(folder) && !(fs::is_directory(folder) && fs::is_empty(folder))) refuse(to + " is there already.");
  const DataLock lock(data, DataLock::Mode::shared);  // no restore in the middle of it
  fs::create_directories(folder / kObjects);
  fs::permissions(folder, fs::perms::owner_all);  // it holds secrets, as the data folder does
  copy_objects(from / kObjects, folder / kObjects);
  auto keys = keys_in(from);
  database::copy_sqlite(from / kDatabase, folder / kDatabase);
  add_missing(keys, keys_in(from));
  if (!keys.empty()) write_keyring(folder / kKeyring, keys);
  copy_objects(from / kObjects, folder / kObjects);
  const Backup backup = list_of(folder);
  write_list(folder, backup);
  return backup;
}

Backup restore(const std::string& data, const std::string& from, Replace replace) {
  const fs::path folder(from), into(data), draft = into / "restoring";
  const Backup backup = read_list(folder);
  const DataLock lock(data, DataLock::Mode::exclusive);
  if (replace == Replace::no && (is_there(into / kDatabase) || is_there(into / "objects")))
    refuse(data + " holds data already. With --force it is moved aside.");
  fs::remove_all(draft);  // of a restore that was killed
  fs::create_directories(draft / kObjects);
  for (const auto& [path, bytes] : backup.files) {
    fs::create_directories((draft / path).parent_path());
    copy_durably(folder / path, draft / path);
  }
  database::check_sqlite(draft / kDatabase);
  move_away(into);
  fs::rename(draft / "objects", into / "objects");
  if (is_there(draft / kKeyring)) {
    fs::permissions(draft / kKeyring, fs::perms::owner_read | fs::perms::owner_write);
    fs::rename(draft / kKeyring, into / kKeyring);
  }
  fs::rename(draft / kDatabase, into / kDatabase);
  fs::remove_all(draft);
  sync(into);
  return backup;
}

}  // namespace odeon::server
