// The OpenSSL side of tls.hpp, for the few files that may see it.
#pragma once

#include <boost/asio/ssl/stream.hpp>

#include "engine/http/tls.hpp"

namespace odeon::http {

struct TlsStream::State {
  asio::ssl::stream<asio::ip::tcp::socket&> stream;
};

}  // namespace odeon::http
