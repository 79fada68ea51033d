// The protocol of one connection: requests in, answers out, in order (RFC 9112).
#pragma once

#include "engine/http/connection.hpp"

namespace odeon::http {

// Ends when the connection shall be closed.
Task<void> serve(Connection& connection);

}  // namespace odeon::http
