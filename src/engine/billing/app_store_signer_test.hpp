// Signs as the App Store does, with certificates made on the spot, good ones and others.
#pragma once

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/crypto.hpp"
#include "engine/identity/keys.hpp"
#include "engine/identity/openssl.hpp"

namespace odeon::billing {

struct ChainOrder {
  const char* leaf_oid = "1.2.840.113635.100.6.11.1";      // null: none
  const char* authority_oid = "1.2.840.113635.100.6.2.1";  // null: none
  bool is_authority = true;                                // what issues the leaf
  const char* curve = "P-256";                             // of the leaf
  std::chrono::days leaf_begins{-30}, leaf_ends{400};      // from the clock's start
};

class AppleChain {
 public:
  explicit AppleChain(Instant now, ChainOrder order = {}) {
    using std::chrono::days;
    const Pair root(EVP_EC_gen("P-384")), authority(EVP_EC_gen("P-384"));
    leaf_.reset(EVP_EC_gen(order.curve));
    const auto top = make({"Root", nullptr, root, root, now - days(4000), now + days(4000), true}, nullptr);
    const auto middle = make(
        {"Authority", order.authority_oid, authority, root, now - days(2000), now + days(2000), order.is_authority},
        top.get());
    const auto end =
        make({"Receipts", order.leaf_oid, leaf_, authority, now + order.leaf_begins, now + order.leaf_ends, false},
             middle.get());
    for (const auto& each : {&end, &middle, &top}) x5c.emplace_back(crypto::to_base64(der(each->get())));
    root_pem = "-----BEGIN CERTIFICATE-----\n";
    for (std::size_t at = 0; at < x5c[2].size(); at += 64) root_pem += x5c[2].substr(at, 64) + "\n";
    root_pem += "-----END CERTIFICATE-----\n";
  }

  // `certificates` are how many are sent, the last again where there are not so many.
  std::string sign(const json::object& payload, std::size_t certificates = 3, const char* algorithm = "ES256") const {
    json::array chain;
    for (std::size_t i = 0; i < certificates; ++i) chain.emplace_back(x5c[std::min<std::size_t>(i, x5c.size() - 1)]);
    return sign_with({{"alg", algorithm}, {"x5c", std::move(chain)}}, payload);
  }
  std::string sign_with(const json::object& header, const json::object& payload) const {
    const std::string text =
        crypto::to_base64url(json::write(header)) + "." + crypto::to_base64url(json::write(payload));
    return text + "." + crypto::to_base64url(identity::Key::from_pem(private_pem()).sign(text));
  }

  std::string root_pem;
  std::vector<std::string> x5c;  // leaf, authority, root

 private:
  using Pair = identity::openssl::Pkey;
  using Certificate = std::unique_ptr<X509, identity::openssl::Freed<X509_free>>;
  struct Wish {
    const char* name;
    const char* oid;
    const Pair& key;
    const Pair& signer;
    Instant begins, ends;
    bool authority;
  };

  static Certificate make(const Wish& wish, X509* issuer) {
    Certificate made(X509_new());
    X509_set_version(made.get(), 2);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), 7);
    ASN1_TIME_set(X509_getm_notBefore(made.get()), std::chrono::system_clock::to_time_t(wish.begins));
    ASN1_TIME_set(X509_getm_notAfter(made.get()), std::chrono::system_clock::to_time_t(wish.ends));
    X509_set_pubkey(made.get(), wish.key.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(wish.name), -1, -1, 0);
    X509* signer = issuer != nullptr ? issuer : made.get();
    X509_set_issuer_name(made.get(), X509_get_subject_name(signer));
    X509V3_CTX context;
    X509V3_set_ctx(&context, signer, made.get(), nullptr, nullptr, 0);
    add(made.get(), X509V3_EXT_conf_nid(nullptr, &context, NID_basic_constraints,
                                        wish.authority ? "critical,CA:TRUE" : "critical,CA:FALSE"));
    add(made.get(), X509V3_EXT_conf_nid(nullptr, &context, NID_key_usage,
                                        wish.authority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature"));
    if (wish.oid != nullptr) {
      const std::unique_ptr<ASN1_OBJECT, identity::openssl::Freed<ASN1_OBJECT_free>> oid(OBJ_txt2obj(wish.oid, 1));
      const std::unique_ptr<ASN1_OCTET_STRING, identity::openssl::Freed<ASN1_OCTET_STRING_free>> nothing(
          ASN1_OCTET_STRING_new());
      ASN1_OCTET_STRING_set(nothing.get(), reinterpret_cast<const unsigned char*>("\x05\x00"), 2);
      add(made.get(), X509_EXTENSION_create_by_OBJ(nullptr, oid.get(), 0, nothing.get()));
    }
    X509_sign(made.get(), wish.signer.get(), EVP_sha384());
    return made;
  }
  static void add(X509* certificate, X509_EXTENSION* extension) {
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  }
  static std::string der(X509* certificate) {
    std::string out(static_cast<std::size_t>(i2d_X509(certificate, nullptr)), '\0');
    unsigned char* at = identity::openssl::raw(out);
    i2d_X509(certificate, &at);
    return out;
  }
  std::string private_pem() const {
    const identity::openssl::Bytes out(BIO_new(BIO_s_mem()));
    PEM_write_bio_PKCS8PrivateKey(out.get(), leaf_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
  }

  Pair leaf_;
};

}  // namespace odeon::billing
