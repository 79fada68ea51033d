// Signatures of webhooks as Standard Webhooks has them (standardwebhooks.com): HMAC-SHA256 over
// id "." timestamp "." body.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace odeon::notify {

// "whsec_" and 32 random bytes in base64.
std::string new_webhook_secret();

struct WebhookSignature {
  std::string timestamp;  // webhook-timestamp: seconds since 1970
  std::string signature;  // webhook-signature: "v1,…", one for each secret, with a space between
};

// `secrets` are as new_webhook_secret gives them; what is none is a logic_error.
WebhookSignature sign_webhook(std::string_view id, Instant now, std::string_view body,
                              const std::vector<std::string>& secrets);

}  // namespace odeon::notify
