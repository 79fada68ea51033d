// What clients are told where no model answers, or no longer. Of what models say of themselves they hear nothing; what
// was wrong with the request stays as it is.
#pragma once

#include <chrono>
#include <exception>

#include "base/error.hpp"

namespace odeon::chat {

inline constexpr std::chrono::seconds kTryAgain{30};  // where nobody says when

// No model can answer at the moment.
Error nobody_answers();
// What a person is told of a failure, whoever it was that failed. Throws on what is not an Error.
Error told_of(std::exception_ptr failure);
// What a program is told that asked for one model: that none of its sellers can answer; their limits are its own to
// heed. What was too long for the model is at the field `input_at`.
[[noreturn]] void throw_unanswered(std::exception_ptr failure, const char* input_at);

}  // namespace odeon::chat
