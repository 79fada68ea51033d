// Endpoints without sockets: a router with obliging services, called in process.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "engine/http/router.hpp"
#include "testing/clock.hpp"

namespace odeon::testing {

// "Bearer NAME" is the user NAME; "Bearer wrong" is refused.
class FakeAuthenticator final : public http::Authenticator {
 public:
  Task<void> identify(const http::Request& request, std::string product, http::Caller& caller) override;
};

// Counts calls; windows never end.
class FakeLimiter final : public http::RateLimiter {
 public:
  Task<http::RateVerdict> take(std::string key, http::Rate rate) override;

 private:
  std::map<std::string, std::int64_t> counts_;
};

// Keeps uploads in memory under "upload-1", "upload-2", …
class FakeUploads final : public http::UploadStore {
 public:
  Task<void> store(http::Upload& upload, ByteSource& bytes, std::uint64_t max_bytes) override;
  Task<void> discard(std::string key) override;
  std::map<std::string, std::string> kept;

 private:
  int next_ = 1;
};

struct HttpReply {
  unsigned status = 0;
  http::Headers headers;
  std::string body;  // of objects too, by reading them; streams are run to their end
  json::value json() const { return json::parse(body); }
};

class HttpServer {
 public:
  using HeaderList = std::vector<std::pair<std::string, std::string>>;

  HttpServer();
  explicit HttpServer(http::Authenticator& authenticator);
  http::Api& add(std::unique_ptr<http::Api> api);
  http::Api& api(const std::string& name);

  HttpReply call(http::Method method, std::string target, std::string body, HeaderList headers = {});
  HttpReply call(http::Method method, std::string target, ByteSource& body, HeaderList headers = {});
  HttpReply get(std::string target, HeaderList headers = {});
  HttpReply post(std::string target, std::string body, HeaderList headers = {});

  FakeClock clock;
  Log log{Log::Level::off};
  FakeAuthenticator authenticator;
  FakeLimiter limiter;
  FakeUploads uploads;
  http::Router router;
};

}  // namespace odeon::testing
