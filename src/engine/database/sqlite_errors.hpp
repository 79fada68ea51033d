// SQLite's result codes in Odeon's vocabulary.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace odeon::database::sqlite {

// What everyone is told when the engine is away, full or busy; `detail` is for logs.
Error unavailable(std::string detail);

// Throws a Violation, Error{unavailable}, or runtime_error where the statement itself is at fault.
[[noreturn]] void throw_failure(int extended_code, std::string_view message, std::string_view sql);

}  // namespace odeon::database::sqlite
