// The S3 driver's HTTP, by the HTTP client.
#pragma once

#include "engine/http/client.hpp"
#include "engine/storage/s3_transport.hpp"

namespace odeon::server {

class HttpForS3 final : public storage::S3Transport {
 public:
  explicit HttpForS3(http::Client& client) : client_(client) {}
  Task<storage::S3Response> send(storage::S3Request request) override;

 private:
  http::Client& client_;
};

}  // namespace odeon::server
