// Objects of any size.
#pragma once

#include <string>

#include "engine/storage/storage.hpp"

namespace odeon::podcasts {

// Of its bytes, in hexadecimal; what storage tells of them differs by its kind. Throws Error{internal} if it is gone.
Task<std::string> sha256_of(storage::Storage& storage, std::string key);

}  // namespace odeon::podcasts
