// Hashes, random bytes and encodings, by libsodium and OpenSSL. Bytes are held in std::string.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace odeon::crypto {

std::string sha256(std::string_view bytes);                             // 32 bytes
std::string sha256_hex(std::string_view bytes);                         // 64 small hexadecimal digits
std::string hmac_sha256(std::string_view key, std::string_view bytes);  // 32 bytes
std::string md5(std::string_view bytes);                                // 16 bytes; for checksums only
std::string sha1(std::string_view bytes);                               // 20 bytes; where a format fixes it
std::string random_bytes(std::size_t count);
bool equal(std::string_view a, std::string_view b);  // constant time for equal lengths

std::string to_hex(std::string_view bytes);
std::optional<std::string> from_hex(std::string_view hex);
std::string to_base64(std::string_view bytes);
std::string to_base64url(std::string_view bytes);               // without padding
std::optional<std::string> from_base64(std::string_view text);  // either alphabet, padding optional

// Hashes a stream of pieces.
class Digest {
 public:
  enum class Algorithm { sha256, md5, sha1 };
  explicit Digest(Algorithm algorithm);
  ~Digest();
  Digest(Digest&&) noexcept;
  Digest& operator=(Digest&&) noexcept;
  void update(std::string_view bytes);
  std::string finish();  // once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace odeon::crypto
