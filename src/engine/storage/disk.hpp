// The filesystem work of the files driver: it blocks, so it runs on the pool.
//
//   FOLDER/objects/briefings/editions/0193.mp3,    the comma tells an object from a folder of its name
//   FOLDER/incoming/…                              drafts: one per put that is under way
#pragma once

#include <fcntl.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/crypto.hpp"
#include "engine/storage/descriptor.hpp"
#include "engine/storage/storage.hpp"

namespace odeon::storage {

// Thread-safe. Follows no symbolic link below FOLDER, and leaves it by no key.
class Disk {
 public:
  class Draft;

  // Creates the folder and removes the drafts of processes that died.
  explicit Disk(const std::string& folder);

  // Nothing if there is no such object.
  Descriptor open(std::string_view key) const;
  std::optional<Stored> stat(const std::string& key) const;
  void remove(const std::string& key) const;
  Page list(const std::string& prefix, const std::string& cursor, std::size_t limit) const;

 private:
  Descriptor folder_of(std::string_view key, bool create) const;
  void clean() const;

  Descriptor objects_;
  Descriptor incoming_;
};

// An object being written: invisible until `commit`, gone if destroyed before. Not thread-safe.
// A lock on its file says that its process lives.
class Disk::Draft {
 public:
  explicit Draft(std::shared_ptr<const Disk> disk);
  ~Draft();
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  void append(std::string_view bytes);
  // Durable and visible under `key` when it returns.
  Stored commit(const std::string& key, const std::string& content_type, Instant now);
  // Throws unless what was appended can be made durable and read back.
  void check();

 private:
  void write(std::string_view bytes);

  std::shared_ptr<const Disk> disk_;
  std::string name_;
  Descriptor file_;
  std::uint64_t size_ = 0;
  crypto::Digest sha256_{crypto::Digest::Algorithm::sha256};
  crypto::Digest md5_{crypto::Digest::Algorithm::md5};
};

constexpr int kOpenFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
// Without waiting, should someone have put a pipe there; regular files do not mind.
constexpr int kOpenObject = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;

// A page of what lies under `objects` (an open folder). Reads the names of one folder at a time.
Page list_objects(int objects, const std::string& prefix, const std::string& cursor, std::size_t limit);

// What lies in an open folder, in no order.
std::vector<std::string> names_in(int folder);

// Whether errno says that nothing of ours lies at a path.
bool is_absent(int reason);

// What an open object file says of itself.
Stored stored_in(int descriptor, std::string key);

// The name of an object's file in its folder.
std::string file_name(std::string_view last_segment);

}  // namespace odeon::storage
