// Secrets at rest, sealed with AES-256-GCM (NIST SP 800-38D) under named keys that can be exchanged:
//
//   odeon.v1.<key id>.<base64url(nonce ‖ ciphertext ‖ tag)>
//
// The first key seals, all of them open. What a value is for ("identity.signing_key") is authenticated with it, so
// that a sealed value is of no use in another place. Nonces are 96 random bits: one key may seal 2^32 values.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace odeon {

struct SealingKey {
  std::string id;     // 1 to 32 of A–Z, a–z, 0–9, "-" and "_"
  std::string bytes;  // 32
  bool operator==(const SealingKey&) const = default;
};

// A fresh one, whose id begins with the day.
SealingKey make_sealing_key(const Clock& clock);
// "id:base64". Throws Error{invalid} that names the entry by its place and its id, never by its key.
std::vector<SealingKey> parse_sealing_keys(const std::vector<std::string>& entries);
std::string to_text(const SealingKey& key);

inline constexpr std::string_view kSealed = "odeon.v1.";
// Which key sealed it; empty for what is not sealed.
std::string_view sealing_key_of(std::string_view text);

// Thread-safe.
class KeyRing {
 public:
  // All keys, when they are others than at the call before. Called at each use; must not throw.
  using News = std::function<std::optional<std::vector<SealingKey>>()>;

  // Without keys nothing is sealed, and what is cannot be opened.
  explicit KeyRing(std::vector<SealingKey> keys = {}, News news = nullptr);

  // Returned as it is by a ring without keys.
  std::string seal(std::string_view plain, std::string_view purpose) const;
  // Throws Error{internal} for what is not sealed, was changed, is for another purpose, or is by a key that is not
  // here. The detail says which, and holds no secret.
  std::string open(std::string_view text, std::string_view purpose) const;
  // The same, but what is not sealed is returned as it is: for columns that held secrets in clear before there were
  // keys, or hold them where there are none. Whoever can write there can put a value of their own in clear, so
  // columns that begin their life sealed want `open`.
  std::string open_or_plain(std::string_view text, std::string_view purpose) const;

  // Whether sealing it again would change its key: not without keys.
  bool is_current(std::string_view text) const;
  // What texts by the first key begin with; empty without keys.
  std::string current_prefix() const;
  std::vector<std::string> ids() const;  // the one that seals first

 private:
  using Keys = std::vector<SealingKey>;
  std::shared_ptr<const Keys> keys() const;

  News news_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const Keys> keys_;
};

}  // namespace odeon
