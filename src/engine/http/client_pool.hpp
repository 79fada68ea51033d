// Idle connections of one client on one loop, by origin.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/http/client_connection.hpp"

namespace odeon::http::client {

// Thread-safe, though nearly all calls come from its loop. There is no timer: what lay too long is
// closed when the pool is used next.
class Pool {
 public:
  Pool(std::size_t max_idle_per_origin, std::chrono::milliseconds keep_idle)
      : max_idle_per_origin_(max_idle_per_origin), keep_idle_(keep_idle) {}

  // The connection used last, if it is still open; else nothing.
  std::unique_ptr<Connection> take(const std::string& origin);
  void put(std::unique_ptr<Connection> connection);
  // Closes every connection, now and later.
  void close();
  bool closed() const;

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Idle {
    std::unique_ptr<Connection> connection;
    Time since;
  };
  void drop_expired(Time now);

  const std::size_t max_idle_per_origin_;
  const std::chrono::milliseconds keep_idle_;
  mutable std::mutex mutex_;
  bool closed_ = false;
  Time next_look_{};
  std::unordered_map<std::string, std::deque<Idle>> idle_;  // the oldest in front
};

// The pools of one client. A loop that ends takes its idle connections with it.
class Pools {
 public:
  Pools(std::size_t max_idle_per_origin, std::chrono::milliseconds keep_idle)
      : max_idle_per_origin_(max_idle_per_origin), keep_idle_(keep_idle) {}
  ~Pools();
  // Thread-safe.
  std::shared_ptr<Pool> of_loop(const asio::any_io_executor& executor);

 private:
  const std::size_t max_idle_per_origin_;
  const std::chrono::milliseconds keep_idle_;
  std::mutex mutex_;
  std::unordered_map<asio::execution_context*, std::shared_ptr<Pool>> pools_;
};

}  // namespace odeon::http::client
