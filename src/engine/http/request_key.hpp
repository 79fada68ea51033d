// A client's own name for a request, which is carried out once however often it is sent: the header field
// Idempotency-Key.
#pragma once

#include <optional>
#include <string>

#include "engine/http/services.hpp"

namespace odeon::http {

// Nothing if the client sent none. Throws Error{invalid, "INVALID_IDEMPOTENCY_KEY"} for what is no key.
std::optional<std::string> request_key_of(const Caller& caller);

}  // namespace odeon::http
