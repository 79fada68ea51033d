// An RSA key of a test's own.
#pragma once

#include "engine/identity/keys.hpp"
#include "engine/identity/openssl.hpp"

namespace odeon::identity {

inline std::string make_rsa_pem() {
  const openssl::Pkey pair(EVP_RSA_gen(2048));
  const openssl::Bytes out(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8PrivateKey(out.get(), pair.get(), nullptr, nullptr, 0, nullptr, nullptr);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace odeon::identity
