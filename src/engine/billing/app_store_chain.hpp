// What the App Store signs: JSON as JWS, whose header brings the certificates of the key. They are believed if they
// lead to a root that we know and are those of App Store receipts, as Apple's own libraries check it offline: at the
// time of the signature, without asking for revocations.
#pragma once

#include <memory>
#include <string_view>

#include "base/json.hpp"

namespace odeon::billing {

// Immutable, cheap to copy, thread-safe.
class AppleRoots {
 public:
  // One certificate or several, in PEM. Throws Error{invalid} for what holds none or anything else.
  explicit AppleRoots(std::string_view pem);
  // Apple Root CA - G3, which is what the App Store's certificates lead to.
  static AppleRoots standard();

  // The payload of what is signed with ES256 by a certificate for receipts (1.2.840.113635.100.6.11.1), issued by
  // Apple's authority for that (…6.2.1), issued by one of the roots; the root that is sent counts for nothing.
  // Throws Error{invalid, "INVALID_SIGNATURE"} for all else. For whom it was signed is for the caller to see.
  json::object read(std::string_view jws) const;

 private:
  struct State;
  std::shared_ptr<const State> state_;
};

}  // namespace odeon::billing
