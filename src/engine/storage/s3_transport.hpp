// The HTTP that the S3 driver needs, for whoever has an HTTP client to implement.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"

namespace odeon::storage {

using S3Fields = std::vector<std::pair<std::string, std::string>>;

struct S3Request {
  std::string method;  // GET, HEAD, PUT, POST or DELETE
  std::string url;
  S3Fields headers;  // without Host and Content-Length, which follow from the address and the body
  std::string body;  // a part of an object at most
};

struct S3Response {
  unsigned status = 0;
  S3Fields headers;
  std::unique_ptr<ByteSource> body;  // never null; throws if it is cut off
};

class S3Transport {
 public:
  virtual ~S3Transport() = default;
  // Any status is an answer; no redirect is followed. Throws an Error when there is none. Cancelling the
  // call, or destroying the body, ends the exchange. Thread-safe; the answer stays on the caller's loop.
  virtual Task<S3Response> send(S3Request request) = 0;
};

}  // namespace odeon::storage
