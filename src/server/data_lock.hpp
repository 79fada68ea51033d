// Who uses a data folder: any number of servers together, or one command that replaces what is in it.
#pragma once

#include <string>

#include "engine/storage/descriptor.hpp"

namespace odeon::server {

// Held until destruction, or until the process ends in whatever way (flock(2) on DATA/odeon.lock).
class DataLock {
 public:
  enum class Mode { shared, exclusive };
  // Makes the folder if need be. Never waits: throws Error{conflict} when others hold it in a way that does not
  // go together with this one.
  DataLock(const std::string& data, Mode mode);

 private:
  storage::Descriptor file_;
};

}  // namespace odeon::server
