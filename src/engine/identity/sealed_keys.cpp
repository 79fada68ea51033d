#include "engine/identity/sealed_keys.hpp"

#include "engine/identity/store.hpp"

namespace odeon::identity {

// There are few: all at a time.
Task<std::vector<SealedValue>> SealedKeys::values(std::string prefix, std::string after) {
  std::vector<SealedValue> values;
  if (!after.empty()) co_return values;
  for (auto& row : co_await store::signing_keys(database_))
    if (prefix.empty() || !row.private_pem.starts_with(prefix))
      values.push_back({std::to_string(row.number), std::string(kSigningKey), std::move(row.private_pem)});
  co_return values;
}

Task<bool> SealedKeys::replace(SealedValue value, std::string text) {
  return store::replace_signing_key(database_, std::stoll(value.id), std::move(value.text), std::move(text));
}

}  // namespace odeon::identity
