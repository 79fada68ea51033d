// One connection in pipeline mode. Everything here belongs to the driver's thread.
#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/database/completion.hpp"
#include "engine/database/postgres_values.hpp"

typedef struct pg_conn PGconn;

namespace odeon::database::postgres {

struct FinishConnection {
  void operator()(PGconn* connection) const;
};
using Link = std::unique_ptr<PGconn, FinishConnection>;

class Connection;

// A transaction's place: the connection that it has to itself, once it has one.
struct Session {
  std::shared_ptr<Connection> connection;
  bool lost = false;  // it had one
};

// A statement on its way to the server and back. The statement begins a transaction if it says so.
struct Request : Pending {
  enum class Kind { statement, script, commit };
  Kind kind = Kind::statement;
  std::string_view begin;  // a literal; empty: none
  std::string_view sql;    // a literal, or a script that outlives the request
  std::span<const Values> batches;
  std::shared_ptr<Session> session;  // none: the statement is on its own
  bool reads = false;

  std::uint64_t number = 0;
  std::chrono::steady_clock::time_point asked_at;
  bool cancelled = false;
  std::vector<Result> results;  // one for each batch
  bool may_run_again = false;   // the failure may pass if the whole is run again
};

// Each request ends with a synchronisation point, so that one which fails harms none that shares the
// pipeline.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  class Owner {
   public:
    virtual void answered(Connection& connection) = 0;  // something has ended
    virtual void lost(Connection& connection) = 0;      // everything has failed; never used again
    virtual void heard(std::string_view /*payload*/) {}

   protected:
    ~Owner() = default;
  };
  using Done = std::function<void(bool ok)>;

  // `owner` and `done`, which is flushed by whoever is called, outlive the connection's last call.
  Connection(asio::io_context& loop, Link link, Owner& owner, Completions& done);
  void start();

  void send(Request& request);
  // A script needs the connection to itself.
  void send_script(Request& request);
  // For what no coroutine waits for.
  void send(std::string_view sql, const Values& values, Done done);
  // Fails what is under way and lets go of the server.
  void close(const std::string& why);

  std::size_t in_flight() const { return flights_.size(); }
  // What is being answered; none if nobody waits for it.
  Request* front() const { return flights_.empty() ? nullptr : flights_.front().request; }
  // Since when the server owes an answer.
  std::optional<std::chrono::steady_clock::time_point> waiting_since() const;
  PGconn* link() const { return link_.get(); }

 private:
  // What was sent up to a synchronisation point: perhaps the beginning of a transaction, perhaps a
  // statement to prepare, then the statement for each batch.
  struct Flight {
    Request* request = nullptr;
    Done done;
    bool begins = false;
    bool prepares = false;
    bool script = false;
    std::string_view sql;
    std::string prepared;  // under which name; empty: none that is kept
    std::size_t step = 0;
    std::chrono::steady_clock::time_point since;
    std::exception_ptr failure;
    bool may_run_again = false;
    std::vector<Result> results;
  };
  struct Prepared {
    std::string name;
    bool confirmed = false;
  };

  bool add(Flight& flight, std::string_view sql, std::span<const Values> batches);
  bool prepare(Flight& flight, std::string_view sql, std::string& name);
  void finish_sending(bool sent);
  void flush();
  void receive();
  void read();
  void take(Result result);
  void land();
  void fail(const std::string& why);

  Link link_;
  asio::posix::stream_descriptor socket_;
  Owner& owner_;
  Completions& done_;
  std::deque<Flight> flights_;
  std::unordered_map<std::string_view, Prepared> prepared_;
  std::uint64_t next_name_ = 0;
  std::chrono::steady_clock::time_point planned_at_;
  Arguments arguments_;
  bool flushing_ = false;
};

// Connects as `settings` (libpq's keywords and values) say. Throws Error{unavailable}.
Task<Link> connect(std::map<std::string, std::string> settings);

}  // namespace odeon::database::postgres
