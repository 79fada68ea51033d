#include "engine/notify/sealed_secrets.hpp"

#include "engine/notify/store_webhooks.hpp"

namespace odeon::notify {
namespace {

constexpr std::int64_t kAtOnce = 500;
constexpr std::string_view kPresent = "/secret", kOld = "/old_secret";

std::string endpoint_part(std::string_view id) {
  return std::string(id.substr(0, id.find('/')));
}

}  // namespace

// All of an endpoint at a time, so whoever goes on after one of its values misses none.
Task<std::vector<SealedValue>> SealedSecrets::values(std::string prefix, std::string after) {
  std::vector<SealedValue> values;
  for (auto& row : co_await store::secrets(database_, prefix, endpoint_part(after), kAtOnce)) {
    if (!row.secret.empty() && (prefix.empty() || !row.secret.starts_with(prefix)))
      values.push_back({row.id + std::string(kPresent), std::string(kWebhookSecret), std::move(row.secret)});
    if (!row.old_secret.empty() && (prefix.empty() || !row.old_secret.starts_with(prefix)))
      values.push_back({row.id + std::string(kOld), std::string(kWebhookSecret), std::move(row.old_secret)});
  }
  co_return values;
}

Task<bool> SealedSecrets::replace(SealedValue value, std::string text) {
  std::string endpoint = endpoint_part(value.id);
  if (value.id.ends_with(kOld))
    return store::replace_old_secret(database_, std::move(endpoint), std::move(value.text), std::move(text));
  return store::replace_secret(database_, std::move(endpoint), std::move(value.text), std::move(text));
}

}  // namespace odeon::notify
