#include "testing/http.hpp"

#include "base/bytes.hpp"
#include "engine/http/target.hpp"

namespace odeon::testing {
namespace {

class Collector final : public http::BodyWriter {
 public:
  Task<void> write(std::string_view bytes) override {
    text += bytes;
    co_return;
  }
  std::string text;
};

Task<std::string> text_of(http::ObjectBody body) {
  std::string out(body.length, '\0');
  std::size_t done = 0;
  while (done < out.size()) {
    const auto count = co_await body.object->read_at(body.offset + done, std::span(out).subspan(done));
    if (count == 0) throw std::runtime_error("an object ended early");
    done += count;
  }
  co_return out;
}

Task<std::string> text_of(http::Response& response) {
  if (auto* text = std::get_if<std::string>(&response.body)) co_return *text;
  if (auto* object = std::get_if<http::ObjectBody>(&response.body)) co_return co_await text_of(*object);
  if (auto* parts = std::get_if<http::PartsBody>(&response.body)) {
    std::string out;
    for (auto& [head, object] : parts->parts) out += head + co_await text_of(object);
    co_return out + parts->end;
  }
  if (auto* stream = std::get_if<http::StreamBody>(&response.body)) {
    Collector collector;
    co_await (*stream)(collector);
    co_return collector.text;
  }
  co_return "";
}

Task<HttpReply> run(http::Router& router, http::Request& request) {
  auto response = co_await router.handle(request);
  HttpReply reply{.status = response.status, .headers = response.headers};
  if (request.method != http::Method::head) reply.body = co_await text_of(response);
  co_return reply;
}

}  // namespace

Task<void> FakeAuthenticator::identify(const http::Request& request, std::string, http::Caller& caller) {
  auto token = request.headers.get("Authorization");
  if (token.empty()) co_return;
  if (!token.starts_with("Bearer ") || token == "Bearer wrong")
    throw Error(Fault::unauthenticated, "INVALID_TOKEN", "This token is not valid.");
  caller.user_id = token.substr(7);
}

Task<http::RateVerdict> FakeLimiter::take(std::string key, http::Rate rate) {
  auto& count = counts_[key];
  const bool allowed = count < rate.limit;
  if (allowed) ++count;
  co_return http::RateVerdict{.allowed = allowed,
                              .limit = rate.limit,
                              .remaining = rate.limit - count,
                              .reset = rate.window,
                              .retry_after = allowed ? std::chrono::seconds(0) : rate.window};
}

Task<void> FakeUploads::store(http::Upload& upload, ByteSource& bytes, std::uint64_t max_bytes) {
  std::string content = co_await read_all(bytes, max_bytes);
  upload.key = "upload-" + std::to_string(next_++);
  upload.size = static_cast<std::int64_t>(content.size());
  kept[upload.key] = std::move(content);
}

Task<void> FakeUploads::discard(std::string key) {
  kept.erase(key);
  co_return;
}

HttpServer::HttpServer() : HttpServer(authenticator) {}

HttpServer::HttpServer(http::Authenticator& knows) : router({knows, limiter, uploads, clock}, log) {
  add(std::make_unique<http::Api>("", "Server", std::make_unique<http::BareFormat>()));
}

http::Api& HttpServer::add(std::unique_ptr<http::Api> api) {
  return router.add(std::move(api));
}

http::Api& HttpServer::api(const std::string& name) {
  for (const auto& api : router.apis())
    if (api->name() == name) return *api;
  throw std::logic_error("no such API: " + name);
}

HttpReply HttpServer::call(http::Method method, std::string target, std::string body, HeaderList headers) {
  StringSource source(std::move(body));
  return call(method, std::move(target), source, std::move(headers));
}

HttpReply HttpServer::call(http::Method method, std::string target, ByteSource& body, HeaderList headers) {
  http::Request request;
  request.method = method;
  request.target = target;
  auto parsed = http::parse_target(target);
  if (!parsed) throw std::logic_error("a bad target: " + target);
  request.path = std::move(parsed->path);
  request.query = std::move(parsed->query);
  request.scheme = "http";
  request.remote = "127.0.0.1";
  request.id = "request-1";
  request.allow_slow_body = [] {};
  request.allow_large_body = [](std::uint64_t) {};
  for (auto& [name, value] : headers) request.headers.set(std::move(name), std::move(value));
  if (!request.headers.find("Host")) request.headers.set("Host", "test");
  const auto host = request.headers.get("Host");
  request.host = text::to_lower(host.substr(0, host.find(':')));
  request.body = &body;
  return run_task(run(router, request));
}

HttpReply HttpServer::get(std::string target, HeaderList headers) {
  return call(http::Method::get, std::move(target), "", std::move(headers));
}

HttpReply HttpServer::post(std::string target, std::string body, HeaderList headers) {
  return call(http::Method::post, std::move(target), std::move(body), std::move(headers));
}

}  // namespace odeon::testing
