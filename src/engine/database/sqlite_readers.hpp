// The threads that read. Many small reads cost few context switches: a thread takes several at once, in
// one snapshot, and hands them back together; another thread is woken only when there is work for it.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/database/sqlite_connection.hpp"
#include "engine/database/sqlite_request.hpp"

namespace odeon::database::sqlite {

class Readers {
 public:
  // Statements that turn out to write are given to `writes`.
  Readers(const std::string& path, std::size_t count, std::function<void(Request&)> writes);
  ~Readers() { stop(); }

  // Thread-safe. What is submitted after `stop` fails.
  void submit(Request& request);
  // Takes back a request that nobody has begun; false if it is not here.
  bool withdraw(Request& request);
  // Serves what waits, then ends the threads. Blocks; idempotent.
  void stop();

 private:
  struct Reader {
    explicit Reader(Readers& pool, const std::string& path) : pool(pool), connection(path, Connection::Mode::read) {}
    Readers& pool;
    Connection connection;
    std::deque<Request*> taken;
    Completions done;
    bool slow = false;  // inside a statement that takes long
    std::thread thread;
  };

  void work(Reader& reader);
  void take(Reader& reader);
  void serve(Reader& reader);
  void serve_one(Reader& reader, Request& request);
  void yield(Reader& reader);
  void count_as_quick(Reader& reader);
  void wake_one();

  const std::function<void(Request&)> writes_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Request*> waiting_;
  std::size_t quick_ = 0;     // threads that are awake and not in a slow statement
  std::size_t sleeping_ = 0;  // threads that nobody has called yet
  std::size_t calls_ = 0;     // calls that no thread has heard yet
  bool stopping_ = false;
  std::vector<std::unique_ptr<Reader>> readers_;
};

}  // namespace odeon::database::sqlite
