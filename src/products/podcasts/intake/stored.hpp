// Objects of any size.
#pragma once

#include <optional>
#include <string>

#include "engine/storage/storage.hpp"

namespace odeon::podcasts {

// All of one that memory holds. Nothing if there is no such object.
Task<std::optional<std::string>> stored_bytes(storage::Storage& storage, std::string key);
// Of its bytes, in hexadecimal; what storage tells of them differs by its kind. Throws Error{internal} if it is gone.
Task<std::string> sha256_of(storage::Storage& storage, std::string key);

}  // namespace odeon::podcasts
