#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <boost/asio/read.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <filesystem>

#include "base/crypto.hpp"
#include "engine/http/server.hpp"
#include "engine/http/server_fixture_test.hpp"

namespace odeon::http {
namespace {

namespace ssl = asio::ssl;

// A certificate for "localhost" signed by itself, in files of a scratch folder.
class Certificate {
 public:
  Certificate() {
    char name[] = "/tmp/odeon-tls-XXXXXX";
    folder_ = ::mkdtemp(name);
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_NAME* subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1,
                               0);
    X509_set_issuer_name(certificate, subject);
    X509_set_pubkey(certificate, key);
    X509_sign(certificate, key, EVP_sha256());
    write(certificate_file(), [&](FILE* file) { PEM_write_X509(file, certificate); });
    write(key_file(), [&](FILE* file) { PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr); });
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  ~Certificate() { std::filesystem::remove_all(folder_); }
  std::string certificate_file() const { return folder_ + "/certificate.pem"; }
  std::string key_file() const { return folder_ + "/key.pem"; }
  ServerOptions options() const {
    ServerOptions options;
    options.certificate_file = certificate_file();
    options.key_file = key_file();
    return options;
  }

 private:
  static void write(const std::string& path, const std::function<void(FILE*)>& content) {
    FILE* file = std::fopen(path.c_str(), "w");
    content(file);
    std::fclose(file);
  }
  std::string folder_;
};

struct TlsClient {
  asio::io_context loop;
  ssl::context context{ssl::context::tls_client};
  ssl::stream<asio::ip::tcp::socket> stream{loop, context};

  explicit TlsClient(std::uint16_t port) { stream.next_layer().connect({asio::ip::address_v4::loopback(), port}); }
  void handshake() { stream.handshake(ssl::stream_base::client); }
  // Sends, closes our side by the request's own wish, and reads to the end.
  std::string exchange(const std::string& request) {
    asio::write(stream, asio::buffer(request));
    std::string out;
    asio::read(stream, asio::dynamic_buffer(out), end);
    return out;
  }
  boost::system::error_code end;
};

std::string get(std::string_view path) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", path);
}

TEST(TlsTest, AnswersAndSaysThatItWasHttps) {
  Certificate certificate;
  TestServer server([](Request& request) -> Task<Response> { co_return text_response(request.scheme); },
                    certificate.options());
  TlsClient client(server.port);
  SSL_set_alpn_protos(client.stream.native_handle(), reinterpret_cast<const unsigned char*>("\x02h2\x08http/1.1"), 12);
  client.handshake();
  const unsigned char* protocol = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(client.stream.native_handle(), &protocol, &size);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(protocol), size), "http/1.1");
  EXPECT_TRUE(client.exchange(get("/")).ends_with("\r\n\r\nhttps"));
  EXPECT_EQ(client.end, asio::error::eof);  // a proper end, not a cut
}

TEST(TlsTest, OldVersionsAreRefused) {
  Certificate certificate;
  TestServer server([](Request&) -> Task<Response> { co_return text_response(""); }, certificate.options());
  TlsClient client(server.port);
  SSL_set_security_level(client.stream.native_handle(), 0);
  SSL_set_max_proto_version(client.stream.native_handle(), TLS1_1_VERSION);
  EXPECT_THROW(client.handshake(), boost::system::system_error);
}

TEST(TlsTest, PlainRequestsAndSilenceDoNotHarm) {
  Certificate certificate;
  auto options = certificate.options();
  options.header_time = std::chrono::milliseconds(50);
  TestServer server([](Request&) -> Task<Response> { co_return text_response("fine"); }, options);
  RawClient plain(server.port), silent(server.port);
  plain.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_FALSE(plain.read_to_end().contains("fine"));
  EXPECT_EQ(silent.read_to_end(), "");
  TlsClient client(server.port);
  client.handshake();
  EXPECT_TRUE(client.exchange(get("/")).ends_with("fine"));
}

