#include "base/keyring.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>

#include "base/crypto.hpp"
#include "base/error.hpp"
#include "base/raw.hpp"
#include "base/text.hpp"

namespace odeon {
namespace {

constexpr std::size_t kKeyBytes = 32, kNonceBytes = 12, kTagBytes = 16, kMaxId = 32;

bool is_id(std::string_view id) {
  auto may_be = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !id.empty() && id.size() <= kMaxId && std::ranges::all_of(id, may_be);
}

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

enum class Direction { decrypt, encrypt };

// Ready for the text, the purpose taken in.
Context begin(Direction direction, const SealingKey& key, std::string_view nonce, std::string_view purpose) {
  Context context(EVP_CIPHER_CTX_new());
  int ignored = 0;
  if (!context ||
      EVP_CipherInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, crypto::raw(key.bytes), crypto::raw(nonce),
                        static_cast<int>(direction)) != 1 ||
      EVP_CipherUpdate(context.get(), nullptr, &ignored, crypto::raw(purpose), static_cast<int>(purpose.size())) != 1)
    throw std::runtime_error("AES-256-GCM is not available");
  return context;
}

// Nothing if the tag is not theirs.
std::optional<std::string> decrypt(const SealingKey& key, std::string_view sealed, std::string_view purpose) {
  if (sealed.size() < kNonceBytes + kTagBytes) return std::nullopt;
  const auto context = begin(Direction::decrypt, key, sealed.substr(0, kNonceBytes), purpose);
  sealed.remove_prefix(kNonceBytes);
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  sealed.remove_suffix(kTagBytes);
  std::string plain(sealed.size() + EVP_MAX_BLOCK_LENGTH, '\0');
  int size = 0, rest = 0;
  if (EVP_CipherUpdate(context.get(), crypto::raw(plain), &size, crypto::raw(sealed),
                       static_cast<int>(sealed.size())) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag.size()), tag.data()) != 1 ||
      EVP_CipherFinal_ex(context.get(), crypto::raw(plain) + size, &rest) != 1)
    return std::nullopt;
  plain.resize(static_cast<std::size_t>(size + rest));
  return plain;
}

std::string encrypt(const SealingKey& key, std::string_view plain, std::string_view purpose) {
  std::string sealed = crypto::random_bytes(kNonceBytes);
  const auto context = begin(Direction::encrypt, key, sealed, purpose);
  sealed.resize(kNonceBytes + plain.size() + kTagBytes);
  std::array<unsigned char, EVP_MAX_BLOCK_LENGTH> nothing;
  int size = 0, rest = 0;
  if (EVP_CipherUpdate(context.get(), crypto::raw(sealed) + kNonceBytes, &size, crypto::raw(plain),
                       static_cast<int>(plain.size())) != 1 ||
      EVP_CipherFinal_ex(context.get(), nothing.data(), &rest) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kTagBytes,
                          crypto::raw(sealed) + kNonceBytes + plain.size()) != 1)
    throw std::runtime_error("AES-256-GCM is not available");
  return sealed;
}

Error cannot_open(std::string_view purpose, std::string why) {
  return Error(Fault::internal, "SECRET_UNREADABLE", "The server cannot read one of its own secrets.")
      .with_detail(fmt::format("A value for {} {}.", purpose, why));
}

}  // namespace

SealingKey make_sealing_key(const Clock& clock) {
  const std::string day = to_iso8601(clock.now()).substr(0, std::string_view("2026-11-29").size());
  return {day + '-' + crypto::to_hex(crypto::random_bytes(4)), crypto::random_bytes(kKeyBytes)};
}

std::vector<SealingKey> parse_sealing_keys(const std::vector<std::string>& entries) {
  std::vector<SealingKey> keys;
  for (const std::string_view entry : entries) {
    const std::size_t colon = std::min(entry.find(':'), entry.size());
    const std::string id(text::trim(entry.substr(0, colon)));
    const auto bytes = crypto::from_base64(text::trim(entry.substr(std::min(colon + 1, entry.size()))));
    auto refuse = [&](std::string_view why) {
      return Error(Fault::invalid, "KEYS", fmt::format("key {} {}", keys.size() + 1, why));
    };
    // What has no colon may be a key, and is not repeated.
    if (colon == entry.size() || !is_id(id))
      throw refuse("must look like id:base64, its id of letters, digits, - and _");
    if (!bytes || bytes->size() != kKeyBytes)
      throw refuse(fmt::format("({}) must be 32 bytes in base64: openssl rand -base64 32", id));
    for (const auto& known : keys)
      if (known.id == id || crypto::equal(known.bytes, *bytes))
        throw refuse(fmt::format("({}) has the id or the bytes of key {}", id, known.id));
    keys.push_back({id, *bytes});
  }
  return keys;
}

std::string to_text(const SealingKey& key) {
  return key.id + ':' + crypto::to_base64(key.bytes);
}

std::string_view sealing_key_of(std::string_view text) {
  if (!text.starts_with(kSealed)) return {};
  text.remove_prefix(kSealed.size());
  const std::size_t dot = text.find('.');
  return dot == std::string_view::npos ? std::string_view() : text.substr(0, dot);
}

KeyRing::KeyRing(std::vector<SealingKey> keys, News news)
    : news_(std::move(news)), keys_(std::make_shared<const Keys>(std::move(keys))) {}

std::shared_ptr<const KeyRing::Keys> KeyRing::keys() const {
  const std::lock_guard lock(mutex_);
  if (auto fresh = news_ ? news_() : std::nullopt) keys_ = std::make_shared<const Keys>(std::move(*fresh));
  return keys_;
}

std::string KeyRing::seal(std::string_view plain, std::string_view purpose) const {
  const auto keys = this->keys();
  if (keys->empty()) return std::string(plain);
  const SealingKey& key = keys->front();
  return fmt::format("{}{}.{}", kSealed, key.id, crypto::to_base64url(encrypt(key, plain, purpose)));
}

std::string KeyRing::open(std::string_view text, std::string_view purpose) const {
  const std::string_view id = sealing_key_of(text);
  if (id.empty()) throw cannot_open(purpose, "is not sealed");
  const auto keys = this->keys();
  const auto key = std::ranges::find(*keys, id, &SealingKey::id);
  if (key == keys->end())
    throw cannot_open(purpose, is_id(id) ? fmt::format("is sealed by the key {}, which is not among the keys", id)
                                         : "is sealed by a key whose id is none");
  const std::string_view encoded = text.substr(kSealed.size() + id.size() + 1);
  const auto sealed = crypto::from_base64(encoded);
  // One value has one text.
  const bool canonical = sealed && crypto::to_base64url(*sealed) == encoded;
  auto plain = canonical ? decrypt(*key, *sealed, purpose) : std::nullopt;
  if (!plain)
    throw cannot_open(purpose, fmt::format("was not sealed by this key {}, was changed, or is for something else", id));
  return *std::move(plain);
}

std::string KeyRing::open_or_plain(std::string_view text, std::string_view purpose) const {
  return text.starts_with(kSealed) ? open(text, purpose) : std::string(text);
}

bool KeyRing::is_current(std::string_view text) const {
  const auto keys = this->keys();
  return keys->empty() || sealing_key_of(text) == keys->front().id;
}

std::string KeyRing::current_prefix() const {
  const auto keys = this->keys();
  return keys->empty() ? "" : fmt::format("{}{}.", kSealed, keys->front().id);
}

std::vector<std::string> KeyRing::ids() const {
  std::vector<std::string> ids;
  for (const auto& key : *keys()) ids.push_back(key.id);
  return ids;
}

}  // namespace odeon
