#include "engine/http/client_tls.hpp"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdlib>

#include "base/error.hpp"

namespace odeon::http::client {
namespace {

int descriptor_of(BIO* bio) {
  return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

int note_retry(BIO* bio, ssize_t result, int retry_flag) {
  BIO_clear_retry_flags(bio);
  if (result < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_flags(bio, retry_flag | BIO_FLAGS_SHOULD_RETRY);
  return static_cast<int>(result);
}

int bio_read(BIO* bio, char* into, int size) {
  return note_retry(bio, ::recv(descriptor_of(bio), into, static_cast<std::size_t>(size), 0), BIO_FLAGS_READ);
}

// OpenSSL's own socket BIO uses write(), which raises SIGPIPE when the peer is gone.
int bio_write(BIO* bio, const char* bytes, int size) {
  return note_retry(bio, ::send(descriptor_of(bio), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL),
                    BIO_FLAGS_WRITE);
}

long bio_control(BIO*, int command, long, void*) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

const BIO_METHOD* descriptor_method() {
  static const std::shared_ptr<BIO_METHOD> method = [] {
    std::shared_ptr<BIO_METHOD> made(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "descriptor"),
                                     BIO_meth_free);
    BIO_meth_set_read(made.get(), bio_read);
    BIO_meth_set_write(made.get(), bio_write);
    BIO_meth_set_ctrl(made.get(), bio_control);
    return made;
  }();
  return method.get();
}

std::string last_error(const char* otherwise) {
  const unsigned long code = ERR_peek_last_error();
  const char* reason = code ? ERR_reason_error_string(code) : nullptr;
  return reason ? reason : otherwise;
}

bool is_address(const std::string& host) {
  unsigned char bytes[16];
  return ::inet_pton(AF_INET, host.c_str(), bytes) == 1 || ::inet_pton(AF_INET6, host.c_str(), bytes) == 1;
}

}  // namespace

TlsContext::TlsContext(const std::string& authorities_file)
    : context_(SSL_CTX_new(TLS_client_method()), [](SSL_CTX* context) { SSL_CTX_free(context); }),
      of_system_(authorities_file.empty()) {
  SSL_CTX* context = context_.get();
  ERR_clear_error();
  if (!of_system_ && !SSL_CTX_load_verify_file(context, authorities_file.c_str()))
    throw Error(Fault::internal, "AUTHORITIES_UNUSABLE", "The file of certificate authorities cannot be used.")
        .with_detail(fmt::format("{}: {}", authorities_file, last_error("not readable")));
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context,
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  static constexpr unsigned char kProtocols[] = "\x08http/1.1";
  SSL_CTX_set_alpn_protos(context, kProtocols, sizeof(kProtocols) - 1);
}

// The system's folder is read one authority at a time. SSL_CERT_FILE is somebody's wish, so that file is
// read, though parsing a whole bundle takes longer than the rest of a start.
ssl_ctx_st* TlsContext::ready() const {
  SSL_CTX* context = context_.get();
  if (of_system_)
    std::call_once(trusts_system_, [context] {
      SSL_CTX_set_default_verify_dir(context);
      if (std::getenv(X509_get_default_cert_file_env())) SSL_CTX_set_default_verify_file(context);
    });
  return context;
}

TlsSession::TlsSession(const TlsContext& context, int descriptor, const std::string& host)
    : session_(SSL_new(context.ready()), [](SSL* session) { SSL_free(session); }) {
  SSL* session = session_.get();
  BIO* bio = BIO_new(descriptor_method());
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(descriptor)));
  BIO_set_init(bio, 1);
  SSL_set_bio(session, bio, bio);
  SSL_set_connect_state(session);
  if (is_address(host)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host.c_str());
  } else {
    SSL_set_hostflags(session, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    SSL_set1_host(session, host.c_str());
    SSL_set_tlsext_host_name(session, host.c_str());
  }
}

TlsSession::Step TlsSession::outcome(int result, std::size_t bytes) {
  if (result > 0) return {State::done, bytes};
  switch (SSL_get_error(session_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return {State::want_read};
    case SSL_ERROR_WANT_WRITE:
      return {State::want_write};
    case SSL_ERROR_ZERO_RETURN:
      return {State::ended};
    default:
      break;
  }
  const long verified = SSL_get_verify_result(session_.get());
  failure_ = verified == X509_V_OK ? last_error("the connection was cut")
                                   : fmt::format("certificate: {}", X509_verify_cert_error_string(verified));
  return {State::failed};
}

TlsSession::Step TlsSession::handshake() {
  ERR_clear_error();
  return outcome(SSL_do_handshake(session_.get()), 0);
}

TlsSession::Step TlsSession::read(std::span<char> into) {
  ERR_clear_error();
  std::size_t bytes = 0;
  const int result = SSL_read_ex(session_.get(), into.data(), into.size(), &bytes);
  return outcome(result, bytes);
}

TlsSession::Step TlsSession::write(std::string_view data) {
  ERR_clear_error();
  std::size_t bytes = 0;
  const int result = SSL_write_ex(session_.get(), data.data(), data.size(), &bytes);
  return outcome(result, bytes);
}

bool TlsSession::quiet() {
  ERR_clear_error();
  char byte = 0;
  const int result = SSL_peek(session_.get(), &byte, 1);
  return result <= 0 && outcome(result, 0).state == State::want_read;
}

}  // namespace odeon::http::client
