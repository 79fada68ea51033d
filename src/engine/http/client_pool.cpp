#include "engine/http/client_pool.hpp"

namespace odeon::http::client {
namespace {

// Sockets must not outlive their io_context: it calls this before it goes.
class LoopEnd final : public asio::execution_context::service {
 public:
  using key_type = LoopEnd;
  static inline asio::execution_context::id id;

  explicit LoopEnd(asio::execution_context& loop) : service(loop) {}

  void watch(std::weak_ptr<Pool> pool) {
    std::lock_guard lock(mutex_);
    std::erase_if(pools_, [](const std::weak_ptr<Pool>& gone) { return gone.expired(); });
    pools_.push_back(std::move(pool));
  }

 private:
  void shutdown() noexcept override {
    for (const auto& watched : pools_)
      if (auto pool = watched.lock()) pool->close();
  }

  std::mutex mutex_;
  std::vector<std::weak_ptr<Pool>> pools_;
};

}  // namespace

void Pool::drop_expired(Time now) {
  if (now < next_look_) return;
  next_look_ = now + keep_idle_ / 4;
  for (auto& [origin, connections] : idle_)
    while (!connections.empty() && connections.front().since + keep_idle_ <= now) connections.pop_front();
  std::erase_if(idle_, [](const auto& origin) { return origin.second.empty(); });
}

std::unique_ptr<Connection> Pool::take(const std::string& origin) {
  const Time now = std::chrono::steady_clock::now();
  std::lock_guard lock(mutex_);
  drop_expired(now);
  const auto found = idle_.find(origin);
  if (found == idle_.end()) return nullptr;
  auto& connections = found->second;
  while (!connections.empty()) {
    Idle last = std::move(connections.back());
    connections.pop_back();
    if (last.since + keep_idle_ > now && last.connection->wire().quiet()) return std::move(last.connection);
  }
  return nullptr;
}

void Pool::put(std::unique_ptr<Connection> connection) {
  connection->deadline().clear();
  const Time now = std::chrono::steady_clock::now();
  std::lock_guard lock(mutex_);
  drop_expired(now);
  if (closed_ || max_idle_per_origin_ == 0) return;
  auto& connections = idle_[connection->origin()];
  if (connections.size() >= max_idle_per_origin_) connections.pop_front();
  connections.push_back({std::move(connection), now});
}

void Pool::close() {
  std::lock_guard lock(mutex_);
  closed_ = true;
  idle_.clear();
}

bool Pool::closed() const {
  std::lock_guard lock(mutex_);
  return closed_;
}

Pools::~Pools() {
  for (auto& [loop, pool] : pools_) pool->close();
}

std::shared_ptr<Pool> Pools::of_loop(const asio::any_io_executor& executor) {
  asio::execution_context& loop = executor.context();
  std::lock_guard lock(mutex_);
  auto& pool = pools_[&loop];
  if (!pool || pool->closed()) {  // closed: another loop lived at this address before
    pool = std::make_shared<Pool>(max_idle_per_origin_, keep_idle_);
    asio::use_service<LoopEnd>(loop).watch(pool);
  }
  return pool;
}

}  // namespace odeon::http::client
