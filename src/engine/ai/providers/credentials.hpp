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
  // The same without waiting: true, and it is added. False where it has to be waited for.
  virtual bool add_now(http::ClientRequest&) { return false; }
  // The provider has refused what was added: what was kept of it is to be got anew.
  virtual void refused() {}
};

// A key in a header field: "Authorization: Bearer …", "x-api-key: …". An empty key adds nothing.
class HeaderKey final : public Credentials {
 public:
  HeaderKey(std::string field, std::string prefix, std::string key)
      : field_(std::move(field)), value_(key.empty() ? "" : std::move(prefix) + std::move(key)) {}
  Task<void> add_to(http::ClientRequest& request) override {
    add_now(request);
    co_return;
  }
  bool add_now(http::ClientRequest& request) override {
    if (!value_.empty()) request.headers.set(field_, value_);
    return true;
  }

 private:
  const std::string field_, value_;
};

inline std::shared_ptr<Credentials> bearer(std::string key) {
  return std::make_shared<HeaderKey>("Authorization", "Bearer ", std::move(key));
}

}  // namespace odeon::ai
