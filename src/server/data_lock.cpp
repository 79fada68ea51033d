#include "server/data_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <filesystem>

namespace odeon::server {

DataLock::DataLock(const std::string& data, Mode mode) {
  std::error_code fault;
  std::filesystem::create_directories(data, fault);
  const auto path = std::filesystem::path(data) / "odeon.lock";
  file_ = storage::Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file_)
    throw Error(Fault::invalid, "DATA_FOLDER",
                "The data folder " + data + " cannot be used: " + std::generic_category().message(errno) + ".");
  if (::flock(file_.get(), (mode == Mode::shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0) return;
  if (mode == Mode::shared)
    throw Error(Fault::conflict, "DATA_IN_USE", "The data folder " + data + " is being restored.");
  throw Error(Fault::conflict, "DATA_IN_USE", "A server runs in " + data + ". Stop it first.");
}

}  // namespace odeon::server
