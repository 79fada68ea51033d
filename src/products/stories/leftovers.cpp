#include "products/stories/leftovers.hpp"

#include "products/stories/file_store.hpp"

namespace odeon::stories {
namespace {

constexpr std::int64_t kSweptAtOnce = 100;
constexpr std::chrono::hours kStoredUnowned{6};

}  // namespace

Task<void> store_for(Keeping where, std::string user_id, std::string key, std::string bytes, std::string type) {
  co_await store::expect_object(where.database, std::move(user_id), key, where.clock.now() + kStoredUnowned);
  co_await storage::put(where.storage, std::move(key), std::move(bytes), {.content_type = std::move(type)});
}

Task<void> discard(Keeping where, std::string key) {
  co_await where.storage.remove(key);
  co_await store::remove_leftover(where.database, std::move(key));
}

void Leftovers::install(jobs::Worker& worker) {
  worker.handle<SweepLeftovers>(
      [this](this auto, SweepLeftovers, jobs::Job&) -> Task<void> { static_cast<void>(co_await sweep()); });
  worker.schedule("stories.sweep_leftovers", jobs::Cron("20 * * * *"), SweepLeftovers{});
}

Task<std::int64_t> Leftovers::sweep() {
  const auto gone = co_await sweep_let_go();
  co_return gone + co_await sweep_unconfirmed();
}

Task<std::int64_t> Leftovers::sweep_let_go() {
  std::int64_t gone = 0;
  for (;;) {
    const auto keys = co_await store::leftovers(database_, clock_.now(), kSweptAtOnce);
    for (const auto& key : keys) {
      co_await storage_.remove(key);
      co_await store::remove_leftover(database_, key);
      ++gone;
    }
    if (std::ssize(keys) < kSweptAtOnce) co_return gone;
  }
}

Task<std::int64_t> Leftovers::sweep_unconfirmed() {
  std::int64_t gone = 0;
  for (;;) {
    const auto files = co_await store::expired_files(database_, clock_.now(), kSweptAtOnce);
    for (const auto& file : files) {
      if (!file.confirmed_at) {
        co_await storage_.remove(file.upload_key);
        co_await storage_.remove(file.storage_key);
        ++gone;
      }
      co_await store::remove_file(database_, file.id);
    }
    if (std::ssize(files) < kSweptAtOnce) co_return gone;
  }
}

}  // namespace odeon::stories
