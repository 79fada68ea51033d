#include "engine/notify/signatures.hpp"

#include <stdexcept>

#include "base/crypto.hpp"

namespace odeon::notify {
namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr std::size_t kSecretBytes = 32;

std::string key_of(std::string_view secret) {
  auto key = secret.starts_with(kPrefix) ? crypto::from_base64(secret.substr(kPrefix.size())) : std::nullopt;
  if (!key || key->empty()) throw std::logic_error("this is no secret of a webhook");
  return std::move(*key);
}

}  // namespace

std::string new_webhook_secret() {
  return std::string(kPrefix) + crypto::to_base64(crypto::random_bytes(kSecretBytes));
}

standard_webhooks::Signature sign_webhook(std::string_view id, Instant now, std::string_view body,
                                          const std::vector<std::string>& secrets) {
  std::vector<std::string> keys;
  for (const auto& secret : secrets) keys.push_back(key_of(secret));
  return standard_webhooks::sign(id, now, body, keys);
}

}  // namespace odeon::notify
