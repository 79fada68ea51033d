// An S3 server of a test's own: s3rver from npm, made strict (s3/server.js), in a scratch folder.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/time.hpp"
#include "engine/http/client.hpp"
#include "engine/storage/s3.hpp"
#include "testing/child.hpp"
#include "testing/scratch.hpp"

namespace odeon::testing {

class S3Server {
 public:
  // Its time stands still at `now`.
  explicit S3Server(Instant now);

  std::string endpoint() const { return "http://127.0.0.1:" + std::to_string(port_); }
  // Of the bucket that it has.
  storage::S3Options options() const;
  void set_time(Instant now);
  void kill() { child_->kill(); }
  // Uploads in parts that were neither completed nor given up.
  std::size_t uploads() const;

 private:
  ScratchFolder folder_;
  std::unique_ptr<Child> child_;
  std::uint16_t port_ = 0;
};

// The HTTP client as the S3 driver wants it, for the room that cannot see it.
class S3Client final : public storage::S3Transport {
 public:
  Task<storage::S3Response> send(storage::S3Request request) override;

 private:
  http::Client client_{http::ClientOptions{}};
};

}  // namespace odeon::testing
