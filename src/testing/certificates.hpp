// Certificates made on the spot, for tests of TLS.
#pragma once

#include <string>

namespace odeon::testing {

struct Certificate {
  std::string certificate;  // PEM
  std::string key;          // PEM
};

// An authority that nobody trusts yet.
Certificate make_authority(const std::string& name);
// A server's certificate for `host` (a name or an address), signed by `authority`.
Certificate make_certificate(const std::string& host, const Certificate& authority);

}  // namespace odeon::testing
