// What this product refuses, in one wording each.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace odeon::stories {

// One fault of a field that only a second look tells.
Error fault_at(std::string field, std::string code, std::string message);

Error no_such_hero();
Error no_such_story();
Error no_such_event();
Error no_such_file();

// `text` without white space at its ends. Throws fault_at where nothing is left.
std::string with_words(std::string field, std::string_view text);

}  // namespace odeon::stories
