#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

#include "base/crypto.hpp"
#include "engine/storage/files.hpp"

namespace odeon::storage {
namespace {

// What is signed names its purpose first and ends with the one part that may hold any character, so
// no two grants share a text.
std::string read_grant(std::string_view key, std::string_view expires) {
  return fmt::format("odeon files 1\nread\n{}\n{}", key, expires);
}

std::string upload_grant(std::string_view key, std::uint64_t size, std::string_view content_type,
                         std::string_view expires) {
  return fmt::format("odeon files 1\nupload\n{}\n{}\n{}\n{}", key, expires, size, content_type);
}

std::string unix_seconds(Instant when) {
  return fmt::format("{}", std::chrono::floor<std::chrono::seconds>(when).time_since_epoch().count());
}

bool is_past(std::string_view expires, Instant now) {
  std::int64_t seconds = 0;
  const auto [end, fault] = std::from_chars(expires.data(), expires.data() + expires.size(), seconds);
  if (fault != std::errc() || end != expires.data() + expires.size()) return true;
  return std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count() >= seconds;
}

std::string query(std::string_view expires, std::string_view signature) {
  return fmt::format("expires={}&signature={}", expires, signature);
}

}  // namespace

FileSigner::FileSigner(std::string secret, const Clock& clock) : secret_(std::move(secret)), clock_(clock) {
  if (secret_.size() < 32) throw std::invalid_argument("a file signer needs a secret of at least 32 bytes");
}

std::string FileSigner::sign(std::string_view what) const {
  return crypto::to_base64url(crypto::hmac_sha256(secret_, what));
}

std::string FileSigner::read_query(std::string_view key, std::chrono::seconds lifetime) const {
  check_key(key);
  const std::string expires = unix_seconds(clock_.now() + lifetime);
  return query(expires, sign(read_grant(key, expires)));
}

std::string FileSigner::read_target(std::string_view key, std::chrono::seconds lifetime) const {
  return fmt::format("/files/{}?{}", key, read_query(key, lifetime));
}

// Signatures are compared as text, so that no second spelling of one passes.
bool FileSigner::allows_read(std::string_view key, std::string_view expires, std::string_view signature) const {
  return is_key(key) && !is_past(expires, clock_.now()) && crypto::equal(sign(read_grant(key, expires)), signature);
}

void FileSigner::check_read(std::string_view key, std::string_view expires, std::string_view signature) const {
  if (!allows_read(key, expires, signature))
    throw Error(Fault::forbidden, "ADDRESS_EXPIRED", "This address is no longer valid. Ask for a new one.");
}

std::string FileSigner::upload_target(std::string_view key, std::uint64_t size, std::string_view content_type,
                                      Instant expires_at) const {
  check_key(key);
  check_content_type(content_type);
  const std::string expires = unix_seconds(expires_at);
  return fmt::format("/files/{}?{}", key, query(expires, sign(upload_grant(key, size, content_type, expires))));
}

bool FileSigner::allows_upload(std::string_view key, std::uint64_t size, std::string_view content_type,
                               std::string_view expires, std::string_view signature) const {
  return is_key(key) && !is_past(expires, clock_.now()) &&
         crypto::equal(sign(upload_grant(key, size, content_type, expires)), signature);
}

}  // namespace odeon::storage
