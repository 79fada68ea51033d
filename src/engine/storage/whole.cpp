#include "engine/storage/whole.hpp"

#include "base/crypto.hpp"
#include "base/error.hpp"

namespace odeon::storage {
namespace {

constexpr std::size_t kReadAtOnce = 256 * 1024;

Error upload_lost() {
  return Error(Fault::internal, "UPLOAD_LOST", "What was sent is lost. Please send it again.");
}

}  // namespace

Task<std::optional<std::string>> bytes_of(Storage& storage, std::string key, std::uint64_t max_bytes) {
  const auto object = co_await storage.get(std::move(key));
  if (!object) co_return std::nullopt;
  if (object->size() > max_bytes) throw Error(Fault::too_large, "FILE_TOO_LARGE", "This file is too large.");
  std::string bytes(object->size(), '\0');
  for (std::size_t at = 0; at < bytes.size();) {
    const auto count = co_await object->read_at(at, std::span(bytes).subspan(at));
    if (count == 0) throw Error(Fault::internal, "FILE_BROKEN", "A file ended before its end.");
    at += count;
  }
  co_return bytes;
}

Task<std::string> take_upload(Storage& storage, std::string key) {
  // Whoever sent it may have gone away meanwhile: it is not to stay behind.
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  auto bytes = co_await settle(bytes_of(storage, key));
  co_await storage.remove(key);
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (!bytes) std::rethrow_exception(bytes.error());
  if (!*bytes) throw upload_lost();
  co_return std::move(**bytes);
}

Task<std::string> sha256_of(Storage& storage, std::string key, std::optional<std::uint64_t> bytes) {
  const auto object = co_await storage.get(std::move(key));
  if (!object) throw upload_lost();
  crypto::Digest digest(crypto::Digest::Algorithm::sha256);
  std::string buffer(kReadAtOnce, '\0');
  const std::uint64_t end = bytes.value_or(object->size());
  for (std::uint64_t at = 0; at < end;) {
    const auto wanted = std::min<std::uint64_t>(buffer.size(), end - at);
    const auto count = co_await object->read_at(at, std::span(buffer).first(wanted));
    if (count == 0) throw Error(Fault::internal, "UPLOAD_BROKEN", "What was sent ended before its end.");
    digest.update(std::string_view(buffer).substr(0, count));
    at += count;
  }
  co_return crypto::to_hex(digest.finish());
}

}  // namespace odeon::storage
