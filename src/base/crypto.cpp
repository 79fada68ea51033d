#include "base/crypto.hpp"

#include <openssl/evp.h>
#include <sodium.h>

#include <algorithm>
#include <stdexcept>

#include "base/raw.hpp"
#include "base/text.hpp"

namespace odeon::crypto {
namespace {

std::string base64(std::string_view bytes, int variant) {
  std::string out(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(out.data(), out.size(), raw(bytes), bytes.size(), variant);
  out.pop_back();  // the terminating zero
  return out;
}

// Looked up once: by EVP_sha256() and the like each digest would be, which takes longer than to compute a short one.
const EVP_MD* fetched(const char* name) {
  return EVP_MD_fetch(nullptr, name, nullptr);
}

const EVP_MD* type_of(Digest::Algorithm algorithm) {
  static const EVP_MD* const sha256 = fetched("SHA256");
  static const EVP_MD* const md5 = fetched("MD5");
  static const EVP_MD* const sha1 = fetched("SHA1");
  switch (algorithm) {
    case Digest::Algorithm::sha256:
      return sha256;
    case Digest::Algorithm::md5:
      return md5;
    case Digest::Algorithm::sha1:
      return sha1;
  }
  return nullptr;
}

// Each thread keeps one: to make it takes longer than to hash a short text.
EVP_MD_CTX* kept_context() {
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> kept(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  return kept.get();
}

std::string digest(Digest::Algorithm algorithm, std::string_view bytes) {
  EVP_MD_CTX* const context = kept_context();
  const EVP_MD* const type = type_of(algorithm);
  std::string out(static_cast<std::size_t>(EVP_MD_get_size(type)), '\0');
  if (EVP_DigestInit_ex(context, type, nullptr) != 1 || EVP_DigestUpdate(context, bytes.data(), bytes.size()) != 1 ||
      EVP_DigestFinal_ex(context, raw(out), nullptr) != 1)
    throw std::runtime_error("digest not available");
  return out;
}

}  // namespace

struct Digest::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Digest::Digest(Algorithm algorithm) : state_(std::make_unique<State>()) {
  if (EVP_DigestInit_ex(state_->context, type_of(algorithm), nullptr) != 1)
    throw std::runtime_error("digest not available");
}
Digest::~Digest() = default;
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;

void Digest::update(std::string_view bytes) {
  EVP_DigestUpdate(state_->context, bytes.data(), bytes.size());
}

std::string Digest::finish() {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  EVP_DigestFinal_ex(state_->context, raw(out), &size);
  out.resize(size);
  return out;
}

std::string sha256(std::string_view bytes) {
  return digest(Digest::Algorithm::sha256, bytes);
}
std::string sha256_hex(std::string_view bytes) {
  return to_hex(sha256(bytes));
}
std::string md5(std::string_view bytes) {
  return digest(Digest::Algorithm::md5, bytes);
}
std::string sha1(std::string_view bytes) {
  return digest(Digest::Algorithm::sha1, bytes);
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  std::string out(crypto_auth_hmacsha256_BYTES, '\0');
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, raw(key), key.size());
  crypto_auth_hmacsha256_update(&state, raw(bytes), bytes.size());
  crypto_auth_hmacsha256_final(&state, raw(out));
  return out;
}

std::string random_bytes(std::size_t count) {
  // Two threads must not be the first to ask for randomness at once.
  static const bool ready = sodium_init() >= 0;
  if (!ready) throw std::runtime_error("no randomness available");
  std::string out(count, '\0');
  randombytes_buf(out.data(), out.size());
  return out;
}

bool equal(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string to_hex(std::string_view bytes) {
  std::string out(bytes.size() * 2, '\0');
  text::write_hex(out.data(), bytes);
  return out;
}

std::optional<std::string> from_hex(std::string_view hex) {
  std::string out(hex.size() / 2, '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  if (sodium_hex2bin(raw(out), out.size(), hex.data(), hex.size(), nullptr, &size, &end) != 0 ||
      end != hex.data() + hex.size())
    return std::nullopt;
  return out;
}

std::string to_base64(std::string_view bytes) {
  return base64(bytes, sodium_base64_VARIANT_ORIGINAL);
}
std::string to_base64url(std::string_view bytes) {
  return base64(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

std::optional<std::string> from_base64(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string url_safe(text);
  std::ranges::replace(url_safe, '+', '-');
  std::ranges::replace(url_safe, '/', '_');
  std::string out(url_safe.size(), '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  if (sodium_base642bin(raw(out), out.size(), url_safe.data(), url_safe.size(), nullptr, &size, &end,
                        sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
      end != url_safe.data() + url_safe.size())
    return std::nullopt;
  out.resize(size);
  return out;
}

}  // namespace odeon::crypto
