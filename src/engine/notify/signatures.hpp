// The secrets with which our own webhooks are signed, as Standard Webhooks has it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/standard_webhooks.hpp"

namespace odeon::notify {

// "whsec_" and 32 random bytes in base64.
std::string new_webhook_secret();

// `secrets` are as new_webhook_secret gives them; what is none is a logic_error.
standard_webhooks::Signature sign_webhook(std::string_view id, Instant now, std::string_view body,
                                          const std::vector<std::string>& secrets);

}  // namespace odeon::notify
