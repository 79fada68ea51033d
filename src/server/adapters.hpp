// Where rooms of one floor meet: small interfaces of one, implemented with another.
#pragma once

#include "engine/ai/cache.hpp"
#include "engine/coordination/coordination.hpp"
#include "engine/http/services.hpp"
#include "engine/storage/storage.hpp"

namespace odeon::server {

class CoordinatedLimiter final : public http::RateLimiter {
 public:
  explicit CoordinatedLimiter(coordination::Coordination& coordination) : coordination_(coordination) {}
  Task<http::RateVerdict> take(std::string key, http::Rate rate) override;

 private:
  coordination::Coordination& coordination_;
};

// Answers of models that were given before.
class CoordinatedCache final : public ai::Cache {
 public:
  explicit CoordinatedCache(coordination::Coordination& coordination) : coordination_(coordination) {}
  Task<std::optional<std::string>> find(std::string key) override { return coordination_.cached(std::move(key)); }
  Task<void> keep(std::string key, std::string value, std::chrono::seconds lifetime) override {
    return coordination_.cache(std::move(key), std::move(value), lifetime);
  }

 private:
  coordination::Coordination& coordination_;
};

// Uploads go to "uploads/<uuid>" until their product moves or drops them.
class StoredUploads final : public http::UploadStore {
 public:
  StoredUploads(storage::Storage& storage, const Clock& clock) : storage_(storage), clock_(clock) {}
  Task<void> store(http::Upload& upload, ByteSource& bytes, std::uint64_t max_bytes) override;
  Task<void> discard(std::string key) override;

 private:
  storage::Storage& storage_;
  const Clock& clock_;
};

}  // namespace odeon::server
