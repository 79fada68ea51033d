// Signatures of webhooks as Standard Webhooks has them (standardwebhooks.com): HMAC-SHA256 over
// id "." timestamp "." body, sent as three header fields.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace odeon::standard_webhooks {

inline constexpr std::string_view kIdField = "webhook-id";
inline constexpr std::string_view kTimestampField = "webhook-timestamp";
inline constexpr std::string_view kSignatureField = "webhook-signature";

// How far the timestamp may be from now, to either side.
inline constexpr std::chrono::seconds kTolerance{300};

// `keys` are the bytes that sign, not a text that stands for them: how a secret is written differs from one sender
// to another. There are several while one is replaced.
struct Signature {
  std::string timestamp;  // webhook-timestamp: seconds since 1970
  std::string signature;  // webhook-signature: "v1,…", one for each key, with a space between
};
Signature sign(std::string_view id, Instant now, std::string_view body, const std::vector<std::string>& keys);

// Whether any v1 of `made` was made over exactly these bytes with any of `keys`, lately. Other versions are ignored,
// and so are empty keys. Takes the same time whichever of them is right.
bool is_signed(std::string_view id, const Signature& made, std::string_view body, const std::vector<std::string>& keys,
               Instant now);

}  // namespace odeon::standard_webhooks
