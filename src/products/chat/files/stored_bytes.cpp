#include "products/chat/files/stored_bytes.hpp"

#include "base/error.hpp"

namespace odeon::chat {

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

Task<std::string> take_upload(storage::Storage& storage, std::string key) {
  // Whoever sent it may have gone away meanwhile: it is not to stay behind.
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  auto bytes = co_await settle(stored_bytes(storage, key));
  co_await storage.remove(key);
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (!bytes) std::rethrow_exception(bytes.error());
  if (!*bytes) throw Error(Fault::internal, "UPLOAD_LOST", "The file was lost. Please send it again.");
  co_return std::move(**bytes);
}

}  // namespace odeon::chat
