// The driver's thread and its connections. Lone reads go to one group of them, everything else to the
// other: who holds a transaction can always read beside it.
//
// In a group requests come first in, first out. A transaction waits at the head until a connection has
// nothing to do; a lone statement goes to the connection with the least to do. Connections are made as they
// are needed, up to the group's size.
#pragma once

#include <atomic>
#include <list>
#include <map>
#include <thread>

#include "engine/database/postgres.hpp"
#include "engine/database/postgres_connection.hpp"

namespace odeon::database::postgres {

using Settings = std::map<std::string, std::string>;
// Throws Error{invalid}.
Settings settings_from(const std::string& url);

class Group final : public Connection::Owner {
 public:
  Group(asio::io_context& loop, const PostgresOptions& options, const Settings& settings, std::size_t size,
        std::size_t most_in_flight);

  void add(Request& request);
  // Fails the request if it waits here; interrupts its statement if it has a connection to itself.
  void withdraw(std::uint64_t number);
  // Takes the connection back, rolling back.
  void abandon(const std::shared_ptr<Session>& session);
  void serve();
  // How long whoever is first has been waiting.
  Micros wait() const;
  // Gives up who waited too long and servers that are silent.
  void look_at_clock();
  bool busy() const;
  void close();

 private:
  struct Member {
    std::shared_ptr<Connection> connection;
    std::shared_ptr<Session> session;  // who has it to itself
    bool connecting = false;
    bool interrupting = false;
    bool free() const { return connection && !session && !interrupting; }
  };

  void answered(Connection& connection) override;
  void lost(Connection& connection) override;
  Member& member_of(const Connection& connection);
  Member* least_busy();
  void refuse_waiting();
  void finish();
  bool give(Request& request);
  void grow();
  Task<void> open(Member& member);
  Task<void> try_open(Member& member);
  void interrupt(Member& member);

  asio::io_context& loop_;
  const PostgresOptions& options_;
  const Settings& settings_;
  const std::size_t most_in_flight_;
  std::vector<Member> members_;
  std::list<Request*> waiting_;
  std::chrono::steady_clock::time_point try_again_at_;
  std::chrono::milliseconds pause_{0};
  std::string last_fault_;
  Completions done_;
  ThreadPool interrupter_{1};  // PQcancel blocks; first to go
};

// Thread-safe.
class Pool {
 public:
  explicit Pool(PostgresOptions options);
  ~Pool() { stop(); }

  void submit(Request& request);
  void withdraw(Request& request);
  void abandon(std::shared_ptr<Session> session);
  Micros wait() const { return wait_; }
  // Awaits what is under way, then ends the thread. Blocks; idempotent.
  void stop();

 private:
  void tick();
  void stop_when_idle();
  Group& group_of(const Request& request) { return request.reads ? readers_ : writers_; }

  const PostgresOptions options_;
  const Settings settings_;
  asio::io_context loop_{1};
  asio::steady_timer ticker_{loop_};
  asio::steady_timer stopper_{loop_};
  Group readers_;
  Group writers_;
  std::atomic<Micros> wait_{};  // as of the last tick
  std::uint64_t numbers_ = 0;
  std::mutex mutex_;
  bool stopping_ = false;  // from then on nothing reaches the thread
  std::mutex joining_;
  std::thread thread_;
};

}  // namespace odeon::database::postgres
