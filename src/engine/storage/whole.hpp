// Objects read from front to back.
#pragma once

#include <limits>
#include <optional>
#include <string>

#include "engine/storage/storage.hpp"

namespace odeon::storage {

// All of one that memory holds. Nothing if there is no such object. Throws Error{too_large} beyond `max_bytes`.
Task<std::optional<std::string>> bytes_of(Storage& storage, std::string key,
                                          std::uint64_t max_bytes = std::numeric_limits<std::uint64_t>::max());
// What was uploaded, which then is no longer kept, also when it cannot be read. Throws Error{internal} if it is gone.
Task<std::string> take_upload(Storage& storage, std::string key);
// Of an object of any size, or of so many bytes at its beginning, in hexadecimal; what storages tell of their bytes
// differs. Throws Error{internal} if it is gone, or shorter.
Task<std::string> sha256_of(Storage& storage, std::string key, std::optional<std::uint64_t> bytes = std::nullopt);

}  // namespace odeon::storage
