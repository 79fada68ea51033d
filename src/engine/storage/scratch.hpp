// A folder for one test.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace odeon::storage {

class Scratch {
 public:
  Scratch() {
    std::string name = std::filesystem::temp_directory_path() / "odeon-storage-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace odeon::storage
