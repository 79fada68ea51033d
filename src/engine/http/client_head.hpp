// Headers on the wire, as RFC 9112 writes them: of requests going out and of answers coming in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/http/client.hpp"
#include "engine/http/client_target.hpp"

namespace odeon::http::client {

// Request line and header fields. Fields that the client sets itself are left out of the caller's.
// Throws Error{invalid} for names and values that would break the header.
std::string compose_head(const ClientRequest& request, const Target& target);

// Where an answer's body ends (RFC 9112 §6.3).
enum class BodyEnd { none, length, chunked, close };

struct AnswerHead {
  unsigned status = 0;
  Headers headers;
  BodyEnd body = BodyEnd::close;
  std::uint64_t length = 0;  // for BodyEnd::length
  bool keeps_alive = true;   // another request may follow on this connection
};

// Bytes up to and with the empty line that ends a header, once it is there. Looks at what begins at `from`.
std::optional<std::size_t> head_size(std::string_view bytes, std::size_t from);

// Throws Error{upstream} when the header breaks the protocol or frames its body in two ways.
AnswerHead parse_head(std::string_view head, Method asked);

}  // namespace odeon::http::client
