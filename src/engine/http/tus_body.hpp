// The bytes of a tus request, piece by piece, and the checksum that they should have.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/crypto.hpp"

namespace odeon::http {

// What of a body fits into memory at once.
inline constexpr std::size_t kTusPiece = 4 << 20;

// "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=": the digest that the whole body should have.
struct TusChecksum {
  crypto::Digest::Algorithm algorithm = crypto::Digest::Algorithm::sha1;
  std::string wanted;  // its bytes
};

// Throws Error{invalid} for an algorithm that is not known here, and for what is no digest.
TusChecksum parse_tus_checksum(std::string_view written);

// The next bytes of `body`, at most `limit`: fewer at its end, and where it breaks; `failure` is why then.
struct TusBytes {
  std::string bytes;
  std::exception_ptr failure;
};
Task<TusBytes> read_tus_bytes(ByteSource& body, std::size_t limit);

}  // namespace odeon::http
