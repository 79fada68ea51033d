// JSON objects whose every reader sees the same thing.
#pragma once

#include <optional>
#include <string_view>

#include "base/json.hpp"

namespace odeon::identity {

// The object that `text` is; nothing if it is none, or if any object in it has a member twice (parsers
// differ in which of the two they take, and forgers know).
std::optional<json::object> parse_strictly(std::string_view text);

}  // namespace odeon::identity
