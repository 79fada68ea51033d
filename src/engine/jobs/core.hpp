// What a queue shares with the workers of its process: how they are woken, and what to call when a job
// ends badly.
#pragma once

#include <atomic>
#include <mutex>
#include <unordered_map>

#include "engine/jobs/queue.hpp"

namespace odeon::jobs {

// Announced when jobs became ready, with the node that knows it already; when `message` is cancelled;
// when anything about a job changed.
inline constexpr std::string_view kReadyTopic = "jobs/ready";
inline constexpr std::string_view kCancelTopic = "jobs/cancel";
std::string topic_of(std::string_view job);

// Thread-safe.
struct Queue::Core : std::enable_shared_from_this<Queue::Core> {
  // Looks for ready jobs now, and for due ones at `look_at`. Says whether it does so at once: it had nothing to do.
  using Wake = std::function<bool(std::optional<Instant> look_at)>;
  using Hook = std::function<Task<void>(std::string, database::Transaction&, std::string)>;

  Core(database::Database& database, coordination::Coordination& coordination, Clock& clock);

  int add_worker(Wake wake);
  void remove_worker(int number);
  bool wake(std::optional<Instant> look_at);
  // Wakes workers, here and on other nodes, for what `transaction` makes ready.
  void wake_for(database::Transaction& transaction, std::optional<Instant> look_at);
  void changed(std::string_view job);
  void cancelled(const std::string& job);

  void set_hook(std::string kind, Hook hook);
  Task<void> ended_badly(database::Transaction& transaction, std::string kind, std::string payload, std::string error);

  database::Database& database;
  coordination::Coordination& coordination;
  Clock& clock;
  const std::string node;

 private:
  std::mutex mutex_;
  int next_worker_ = 0;
  std::map<int, Wake> workers_;
  std::unordered_map<std::string, Hook> hooks_;
};

}  // namespace odeon::jobs
