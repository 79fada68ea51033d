// One connection to Redis, plain or TLS, that has introduced itself.
#pragma once

#include <array>
#include <memory>
#include <span>

#include "base/task.hpp"
#include "engine/coordination/redis_address.hpp"
#include "engine/coordination/redis_wire.hpp"

namespace odeon::coordination::redis {

// Bytes to and from the server. One read and one write at a time, on one loop.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual Task<std::size_t> read_some(std::span<char> into) = 0;
  virtual Task<void> write(std::string_view bytes) = 0;
  // Ends what is being read or written by an error.
  virtual void close() = 0;
};

class Connection {
 public:
  explicit Connection(std::unique_ptr<Transport> transport) : transport_(std::move(transport)) {}
  Task<void> send(std::string commands);
  // A reply that has arrived already.
  std::optional<Reply> ready() { return replies_.next(); }
  // Waits for more bytes.
  Task<void> more();
  // The next reply, waited for.
  Task<Reply> receive();
  void close() { transport_->close(); }

 private:
  std::unique_ptr<Transport> transport_;
  ReplyReader replies_;
  std::array<char, 16384> buffer_;
};

// Whom to connect to and whom to believe. Used on one loop.
class Server {
 public:
  // Throws Error{invalid} if the authorities cannot be used.
  Server(Address address, const std::string& authorities_file);
  // Looks up, connects, speaks TLS, logs in and selects the database. Throws what went wrong.
  Task<std::shared_ptr<Connection>> connect() const;

 private:
  struct Trust;
  Address address_;
  std::shared_ptr<Trust> trust_;  // for TLS alone
};

// What an error reply becomes where it cannot be lived with.
[[noreturn]] void raise(const Reply& error);

}  // namespace odeon::coordination::redis
