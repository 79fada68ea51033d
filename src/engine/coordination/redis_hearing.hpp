// The connection on which a node hears what others announce.
#pragma once

#include <atomic>

#include "engine/coordination/redis.hpp"
#include "engine/coordination/redis_connection.hpp"
#include "engine/coordination/topics.hpp"

namespace odeon::coordination::redis {

// All topics share one channel, so that a topic is heard from the moment somebody listens, without asking
// the server first. Announcements are small, and what nobody here listens to costs a look into a table.
class Hearing {
 public:
  Hearing(const Server& server, const RedisOptions& options, Topics& topics);

  // The command that lets other nodes hear; this one will know it for its own. Thread-safe.
  std::string publish(const std::string& topic, const std::string& message) const;
  // Whether it was cut off and is not connected again. Thread-safe.
  bool lost() const { return lost_; }
  // Connects, hears, and connects again, until cancelled.
  Task<void> run();

 private:
  Task<void> hear();
  Task<std::shared_ptr<Connection>> subscribe();
  Task<void> read(std::shared_ptr<Connection> connection);
  Task<void> look_after(std::shared_ptr<Connection> connection);
  void pass_on(std::string_view payload);

  const Server& server_;
  const RedisOptions& options_;
  Topics& topics_;
  const std::string channel_;
  const std::string node_;  // random, kNodeBytes
  std::atomic<bool> lost_ = false;
  bool heard_ = false;  // anything since the last heartbeat
};

}  // namespace odeon::coordination::redis
