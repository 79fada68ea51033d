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

Task<void> MetricsMeter::record(ai::Metered call) {
  const Metrics::Labels labels{{"task", call.task}, {"model", call.model}};
  auto count = [&](const char* name, const char* help, double amount) {
    if (amount > 0) metrics_.counter(name, help, labels).add(amount);
  };
  count("odeon_ai_input_tokens_total", "tokens sent to models", static_cast<double>(call.usage.input_tokens));
  count("odeon_ai_output_tokens_total", "tokens received from models", static_cast<double>(call.usage.output_tokens));
  count("odeon_ai_characters_total", "characters spoken", static_cast<double>(call.usage.characters));
  count("odeon_ai_audio_seconds_total", "seconds of sound made", call.usage.seconds);
  co_return;
}

}  // namespace odeon::server
