// Objects of a size that memory holds, as a whole.
#pragma once

#include <optional>
#include <string>

#include "engine/storage/storage.hpp"

namespace odeon::storage {

// Nothing if there is no such object. Throws Error{too_large} beyond `max_bytes`.
Task<std::optional<std::string>> bytes_of(Storage& storage, std::string key, std::uint64_t max_bytes);

}  // namespace odeon::storage
