// From a host name to a connected socket.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <string>

#include "base/task.hpp"
#include "engine/http/client.hpp"

namespace odeon::http::client {

// Tries every address of `host` that `may_connect` lets through, the families in turn; the next one starts when the one
// before failed or is silent for a quarter of a second, and the first to connect wins (after RFC 8305). The socket has
// TCP_NODELAY. Throws Error{timeout} at `due`, Error{unavailable} when no address is left, Error{forbidden} when there
// never was one. The filter outlives the call.
Task<asio::ip::tcp::socket> connect(std::string host, std::uint16_t port, std::chrono::steady_clock::time_point due,
                                    const AddressFilter& may_connect);

}  // namespace odeon::http::client
