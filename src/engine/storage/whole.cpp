#include "engine/storage/whole.hpp"

#include "base/error.hpp"

namespace odeon::storage {

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

}  // namespace odeon::storage
