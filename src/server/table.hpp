// What commands print for people: JSON as tables.
#pragma once

#include <string>

#include "base/json.hpp"

namespace odeon::server {

// An array of objects as a table with a column for each member, an object as a line for each member with the arrays
// of objects in it as tables below. Ends with a line break. Control characters are shown as what they are, so that
// nothing that people wrote moves the terminal's cursor.
std::string as_text(const json::value& value);

}  // namespace odeon::server
