#include "server/s3_transport.hpp"

namespace odeon::server {
namespace {

http::Method method_of(std::string_view name) {
  for (const auto method :
       {http::Method::get, http::Method::head, http::Method::put, http::Method::post, http::Method::delete_})
    if (http::name_of(method) == name) return method;
  return http::Method::other;
}

}  // namespace

Task<storage::S3Response> HttpForS3::send(storage::S3Request request) {
  http::ClientRequest sent{
      .method = method_of(request.method), .url = std::move(request.url), .body = std::move(request.body)};
  for (auto& [name, value] : request.headers) sent.headers.add(std::move(name), std::move(value));
  http::ClientResponse answer = co_await client_.send(std::move(sent));
  storage::S3Response response{.status = answer.status, .body = std::move(answer.body)};
  for (const auto& [name, value] : answer.headers) response.headers.emplace_back(name, value);
  co_return response;
}

}  // namespace odeon::server
