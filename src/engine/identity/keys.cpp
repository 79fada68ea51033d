#include "engine/identity/keys.hpp"

#include <openssl/err.h>

#include <stdexcept>

#include "base/crypto.hpp"
#include "engine/identity/key_state.hpp"

namespace odeon::identity {
namespace {

using namespace openssl;

// r and s of P-256, one after the other (RFC 7518 §3.4).
constexpr int kHalf = 32;
constexpr int kMinRsaBits = 2048, kMaxRsaBits = 8192;

// The form of JOSE from the form of OpenSSL (DER), and back.
std::string to_jose(std::string_view der) {
  const unsigned char* at = raw(der);
  const Signature parts(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  std::string out(2 * kHalf, '\0');
  if (!parts || BN_bn2binpad(ECDSA_SIG_get0_r(parts.get()), raw(out), kHalf) != kHalf ||
      BN_bn2binpad(ECDSA_SIG_get0_s(parts.get()), raw(out) + kHalf, kHalf) != kHalf)
    throw std::runtime_error("a signature cannot be written");
  return out;
}

std::string to_der(std::string_view jose) {
  if (jose.size() != 2 * kHalf) return {};
  Signature parts(ECDSA_SIG_new());
  Number r(BN_bin2bn(raw(jose), kHalf, nullptr)), s(BN_bin2bn(raw(jose) + kHalf, kHalf, nullptr));
  if (!parts || !r || !s || ECDSA_SIG_set0(parts.get(), r.get(), s.get()) != 1) return {};
  static_cast<void>(r.release()), static_cast<void>(s.release());
  unsigned char* encoded = nullptr;
  const int size = i2d_ECDSA_SIG(parts.get(), &encoded);
  if (size <= 0) return {};
  std::string out(reinterpret_cast<char*>(encoded), static_cast<std::size_t>(size));
  OPENSSL_free(encoded);
  return out;
}

Pkey pair_of(std::string_view pem) {
  const Bytes in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  auto no_password = [](char*, int, int, void*) { return -1; };
  return Pkey(PEM_read_bio_PrivateKey(in.get(), nullptr, no_password, nullptr));
}

}  // namespace

// Only for a key that one of our algorithms can use.
std::optional<Algorithm> algorithm_of(EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "RSA")) {
    const int bits = EVP_PKEY_get_bits(key);
    return bits >= kMinRsaBits && bits <= kMaxRsaBits ? std::optional(Algorithm::RS256) : std::nullopt;
  }
  std::array<char, 64> group{};
  if (EVP_PKEY_is_a(key, "EC") && EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) == 1 &&
      std::string_view(group.data()) == SN_X9_62_prime256v1)
    return Algorithm::ES256;
  return std::nullopt;
}

Key Key::secret(std::string bytes, std::string id) {
  if (bytes.empty()) throw std::logic_error("an empty secret");
  return Key(std::make_shared<State>(State{Algorithm::HS256, std::move(id), std::move(bytes), nullptr}));
}

Key Key::make() {
  Pkey pair(EVP_EC_gen("P-256"));
  if (!pair) throw std::runtime_error("no key can be made");
  std::string id = thumbprint(Algorithm::ES256, *pair);
  return Key(std::make_shared<State>(State{Algorithm::ES256, std::move(id), "", std::move(pair)}));
}

Key Key::from_pem(std::string_view pem) {
  Pkey pair = pair_of(pem);
  const auto algorithm = pair ? algorithm_of(pair.get()) : std::nullopt;
  ERR_clear_error();
  if (!algorithm)
    throw Error(Fault::invalid, "INVALID_KEY", "This is no private key for RS256 (2048 bits or more) or ES256.");
  std::string id = thumbprint(*algorithm, *pair);
  return Key(std::make_shared<State>(State{*algorithm, std::move(id), "", std::move(pair)}));
}

Algorithm Key::algorithm() const {
  return state_->algorithm;
}
const std::string& Key::id() const {
  return state_->id;
}

std::string Key::sign(std::string_view bytes) const {
  if (state_->algorithm == Algorithm::HS256) return crypto::hmac_sha256(state_->bytes, bytes);
  const Digest context(EVP_MD_CTX_new());
  std::string out(static_cast<std::size_t>(EVP_PKEY_get_size(state_->pair.get())), '\0');
  std::size_t size = out.size();
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, state_->pair.get()) != 1 ||
      EVP_DigestSign(context.get(), raw(out), &size, raw(bytes), bytes.size()) != 1) {
    ERR_clear_error();
    throw std::logic_error("this key cannot sign");
  }
  out.resize(size);
  return state_->algorithm == Algorithm::ES256 ? to_jose(out) : out;
}

bool Key::verify(std::string_view bytes, std::string_view signature) const {
  if (state_->algorithm == Algorithm::HS256) return crypto::equal(crypto::hmac_sha256(state_->bytes, bytes), signature);
  const std::string der = state_->algorithm == Algorithm::ES256 ? to_der(signature) : std::string(signature);
  if (der.empty()) return false;
  const Digest context(EVP_MD_CTX_new());
  const bool good = EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, state_->pair.get()) == 1 &&
                    EVP_DigestVerify(context.get(), raw(der), der.size(), raw(bytes), bytes.size()) == 1;
  if (!good) ERR_clear_error();
  return good;
}

std::string Key::private_pem() const {
  const Bytes out(BIO_new(BIO_s_mem()));
  if (!state_->pair ||
      PEM_write_bio_PKCS8PrivateKey(out.get(), state_->pair.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    throw std::logic_error("this key has no private part");
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace odeon::identity
