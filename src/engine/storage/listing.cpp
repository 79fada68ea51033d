// Walks folders in the order of keys.
#include <dirent.h>

#include <algorithm>
#include <memory>

#include "engine/storage/disk.hpp"

namespace odeon::storage {
namespace {

// As they stand in keys: a folder with its slash. Sorted so, they are in the order of the keys below.
std::vector<std::string> entries_of(int folder) {
  auto entries = names_in(folder);
  for (auto& name : entries) {
    if (name.ends_with(','))
      name.pop_back();
    else
      name += '/';
  }
  std::ranges::sort(entries);
  return entries;
}

class Walk {
 public:
  Walk(const std::string& prefix, const std::string& cursor, std::size_t limit)
      : prefix_(prefix), cursor_(cursor), limit_(std::clamp<std::size_t>(limit, 1, 1000)) {}

  Page take() { return std::move(page_); }

  // `path` is the folder's part of the keys: empty or with a slash at its end.
  void visit(int parent, const std::string& name, const std::string& path) {
    const Descriptor folder(::openat(parent, name.c_str(), kOpenFolder));
    // Gone meanwhile, or nothing of ours.
    if (!folder && is_absent(errno)) return;
    must(static_cast<bool>(folder), "open of a folder");
    for (const auto& entry : entries_of(folder.get())) {
      const std::string full = path + entry;
      if (entry.ends_with('/')) {
        if (may_hold(full)) visit(folder.get(), entry.substr(0, entry.size() - 1), full);
      } else if (full > cursor_ && full.starts_with(prefix_) && is_key(full)) {
        add(folder.get(), entry, full);
      }
      if (!page_.next.empty()) return;
    }
  }

 private:
  bool may_hold(const std::string& folder) const {
    const bool after = folder > cursor_ || cursor_.starts_with(folder);
    return after && (folder.starts_with(prefix_) || prefix_.starts_with(folder));
  }

  void add(int folder, const std::string& name, const std::string& key) {
    const Descriptor file(::openat(folder, file_name(name).c_str(), kOpenObject));
    if (!file && is_absent(errno)) return;
    must(static_cast<bool>(file), "open of an object");
    if (page_.objects.size() == limit_) {
      page_.next = page_.objects.back().key;
      return;
    }
    page_.objects.push_back(stored_in(file.get(), key));
  }

  const std::string& prefix_;
  const std::string& cursor_;
  std::size_t limit_;
  Page page_;
};

}  // namespace

std::vector<std::string> names_in(int folder) {
  const int own = ::openat(folder, ".", kOpenFolder);
  must(own >= 0, "open of a folder");
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(own), ::closedir);
  must(stream != nullptr, "read of a folder");
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
    errno = 0;
  }
  must(errno == 0, "read of a folder");
  return names;
}

Page list_objects(int objects, const std::string& prefix, const std::string& cursor, std::size_t limit) {
  Walk walk(prefix, cursor, limit);
  walk.visit(objects, ".", "");
  return walk.take();
}

}  // namespace odeon::storage
