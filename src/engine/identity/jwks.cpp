// Keys as JSON: JWK and JWKS (RFC 7517, RFC 7518 §6, RFC 7638).
#include <openssl/err.h>

#include <stdexcept>

#include "base/crypto.hpp"
#include "engine/identity/base64url.hpp"
#include "engine/identity/key_state.hpp"

namespace odeon::identity {
namespace {

using namespace openssl;

constexpr std::size_t kMaxKeys = 64, kMaxTried = 4, kCoordinate = 32, kMaxExponent = 8, kMaxId = 256;

std::string number_of(EVP_PKEY& key, const char* name, std::size_t width) {
  BIGNUM* found = nullptr;
  if (EVP_PKEY_get_bn_param(&key, name, &found) != 1) throw std::runtime_error("a key without its numbers");
  const Number number(found);
  std::string out(width == 0 ? static_cast<std::size_t>(BN_num_bytes(found)) : width, '\0');
  if (BN_bn2binpad(found, raw(out), static_cast<int>(out.size())) < 0) throw std::runtime_error("a number too long");
  return crypto::to_base64url(out);
}

std::optional<std::string_view> text_of(const json::object& jwk, std::string_view name) {
  const auto* found = jwk.if_contains(name);
  if (found == nullptr || !found->is_string()) return std::nullopt;
  return std::string_view(found->get_string());
}

std::optional<std::string> bytes_of(const json::object& jwk, std::string_view name) {
  const auto text = text_of(jwk, name);
  return text ? from_base64url(*text) : std::nullopt;
}

// Checked: on the curve, odd exponent and so on.
Pkey build(const char* type, OSSL_PARAM_BLD* builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
  const PkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* made = nullptr;
  if (!parameters || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
    return nullptr;
  Pkey key(made);
  const PkeyContext check(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  return EVP_PKEY_public_check(check.get()) == 1 ? std::move(key) : nullptr;
}

Pkey rsa_key(const json::object& jwk) {
  const auto n = bytes_of(jwk, "n"), e = bytes_of(jwk, "e");
  if (!n || !e || n->size() > 1024 || e->empty() || e->size() > kMaxExponent) return nullptr;
  const Number modulus(BN_bin2bn(raw(*n), static_cast<int>(n->size()), nullptr));
  const Number exponent(BN_bin2bn(raw(*e), static_cast<int>(e->size()), nullptr));
  if (!modulus || !exponent || !BN_is_odd(exponent.get()) || BN_is_one(exponent.get())) return nullptr;
  const Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
  return build("RSA", builder.get());
}

Pkey ec_key(const json::object& jwk) {
  const auto x = bytes_of(jwk, "x"), y = bytes_of(jwk, "y");
  if (text_of(jwk, "crv") != "P-256" || !x || !y || x->size() != kCoordinate || y->size() != kCoordinate)
    return nullptr;
  const std::string point = "\x04" + *x + *y;
  const Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, SN_X9_62_prime256v1, 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  return build("EC", builder.get());
}

// Whether its owner meant it for signatures.
bool is_for_signatures(const json::object& jwk) {
  if (jwk.contains("use") && text_of(jwk, "use") != "sig") return false;
  const auto* operations = jwk.if_contains("key_ops");
  if (operations == nullptr) return true;
  return operations->is_array() && std::ranges::any_of(operations->get_array(), [](const json::value& operation) {
           return operation.is_string() && operation.get_string() == "verify";
         });
}

}  // namespace

json::object public_members(Algorithm algorithm, EVP_PKEY& key) {
  if (algorithm == Algorithm::RS256)
    return {{"e", number_of(key, OSSL_PKEY_PARAM_RSA_E, 0)},
            {"kty", "RSA"},
            {"n", number_of(key, OSSL_PKEY_PARAM_RSA_N, 0)}};
  return {{"crv", "P-256"},
          {"kty", "EC"},
          {"x", number_of(key, OSSL_PKEY_PARAM_EC_PUB_X, kCoordinate)},
          {"y", number_of(key, OSSL_PKEY_PARAM_EC_PUB_Y, kCoordinate)}};
}

std::string thumbprint(Algorithm algorithm, EVP_PKEY& key) {
  return crypto::to_base64url(crypto::sha256(json::write(public_members(algorithm, key))));
}

std::optional<Key> Key::from_jwk(const json::object& jwk) {
  const auto type = text_of(jwk, "kty");
  if (!type || !is_for_signatures(jwk)) return std::nullopt;
  Pkey key = *type == "RSA" ? rsa_key(jwk) : *type == "EC" ? ec_key(jwk) : nullptr;
  ERR_clear_error();
  const auto algorithm = key ? algorithm_of(key.get()) : std::nullopt;
  if (!algorithm) return std::nullopt;
  if (jwk.contains("alg") && text_of(jwk, "alg") != json::enum_name(*algorithm)) return std::nullopt;
  std::string id(text_of(jwk, "kid").value_or(""));
  if (id.size() > kMaxId) return std::nullopt;
  return Key(std::make_shared<State>(State{*algorithm, std::move(id), "", std::move(key)}));
}

std::optional<json::object> Key::public_jwk() const {
  if (state_->algorithm == Algorithm::HS256) return std::nullopt;
  json::object jwk = public_members(state_->algorithm, *state_->pair);
  jwk["alg"] = json::enum_name(state_->algorithm);
  jwk["use"] = "sig";
  jwk["key_ops"] = json::array{"verify"};
  if (!state_->id.empty()) jwk["kid"] = state_->id;
  return jwk;
}

KeySet KeySet::from_jwks(std::string_view document) {
  auto fault = [] { return Error(Fault::upstream, "INVALID_JWKS", "The issuer's keys cannot be read."); };
  json::value parsed;
  try {
    parsed = json::parse(document);
  } catch (const Error&) {
    throw fault();
  }
  const auto* keys = parsed.is_object() ? parsed.get_object().if_contains("keys") : nullptr;
  if (keys == nullptr || !keys->is_array() || keys->get_array().size() > kMaxKeys) throw fault();
  KeySet set;
  for (const auto& jwk : keys->get_array()) {
    if (!jwk.is_object()) continue;
    if (auto key = Key::from_jwk(jwk.get_object())) set.keys_.push_back(std::move(*key));
  }
  return set;
}

std::string KeySet::jwks() const {
  json::array list;
  for (const auto& key : keys_)
    if (auto jwk = key.public_jwk()) list.push_back(std::move(*jwk));
  return json::write(json::object{{"keys", std::move(list)}});
}

namespace {

// A secret from a configuration has no id, and issuers name one all the same.
bool may_be(const Key& key, Algorithm algorithm, std::string_view id) {
  return key.algorithm() == algorithm && (id.empty() || key.id().empty() || key.id() == id);
}

}  // namespace

bool KeySet::verify(Algorithm algorithm, std::string_view id, std::string_view bytes,
                    std::string_view signature) const {
  std::size_t tried = 0;
  for (const auto& key : keys_) {
    if (!may_be(key, algorithm, id)) continue;
    if (key.verify(bytes, signature)) return true;
    if (++tried == kMaxTried) break;
  }
  return false;
}

bool KeySet::knows(Algorithm algorithm, std::string_view id) const {
  return std::ranges::any_of(keys_, [&](const Key& key) { return may_be(key, algorithm, id); });
}

}  // namespace odeon::identity
