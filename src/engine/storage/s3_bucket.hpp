// Signed requests to one bucket, repeated while that may help.
#pragma once

#include "engine/storage/s3.hpp"
#include "engine/storage/s3_signature.hpp"

namespace odeon::storage {

struct S3Call {
  std::string method;
  std::string key;  // empty: the bucket itself
  S3Fields query;
  S3Fields headers;   // lower-case names; signed
  std::string range;  // not signed
  std::string body;
  std::string payload_hash;        // SHA-256 of `body` in hexadecimal, if it is known
  std::size_t most = 1024 * 1024;  // of bytes in the answer; more is nonsense
};

struct S3Answer {
  unsigned status = 0;
  S3Fields headers;
  std::string body;
  bool repeated = false;  // an earlier attempt may have done it already

  // The first value, without regard to case; empty if there is none.
  std::string_view header(std::string_view name) const;
};

// Thread-safe. The transport and the clock outlive it.
class S3Bucket {
 public:
  S3Bucket(S3Options options, S3Transport& transport, const Clock& clock);

  // The whole answer, of any status but those that are worth another attempt. Throws Error{unavailable}.
  Task<S3Answer> ask(S3Call call) const;

  // An address for clients.
  std::string presigned(std::string_view method, std::string_view key, S3Fields headers,
                        std::chrono::seconds lifetime) const;
  const S3Options& options() const { return options_; }
  Instant now() const { return clock_.now(); }

 private:
  // An endpoint as this bucket is reached at it.
  struct Place {
    std::string origin, host, root;
  };
  static Place place_at(const std::string& endpoint, const S3Options& options);
  Task<S3Answer> attempt(const S3Call& call) const;

  S3Options options_;
  Place place_, public_place_;
  S3Signer signer_;
  S3Transport& transport_;
  const Clock& clock_;
};

[[noreturn]] void s3_fail(std::string detail);
// What an answer becomes that nothing can be done with.
[[noreturn]] void s3_refuse(std::string_view what, const S3Answer& answer);

}  // namespace odeon::storage
