// What lies below one prefix, taken as a whole.
#pragma once

#include <string>

#include "engine/storage/storage.hpp"

namespace odeon::storage {

// Removes all whose keys begin with `folder`; returns how many there were. What comes meanwhile may stay.
Task<std::int64_t> remove_folder(Storage& storage, std::string folder);

}  // namespace odeon::storage
