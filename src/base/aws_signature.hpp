// Signature version 4 of AWS (IAM User Guide, "Create a signed AWS API request"): what S3 and all other services of
// AWS, and whatever speaks their protocols, want to see on a request.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace odeon::aws {

using Fields = std::vector<std::pair<std::string, std::string>>;

// What a request is about, before it is signed. All of it is covered by the signature.
struct Signable {
  std::string_view method;
  std::string path;  // as the service signs it: S3 as it is sent, all others canonical_path() of that
  Fields query;      // decoded
  Fields headers;    // names in lower case, the host among them; of the same name in the order in which they are sent
};

// Everything but unreserved characters and slashes escaped.
std::string encode_path(std::string_view path);
// The path of a request as all services but S3 sign it: `sent`, escapes included, without dots and doubled slashes
// and then escaped once more.
std::string canonical_path(std::string_view sent);
// As it stands in a URL: escaped and sorted.
std::string canonical_query(Fields query);

// Thread-safe.
class Signer {
 public:
  Signer(std::string access_key, std::string secret_key, std::string region, std::string service);

  // The header fields that sign the request, to be sent beside those given: the date, and the authorization last.
  // `payload_hash`: SHA-256 in hexadecimal.
  Fields sign(Signable what, std::string_view payload_hash, Instant now) const;
  // The query that signs a request until `lifetime` (1 second to 7 days, others are moved there) is over.
  std::string presign(Signable what, std::string_view payload_hash, std::chrono::seconds lifetime, Instant now) const;

 private:
  std::string scope(std::string_view day) const;
  std::string signature(const Signable& what, std::string_view payload_hash, std::string_view time) const;

  std::string access_key_, secret_key_, region_, service_;
};

}  // namespace odeon::aws
