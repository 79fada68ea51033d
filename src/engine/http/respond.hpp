// Writes answers (RFC 9110, RFC 9112 §6).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/http/connection.hpp"
#include "engine/http/head.hpp"
#include "engine/http/message.hpp"

namespace odeon::http {

// How the end of an answer is told.
struct AnswerFraming {
  std::optional<std::uint64_t> length;
  bool chunked = false;
  bool close = false;        // no request will follow
  bool old_version = false;  // HTTP/1.0: to stay open must be said
};

// The head of an answer. Fields that frame it are left out of `response`, and what would break a line.
void append_head(std::string& out, const Response& response, const AnswerFraming& framing, std::string_view date);

// Puts a short answer into the connection's output, to go with what follows. Whether the connection can serve another
// request; nothing if the answer needs more than that and is left to `respond`.
std::optional<bool> respond_now(Connection& connection, const Request& request, const Head& head, Response& response,
                                bool keep_alive);

// Writes the answer, of which little is left after it; small ones stay in the connection's output, to go with what
// follows. Whether the connection can serve another request. Not for a SocketBody.
Task<bool> respond(Connection& connection, const Request& request, const Head& head, Response& response,
                   bool keep_alive);

// The answer to what broke framing or a limit; the connection closes after it.
Response refusal_response(const Refusal& refusal);

}  // namespace odeon::http
