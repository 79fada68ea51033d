#include "engine/http/tls.hpp"

#include <openssl/ssl.h>

#include "base/error.hpp"
#include "engine/http/tls_state.hpp"

namespace odeon::http {
namespace {

using boost::system::error_code;

// Whatever the client offers, HTTP/1.1 is what it gets; without an offer of it, no protocol is named.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned offered_size, void*) {
  static constexpr unsigned char http[] = "\x08http/1.1";
  unsigned char* found = nullptr;
  const int result = SSL_select_next_proto(&found, size, http, sizeof http - 1, offered, offered_size);
  *chosen = found;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

struct TlsContext::State {
  asio::ssl::context context{asio::ssl::context::tls_server};
};

TlsContext::TlsContext(const std::string& certificate_file, const std::string& key_file)
    : state_(std::make_unique<State>()) {
  auto& context = state_->context;
  try {
    context.use_certificate_chain_file(certificate_file);
    context.use_private_key_file(key_file, asio::ssl::context::pem);
  } catch (const boost::system::system_error& failure) {
    throw Error(Fault::internal, "TLS_CERTIFICATE", "The TLS certificate or its key cannot be used.")
        .with_detail(fmt::format("{} with {}: {}", certificate_file, key_file, failure.what()));
  }
  SSL_CTX* native = context.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
}

TlsContext::~TlsContext() = default;

TlsStream::TlsStream(asio::ip::tcp::socket& socket, const TlsContext& context)
    : state_(new State{.stream{socket, context.state_->context}}) {}

TlsStream::~TlsStream() = default;

Task<void> TlsStream::handshake() {
  co_await state_->stream.async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
}

Task<std::size_t> TlsStream::read_some(std::span<char> into, error_code& failure) {
  co_return co_await state_->stream.async_read_some(asio::buffer(into.data(), into.size()),
                                                    asio::redirect_error(asio::use_awaitable, failure));
}

void TlsStream::read_later(std::span<char> into, std::function<void(error_code, std::size_t)> done) {
  state_->stream.async_read_some(asio::buffer(into.data(), into.size()), std::move(done));
}

Task<std::size_t> TlsStream::write_some(std::string_view bytes) {
  co_return co_await state_->stream.async_write_some(asio::buffer(bytes), asio::use_awaitable);
}

Task<void> TlsStream::shut_down() {
  error_code ignored;
  co_await state_->stream.async_shutdown(asio::redirect_error(asio::use_awaitable, ignored));
}

}  // namespace odeon::http
