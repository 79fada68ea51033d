// The one thread that writes, and how commits share a sync.
//
// Everything runs in one outer SQLite transaction, each logical transaction and each lone statement but the first in a
// savepoint of it, strictly one after the other. Who is done waits; when nobody is ready to go on, one
// COMMIT makes all of them durable and only then are they told. A transaction that idles, or takes long,
// holds nobody up who is done: it is rolled back, the others are committed, and its statements are run
// again in a new outer transaction, where they find the same data. Nor does the COMMIT wait for anybody, but for those
// that the last of the group has woken to write behind it, and that no longer than it would take. A transaction that
// comes as a whole runs here from its first statement to its last.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/database/sqlite_body.hpp"
#include "engine/database/sqlite_connection.hpp"
#include "engine/database/sqlite_request.hpp"

namespace odeon::database::sqlite {

// One transaction as the writer sees it.
struct Scope {
  enum class State { waiting, open, closed };
  struct Step {
    Request::Kind kind;
    std::string_view sql;
    std::string script;
    std::vector<Values> batches;
  };
  State state = State::waiting;
  std::vector<Step> steps;  // what to run again; kept only while others wait for the same COMMIT
  bool abandoned = false;
};

class Writer {
 public:
  Writer(const std::string& path, std::uint64_t max_bytes);
  ~Writer() { stop(); }

  // Thread-safe. What is submitted after `stop` fails.
  void submit(Request& request);
  // Takes back a request that nobody has begun; false if it is not here.
  bool withdraw(Request& request);
  // Rolls back, if there is anything to roll back. No request of `scope` is under way.
  void abandon(const std::shared_ptr<Scope>& scope) noexcept;
  // Serves what waits, rolls back what is open, then ends the thread and closes the file. Blocks; idempotent.
  void stop();

 private:
  // What holds the work of one alone: of who comes first the outer transaction itself.
  enum class Inside { nothing, transaction, savepoint };

  static void refuse(Request& request);
  void work();
  Request* next();
  bool something_to_do() const;
  void serve(Request& request);
  void serve_alone(Request& request);
  void serve_whole(Request& request);
  void serve_statement(Request& request);
  void serve_commit(Request& request);
  void take_turn(Request& request);
  void remember(Scope& scope, Scope::Step step);
  void perform(Request::Kind kind, std::string_view sql, std::span<const Values> batches, Request* request);
  void enter_savepoint();
  void leave_savepoint();
  void undo_savepoint();
  void take_back_savepoint();
  void join_group(Request& request);
  bool owes_commit() const { return !group_.empty() || told_ > 0; }
  bool group_is_due() const;
  void settle();
  void acknowledge();
  void fail_group(std::exception_ptr cause) noexcept;
  void replay(const std::shared_ptr<Scope>& scope, std::int64_t version);
  void set_current(std::shared_ptr<Scope> scope);
  void close_current();

  std::optional<Connection> connection_;
  BodyRunner bodies_;
  Completions done_;
  std::vector<Request*> group_;  // done but for the COMMIT
  std::size_t told_ = 0;         // likewise, but told so already
  bool followed_ = false;        // somebody is about to come who may share the COMMIT
  std::chrono::steady_clock::time_point group_since_;
  std::chrono::steady_clock::duration patience_ = std::chrono::milliseconds(1);
  Inside inside_ = Inside::nothing;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Request*> waiting_;    // lone statements and first statements of transactions, in turn
  std::shared_ptr<Scope> current_;  // whose turn it is; written by the thread alone
  Request* turn_ = nullptr;         // the next statement of `current_`
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace odeon::database::sqlite
