#include "engine/billing/app_store_chain.hpp"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/crypto.hpp"
#include "engine/billing/jws.hpp"
#include "engine/billing/store_fields.hpp"
#include "engine/identity/openssl.hpp"

namespace odeon::billing {

namespace embedded {
extern const std::string_view apple_root_ca_g3_pem;
}

namespace {

using identity::Key;
using identity::openssl::Bytes;
using identity::openssl::Freed;
using identity::openssl::Number;
using identity::openssl::raw;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Store = std::unique_ptr<X509_STORE, Freed<X509_STORE_free>>;
using StoreContext = std::unique_ptr<X509_STORE_CTX, Freed<X509_STORE_CTX_free>>;
using Stack = std::unique_ptr<STACK_OF(X509), decltype([](STACK_OF(X509) * stack) { sk_X509_free(stack); })>;
using Oid = std::unique_ptr<ASN1_OBJECT, Freed<ASN1_OBJECT_free>>;

constexpr const char* kReceiptSigning = "1.2.840.113635.100.6.11.1";
constexpr const char* kReceiptAuthority = "1.2.840.113635.100.6.2.1";
constexpr std::size_t kChain = 3, kMaxCertificate = 16 * 1024;

Error refused(std::string detail) {
  ERR_clear_error();
  return Error(Fault::invalid, "INVALID_SIGNATURE", "This is not signed by the App Store.")
      .with_detail(std::move(detail));
}

Certificate certificate_of(const json::value& text) {
  if (!text.is_string() || text.get_string().size() > kMaxCertificate) return nullptr;
  const auto der = crypto::from_base64(text.get_string());
  if (!der) return nullptr;
  const unsigned char* at = raw(*der);
  Certificate read(d2i_X509(nullptr, &at, static_cast<long>(der->size())));
  return at == raw(*der) + der->size() ? std::move(read) : nullptr;
}

bool has_extension(const X509& certificate, const char* oid) {
  const Oid wanted(OBJ_txt2obj(oid, 1));
  return X509_get_ext_by_OBJ(&certificate, wanted.get(), -1) >= 0;
}

// Whether `leaf` was good at `when`, by way of `intermediate` and one of the roots.
bool leads_to_a_root(X509_STORE& roots, X509& leaf, X509& intermediate, Instant when) {
  const StoreContext context(X509_STORE_CTX_new());
  const Stack between(sk_X509_new_null());
  if (!context || !between || sk_X509_push(between.get(), &intermediate) != 1 ||
      X509_STORE_CTX_init(context.get(), &roots, &leaf, between.get()) != 1)
    return false;
  X509_STORE_CTX_set_time(context.get(), 0, std::chrono::system_clock::to_time_t(when));
  if (X509_verify_cert(context.get()) != 1) return false;
  const auto* chain = X509_STORE_CTX_get0_chain(context.get());
  return sk_X509_num(chain) == static_cast<int>(kChain) && X509_cmp(sk_X509_value(chain, 1), &intermediate) == 0;
}

// Nothing unless it is on P-256.
std::optional<Key> key_of(X509& certificate) {
  constexpr int coordinate = 32;
  json::object jwk{{"kty", "EC"}, {"crv", "P-256"}};
  EVP_PKEY* key = X509_get0_pubkey(&certificate);
  if (key == nullptr || !EVP_PKEY_is_a(key, "EC")) return std::nullopt;
  for (const auto& [name, from] : {std::pair{"x", OSSL_PKEY_PARAM_EC_PUB_X}, {"y", OSSL_PKEY_PARAM_EC_PUB_Y}}) {
    BIGNUM* found = nullptr;
    if (EVP_PKEY_get_bn_param(key, from, &found) != 1) return std::nullopt;
    const Number number(found);
    std::string bytes(coordinate, '\0');
    if (BN_bn2binpad(number.get(), raw(bytes), coordinate) != coordinate) return std::nullopt;
    jwk[name] = crypto::to_base64url(bytes);
  }
  return Key::from_jwk(jwk);
}

}  // namespace

struct AppleRoots::State {
  Store store{X509_STORE_new()};
};

AppleRoots::AppleRoots(std::string_view pem) {
  auto state = std::make_shared<State>();
  const Bytes in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  int count = 0;
  for (;; ++count) {
    const Certificate next(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
    if (!next) break;
    X509_STORE_add_cert(state->store.get(), next.get());
  }
  const bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (count == 0 || !ended) throw Error(Fault::invalid, "INVALID_CERTIFICATE", "These are no certificates in PEM.");
  state_ = std::move(state);
}

AppleRoots AppleRoots::standard() {
  return AppleRoots(embedded::apple_root_ca_g3_pem);
}

json::object AppleRoots::read(std::string_view jws) const {
  auto read = read_jws(jws);
  if (!read) throw refused("no JWS");
  if (fields::text(read->header, "alg") != "ES256") throw refused("another algorithm");
  const auto* chain = read->header.if_contains("x5c");
  if (chain == nullptr || !chain->is_array() || chain->get_array().size() != kChain)
    throw refused("not three certificates");
  const Certificate leaf = certificate_of(chain->get_array()[0]), between = certificate_of(chain->get_array()[1]);
  if (!leaf || !between) throw refused("no certificate");
  const auto when = fields::millis(read->payload, "signedDate");
  if (!when) throw refused("without a date");
  if (!has_extension(*leaf, kReceiptSigning) || !has_extension(*between, kReceiptAuthority))
    throw refused("certificates for something else");
  if (!leads_to_a_root(*state_->store, *leaf, *between, *when)) throw refused("certificates of somebody else");
  const auto key = key_of(*leaf);
  if (!key || !key->verify(read->signed_, read->signature)) throw refused("another signature");
  return std::move(read->payload);
}

}  // namespace odeon::billing
