// A request out and the header of its answer in, over one connection.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "engine/http/client_connection.hpp"

namespace odeon::http::client {

struct Exchange {
  AnswerHead head;
  bool sent_whole = true;  // else the answer came before the request was out, and sending stopped
};

// `head` is the composed header of `request`; both outlive the call. `answer_time` is the limit for
// every step of sending and then for the answer's header; a request stream may take its own time.
// Nothing: the connection was lost before any byte of an answer. What the request's stream throws is
// passed on.
Task<std::optional<Exchange>> exchange(Connection& connection, const ClientRequest& request, std::string head,
                                       std::chrono::milliseconds answer_time, std::size_t max_head_bytes);

}  // namespace odeon::http::client
