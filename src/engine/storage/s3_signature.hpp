// AWS signature version 4 as S3 has it (docs.aws.amazon.com, "Authenticating Requests: Using the Authorization
// Header" and "… Using Query Parameters"): the path is escaped once, the hash of the payload is a header field, and
// the payload of a signed address is not signed.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/aws_signature.hpp"
#include "base/time.hpp"
#include "engine/storage/s3_transport.hpp"

namespace odeon::storage {

// What a request is about, before it is signed. All of it is covered by the signature.
struct S3Signable {
  std::string_view method;
  std::string_view host;  // with the port where it is not the scheme's
  std::string_view path;  // decoded
  S3Fields query;         // decoded
  S3Fields headers;       // names in lower case, without host
};

// Thread-safe.
class S3Signer {
 public:
  S3Signer(std::string access_key, std::string secret_key, std::string region);

  // The header fields that sign the request, to be sent beside those given. `payload_hash`: SHA-256 in
  // hexadecimal.
  S3Fields sign(S3Signable what, std::string_view payload_hash, Instant now) const;
  // The query that signs a request for any payload until `lifetime` (1 second to 7 days, others are moved
  // there) is over.
  std::string presign(S3Signable what, std::chrono::seconds lifetime, Instant now) const;

 private:
  aws::Signer signer_;
};

// As they stand in a URL: everything but unreserved characters (and slashes of a path) escaped.
std::string s3_path(std::string_view path);
std::string s3_query(S3Fields query);  // sorted

}  // namespace odeon::storage
