#include "testing/scratch.hpp"

#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace odeon::testing {

ScratchFolder::ScratchFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "odeon-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr)
    throw std::system_error(errno, std::generic_category(), "cannot make a scratch folder");
  path_ = pattern;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;  // a test that made its files unremovable has other worries
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace odeon::testing
