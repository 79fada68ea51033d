// A request to an outside API that answers JSON, or what stands before it.
#pragma once

#include <string>

#include "base/json.hpp"
#include "engine/http/client.hpp"

namespace odeon::http {

struct JsonAnswer {
  unsigned status = 0;
  std::string retry_after;  // as it came, or empty
  json::value document;     // null if it was not JSON: a page of something that stands before the service
};

// Throws Error as the client does, {too_large} for an answer of more than `max_bytes`, {timeout} after `time`.
Task<JsonAnswer> call_json(Client& client, ClientRequest request, std::size_t max_bytes,
                           std::chrono::milliseconds time);

}  // namespace odeon::http
