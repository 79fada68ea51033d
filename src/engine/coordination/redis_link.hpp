// The connection that commands of many tasks share: pipelined, and given up as soon as it keeps someone
// waiting.
#pragma once

#include <deque>
#include <mutex>
#include <set>

#include "engine/coordination/redis.hpp"
#include "engine/coordination/redis_connection.hpp"

namespace odeon::coordination::redis {

// `ask`, `tell` and the rest of the upper part are thread-safe; `run` is on the loop of `executor`.
class Link {
 public:
  Link(asio::any_io_executor executor, const Server& server, const RedisOptions& options);

  // The reply to a command, which may be an error of this command alone; nothing if the server is away.
  Task<std::optional<Reply>> ask(std::string command);
  // Sent if the server is there; nobody hears of the reply.
  void tell(std::string command);
  // A key whose value at the server is no longer true. It is removed before the server is used again.
  void forget_when_back(std::string key);
  // Why the server is away, for logs.
  std::string fault() const;

  // Connects, serves, and connects again, until cancelled.
  Task<void> run();

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Call;
  struct Sent {
    Time due;
    std::shared_ptr<Call> call;  // none for what was told
  };

  bool enqueue(std::string command, std::shared_ptr<Call> call);
  void flush();
  void watch();
  std::optional<Time> first_due();
  Task<void> serve();
  Task<std::shared_ptr<Connection>> open();
  Task<void> remove_forgotten(std::shared_ptr<Connection> connection);
  Task<void> write_commands();
  Task<void> read_replies();
  void answer(Reply reply);
  void go_down(std::string why);

  asio::any_io_executor executor_;
  const Server& server_;
  const RedisOptions& options_;

  mutable std::mutex mutex_;
  // Until the first attempt has ended, calls wait for it.
  enum class State { beginning, up, down } state_ = State::beginning;
  std::string outgoing_;
  std::deque<Sent> queued_;  // in outgoing_
  bool flushing_ = false;    // a flush is on its way to the loop
  std::set<std::string> forgotten_;
  std::string fault_ = "not connected yet";

  // On the loop.
  std::shared_ptr<Connection> connection_;
  std::deque<Sent> unanswered_;
  asio::steady_timer work_, due_;
  bool watching_ = false;
  std::string gave_up_;  // why the session was ended from here
};

}  // namespace odeon::coordination::redis
