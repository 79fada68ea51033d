#include "testing/s3_server.hpp"

#include <filesystem>
#include <stdexcept>

namespace odeon::testing {
namespace {

std::string seconds(Instant now) {
  return std::to_string(std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
}

http::Method method_of(std::string_view name) {
  for (const auto method : {http::Method::get, http::Method::head, http::Method::put, http::Method::post})
    if (http::name_of(method) == name) return method;
  return http::Method::delete_;
}

Task<void> put(std::string url, std::string body) {
  http::Client client{http::ClientOptions{}};
  auto response = co_await client.send({.method = http::Method::put, .url = url, .body = body});
  static_cast<void>(co_await read_all(*response.body, 1024));
}

}  // namespace

S3Server::S3Server(Instant now)
    : child_(std::make_unique<Child>(
          std::vector<std::string>{ODEON_SOURCE_DIR "/src/testing/s3/run", folder_.path().string()},
          std::map<std::string, std::string>{{"ODEON_NOW", seconds(now)}})) {
  const std::string line = child_->wait_for_line("listening on ");
  if (line.empty()) throw std::runtime_error("the S3 server does not start: " + child_->output());
  port_ = static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(' ') + 1)));
}

storage::S3Options S3Server::options() const {
  return {.endpoint = endpoint(),
          .region = "eu-test-1",
          .bucket = "bucket",
          .access_key = "AKIDODEON",
          .secret_key = "secret/of+the=test",
          .path_style = true};
}

void S3Server::set_time(Instant now) {
  run_task(put(endpoint() + "/-/clock", seconds(now)));
}

std::size_t S3Server::uploads() const {
  const std::string folder = folder_ / "bucket/._S3rver_uploads";
  if (!std::filesystem::exists(folder)) return 0;
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

Task<storage::S3Response> S3Client::send(storage::S3Request request) {
  http::ClientRequest wanted{.method = method_of(request.method), .url = request.url, .body = std::move(request.body)};
  for (auto& [name, value] : request.headers) wanted.headers.add(std::move(name), std::move(value));
  auto answer = co_await client_.send(std::move(wanted));
  storage::S3Response response{.status = answer.status, .body = std::move(answer.body)};
  for (const auto& [name, value] : answer.headers) response.headers.emplace_back(name, value);
  co_return response;
}

}  // namespace odeon::testing
