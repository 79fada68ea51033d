// Objects of a size that memory holds, as a whole.
#pragma once

#include <optional>
#include <string>

#include "engine/storage/storage.hpp"

namespace odeon::chat {

// Nothing if there is no such object.
Task<std::optional<std::string>> stored_bytes(storage::Storage& storage, std::string key);
// What was uploaded, which then is no longer kept, also when it cannot be read.
Task<std::string> take_upload(storage::Storage& storage, std::string key);

}  // namespace odeon::chat
