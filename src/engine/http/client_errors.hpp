// The Errors of the HTTP client. What clients see names no address; `detail` names the origin and the
// reason, never a path, a query or a header.
#pragma once

#include "base/error.hpp"

namespace odeon::http::client {

// DNS, TCP, TLS, or a connection that was lost before the answer.
inline Error unreachable(std::string code, std::string detail) {
  return Error(Fault::unavailable, std::move(code), "A service that is needed for this cannot be reached.")
      .with_detail(std::move(detail));
}

inline Error timed_out(std::string detail) {
  return Error(Fault::timeout, "TIMEOUT", "A service that is needed for this took too long to answer.")
      .with_detail(std::move(detail));
}

// The answer breaks the protocol or a limit, or it ended too early.
inline Error bad_answer(std::string code, std::string detail) {
  return Error(Fault::upstream, std::move(code), "A service that is needed for this sent an unusable answer.")
      .with_detail(std::move(detail));
}

}  // namespace odeon::http::client
