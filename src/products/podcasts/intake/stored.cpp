#include "products/podcasts/intake/stored.hpp"

#include "base/crypto.hpp"
#include "base/error.hpp"

namespace odeon::podcasts {
namespace {

constexpr std::size_t kReadAtOnce = 256 * 1024;

}  // namespace

Task<std::optional<std::string>> stored_bytes(storage::Storage& storage, std::string key) {
  const auto object = co_await storage.get(std::move(key));
  if (object == nullptr) co_return std::nullopt;
  std::string bytes(object->size(), '\0');
  for (std::size_t at = 0; at < bytes.size();) {
    const auto count = co_await object->read_at(at, std::span(bytes).subspan(at));
    if (count == 0) throw Error(Fault::internal, "FILE_BROKEN", "A file ended before its end.");
    at += count;
  }
  co_return bytes;
}

Task<std::string> sha256_of(storage::Storage& storage, std::string key) {
  const auto object = co_await storage.get(std::move(key));
  if (object == nullptr) throw Error(Fault::internal, "UPLOAD_LOST", "What was sent is lost. Please send it again.");
  crypto::Digest digest(crypto::Digest::Algorithm::sha256);
  std::string buffer(kReadAtOnce, '\0');
  for (std::uint64_t at = 0; at < object->size();) {
    const auto count = co_await object->read_at(at, buffer);
    if (count == 0) throw Error(Fault::internal, "UPLOAD_BROKEN", "What was sent ended before its end.");
    digest.update(std::string_view(buffer).substr(0, count));
    at += count;
  }
  co_return crypto::to_hex(digest.finish());
}

}  // namespace odeon::podcasts
