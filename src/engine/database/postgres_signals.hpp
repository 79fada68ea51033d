// NOTIFY and LISTEN on a connection of their own, made when it is first needed and, while anyone listens,
// made again whenever it is lost.
//
// One channel carries all topics. Signals that come while others are on their way go together afterwards,
// equal ones once. They are sent outside of transactions: PostgreSQL lets those that notify commit only one
// after the other.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "engine/database/postgres_pool.hpp"

namespace odeon::database::postgres {

// Thread-safe.
class Signals final : public Connection::Owner, public std::enable_shared_from_this<Signals> {
 public:
  using Heard = std::function<void(const std::string&)>;
  explicit Signals(const PostgresOptions& options);
  ~Signals() { stop(); }

  void send(std::string topic, std::string message);
  std::shared_ptr<void> listen(std::string topic, Heard heard);
  // Nothing is heard or sent afterwards. Blocks; idempotent.
  void stop();

 private:
  struct Listener {
    std::string topic;
    Heard heard;
  };
  struct Listening;

  void answered(Connection&) override {}
  void lost(Connection& connection) override;
  void heard(std::string_view payload) override;
  void tell(std::string_view topic, const std::string& message);
  void forget(std::uint64_t number);
  void in_thread(std::function<void()> call);
  void want_connection();
  Task<void> open();
  void listen_on_server();
  void flush();

  const PostgresOptions options_;
  const Settings settings_;
  asio::io_context loop_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{loop_.get_executor()};
  Completions done_;

  // On the thread.
  std::shared_ptr<Connection> connection_;
  bool opening_ = false;
  bool sending_ = false;
  std::set<std::string> unsent_;

  std::mutex mutex_;  // held while listeners are called, so that none is called once it is gone
  std::map<std::uint64_t, Listener> listeners_;
  std::uint64_t next_listener_ = 0;

  std::mutex starting_;
  bool stopped_ = false;
  std::thread thread_;  // started when first needed
};

}  // namespace odeon::database::postgres
