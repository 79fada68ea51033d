// What the endpoint layer asks of rooms above and beside it. Those rooms implement these interfaces,
// server/wiring joins them.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "engine/http/endpoint.hpp"
#include "engine/http/message.hpp"

namespace odeon::http {

struct RateVerdict {
  bool allowed = true;
  std::int64_t limit = 0;
  std::int64_t remaining = 0;
  std::chrono::seconds reset{0};
  std::chrono::seconds retry_after{0};
};

// Who calls, as a handler sees it.
struct Caller {
  std::string user_id;  // empty: anonymous
  std::string email;
  std::string address;  // of the client
  std::string request_id;
  std::string base_url;             // of the product as the client reached it: "https://example.com/briefings"
  std::vector<std::string> scopes;  // what the credentials are limited to; none: all that the person may do
  std::string session_id;           // of the person's own session; empty for keys and tokens of others
  std::string idempotency_key;      // of a POST: as the client sent it, or empty
  std::string accept;               // what the client wants to read, as it says: the header field Accept
  TraceContext trace;               // of the request: for the jobs and calls that it brings about
  // What the answer's header says of limits. A handler that counts by one of its own puts that here; null where nobody
  // is going to be told. It lives as long as the handler works.
  RateVerdict* rate = nullptr;

  bool anonymous() const { return user_id.empty(); }
};

// Tells who sends a request, by its token, cookie or key.
class Authenticator {
 public:
  virtual ~Authenticator() = default;
  // Fills user_id, email, scopes and session_id; leaves them alone when no credentials came. Throws
  // Error{unauthenticated} for credentials that are wrong. `product` is the name of the mounted API.
  virtual Task<void> identify(const Request& request, std::string product, Caller& caller) = 0;
};

class RateLimiter {
 public:
  virtual ~RateLimiter() = default;
  virtual Task<RateVerdict> take(std::string key, Rate rate) = 0;
};

// Where uploads are streamed to while they arrive.
class UploadStore {
 public:
  virtual ~UploadStore() = default;
  // Fills key and size. Throws Error{too_large} beyond `max_bytes`.
  virtual Task<void> store(Upload& upload, ByteSource& bytes, std::uint64_t max_bytes) = 0;
  // For uploads of a request that turned out faulty.
  virtual Task<void> discard(std::string key) = 0;
};

// Follows a file of a form while it is stored, for an endpoint that begins its work before all of it is here. Called on
// the loop that reads the form, so it must not wait. It ends without `accepted` where nothing comes of the request: its
// sender left, the file cannot be kept, or something in the form is wrong.
class UploadWatcher {
 public:
  virtual ~UploadWatcher() = default;
  virtual void arrived(std::span<const char> bytes) = 0;
  // The form is whole and right: the handler has the object next, and whatever came of watching it.
  virtual void accepted(const Upload& upload) = 0;
};
// Asked for each file that the endpoint wants; `fields` is what of the form came before it, not looked at yet. Null:
// nobody watches.
using WatchUpload = std::function<std::unique_ptr<UploadWatcher>(const json::object& fields)>;

struct Services {
  Authenticator& authenticator;
  RateLimiter& limiter;
  UploadStore& uploads;
  const Clock& clock;
};

}  // namespace odeon::http
