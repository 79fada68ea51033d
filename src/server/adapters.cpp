#include "server/adapters.hpp"

#include "base/ids.hpp"

namespace odeon::server {

Task<http::RateVerdict> CoordinatedLimiter::take(std::string key, http::Rate rate) {
  const auto verdict = co_await coordination_.take(std::move(key), {rate.limit, rate.window});
  co_return http::RateVerdict{verdict.allowed, verdict.limit, verdict.remaining, verdict.reset, verdict.retry_after};
}

Task<void> StoredUploads::store(http::Upload& upload, ByteSource& bytes, std::uint64_t max_bytes) {
  upload.key = "uploads/" + new_uuid(clock_);
  if (upload.content_type.empty()) upload.content_type = "application/octet-stream";
  const auto stored =
      co_await storage_.put(upload.key, bytes, {.content_type = upload.content_type, .max_bytes = max_bytes});
  upload.size = static_cast<std::int64_t>(stored.size);
}

Task<void> StoredUploads::discard(std::string key) {
  co_await storage_.remove(std::move(key));
}

}  // namespace odeon::server