class LargeObject final : public ReadableObject {
 public:
  explicit LargeObject(const std::string& bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Task<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override {
    co_return bytes_.copy(into.data(), into.size(), offset);
  }
  std::string content_type() const override { return "audio/mpeg"; }
  std::string etag() const override { return "\"1\""; }
  Instant modified() const override { return {}; }

 private:
  const std::string& bytes_;
};

TEST(TlsTest, LargeBodiesOfEveryKindArriveWhole) {
  Certificate certificate;
  const std::string bytes = crypto::random_bytes(3'000'000);
  TestServer server(
      [&bytes](this auto, Request& request) -> Task<Response> {
        Response response;
        response.body = bytes;
        if (request.path == "/object")
          response.body = ObjectBody{std::make_shared<LargeObject>(bytes), 0, bytes.size()};
        if (request.path == "/echo") response.body = co_await read_all(*request.body, 4'000'000);
        if (request.path == "/stream")
          response.body = [&bytes](this auto, BodyWriter& writer) -> Task<void> { co_await writer.write(bytes); };
        co_return response;
      },
      certificate.options());
  for (const std::string path : {"/text", "/object", "/echo", "/stream"}) {
    TlsClient client(server.port);
    client.handshake();
    std::string request = get(path);
    if (path == "/echo") {
      request.insert(request.size() - 2, "Content-Length: 3000000\r\n");
      request += bytes;
    }
    const std::string answer = client.exchange(request);
    const auto at = answer.find("\r\n\r\n") + 4;
    EXPECT_EQ(answer.find(bytes, at), path == "/stream" ? at + std::string_view("2dc6c0\r\n").size() : at) << path;
  }
}

TEST(TlsTest, AHandlerIsCancelledWhenItsClientLeaves) {
  Certificate certificate;
  Signal signal;
  TestServer server(
      [&signal](this auto, Request&) -> Task<Response> {
        try {
          co_await sleep_on_loop(std::chrono::hours(1));
        } catch (const boost::system::system_error&) {
          signal.raise("cancelled");
          throw;
        }
        co_return Response{};
      },
      certificate.options());
  TlsClient client(server.port);
  client.handshake();
  asio::write(client.stream, asio::buffer(get("/")));
  client.stream.next_layer().close();
  EXPECT_TRUE(signal.await("cancelled"));
}

TEST(TlsTest, WebSocketsWork) {
  namespace websocket = boost::beast::websocket;
  Certificate certificate;
  TestServer server(
      [](Request&) -> Task<Response> {
        Response response;
        response.body = [](WebSocket& socket) -> Task<void> {
          while (auto message = co_await socket.receive()) co_await socket.send(std::move(*message));
        };
        co_return response;
      },
      certificate.options());
  TlsClient client(server.port);
  client.handshake();
  websocket::stream<ssl::stream<asio::ip::tcp::socket>&> socket(client.stream);
  socket.handshake("localhost", "/");
  socket.write(asio::buffer(std::string(200'000, 'a')));
  boost::beast::flat_buffer buffer;
  EXPECT_EQ(socket.read(buffer), 200'000);
  boost::system::error_code failure;
  socket.close(websocket::close_code::normal, failure);
  EXPECT_EQ(socket.reason().code, 1000);
}

TEST(TlsTest, UnusableCertificatesAreErrors) {
  Certificate one, two;
  Loops loops(1);
  Log log(Log::Level::off);
  Metrics metrics;
  const auto try_with = [&](std::string certificate, std::string key) {
    ServerOptions options;
    options.certificate_file = std::move(certificate);
    options.key_file = std::move(key);
    Server server(options, loops, nullptr, log, metrics);
  };
  EXPECT_NO_THROW(try_with(one.certificate_file(), one.key_file()));
  EXPECT_THROW(try_with(one.certificate_file(), two.key_file()), Error);
  EXPECT_THROW(try_with("/nowhere.pem", one.key_file()), Error);
  EXPECT_THROW(try_with(one.key_file(), one.certificate_file()), Error);
  EXPECT_THROW(try_with(one.certificate_file(), ""), Error);
}

}  // namespace
}  // namespace odeon::http
