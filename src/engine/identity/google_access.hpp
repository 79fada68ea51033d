// Access to Google's APIs as a service account: a signed assertion is exchanged for a token of an hour (RFC 7523,
// developers.google.com/identity/protocols/oauth2/service-account).
#pragma once

#include <chrono>
#include <mutex>
#include <string>

#include "base/error.hpp"
#include "base/time.hpp"
#include "engine/http/client.hpp"
#include "engine/identity/keys.hpp"

namespace odeon::identity {

struct ServiceAccount {
  std::string email;
  std::string key_id;
  Key key;  // RSA
  std::string token_url;

  // Of the key file that Google's console gives. Throws Error{invalid} for what is none.
  static ServiceAccount from_json(std::string_view document);
};

// Thread-safe.
class GoogleAccess {
 public:
  // `time` is for one request; `away` what is thrown when no token is given. `client` and `clock` outlive it.
  GoogleAccess(http::Client& client, const Clock& clock, ServiceAccount account, std::string scope,
               std::chrono::milliseconds time, Error away);

  // Kept until shortly before its end. Throws `away`, or as the client does.
  Task<std::string> token();
  // It was refused before its end: the next is a new one.
  void drop(const std::string& token);

 private:
  http::Client& client_;
  const Clock& clock_;
  ServiceAccount account_;
  std::string scope_;
  std::chrono::milliseconds time_;
  Error away_;
  std::mutex mutex_;
  std::string token_;
  Instant good_until_;
};

}  // namespace odeon::identity
