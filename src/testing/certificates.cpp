#include "testing/certificates.hpp"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>

#include "base/crypto.hpp"

namespace odeon::testing {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Cert = std::unique_ptr<X509, decltype(&X509_free)>;
using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;

Memory memory(const std::string& text = {}) {
  Memory bio(BIO_new(BIO_s_mem()), BIO_free);
  BIO_write(bio.get(), text.data(), static_cast<int>(text.size()));
  return bio;
}

std::string bytes_of(BIO* bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio, &bytes);
  return std::string(bytes, static_cast<std::size_t>(size));
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  if (!extension) throw std::runtime_error("cannot make a certificate extension");
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

std::string alternative_name(const std::string& host) {
  unsigned char bytes[16];
  const bool is_address =
      ::inet_pton(AF_INET, host.c_str(), bytes) == 1 || ::inet_pton(AF_INET6, host.c_str(), bytes) == 1;
  return (is_address ? "IP:" : "DNS:") + host;
}

Certificate make(const std::string& name, const Certificate* authority) {
  Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  Cert made(X509_new(), X509_free);
  Cert issuer(nullptr, X509_free);
  Key issuer_key(nullptr, EVP_PKEY_free);
  if (authority) {
    issuer.reset(PEM_read_bio_X509(memory(authority->certificate).get(), nullptr, nullptr, nullptr));
    issuer_key.reset(PEM_read_bio_PrivateKey(memory(authority->key).get(), nullptr, nullptr, nullptr));
  }
  X509_set_version(made.get(), 2);
  const std::string serial = crypto::random_bytes(8);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), *reinterpret_cast<const std::uint32_t*>(serial.data()));
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
  X509_set_pubkey(made.get(), key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509* signer = issuer ? issuer.get() : made.get();
  X509_set_issuer_name(made.get(), X509_get_subject_name(signer));
  if (authority) {
    add_extension(made.get(), signer, NID_subject_alt_name, alternative_name(name));
  } else {
    add_extension(made.get(), signer, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(made.get(), signer, NID_key_usage, "critical,keyCertSign,cRLSign");
  }
  X509_sign(made.get(), issuer_key ? issuer_key.get() : key.get(), EVP_sha256());

  Memory certificate = memory(), secret = memory();
  PEM_write_bio_X509(certificate.get(), made.get());
  PEM_write_bio_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return {bytes_of(certificate.get()), bytes_of(secret.get())};
}

}  // namespace

Certificate make_authority(const std::string& name) {
  return make(name, nullptr);
}

Certificate make_certificate(const std::string& host, const Certificate& authority) {
  return make(host, &authority);
}

}  // namespace odeon::testing
