// With what a call proves whose it is.
#pragma once

#include <memory>
#include <string>

#include "base/task.hpp"
#include "engine/http/client.hpp"

namespace odeon::ai {

// Thread-safe.
class Credentials {
 public:
  virtual ~Credentials() = default;
  // Adds what the request needs; its method, address, headers and body are complete and do not change afterwards.
  // Throws Error{unavailable} when there is none to be had at the moment.
  virtual Task<void> add_to(http::ClientRequest& request) = 0;
  // The provider has refused what was added: what was kept of it is to be got anew.
  virtual void refused() {}
};

// A key in a header field: "Authorization: Bearer …", "x-api-key: …". An empty key adds nothing.
class HeaderKey final : public Credentials {
 public:
  HeaderKey(std::string field, std::string prefix, std::string key)
      : field_(std::move(field)), prefix_(std::move(prefix)), key_(std::move(key)) {}
  Task<void> add_to(http::ClientRequest& request) override {
    if (!key_.empty()) request.headers.set(field_, prefix_ + key_);
    co_return;
  }

 private:
  std::string field_, prefix_, key_;
};

inline std::shared_ptr<Credentials> bearer(std::string key) {
  return std::make_shared<HeaderKey>("Authorization", "Bearer ", std::move(key));
}

}  // namespace odeon::ai
