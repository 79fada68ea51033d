// Push messages to a person's devices. A message is a durable job, enqueued in the caller's transaction: if
// what it tells of is there, so is the message. Each device gets it once, unless the carrier takes it and
// dies before it says so: then perhaps twice.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "engine/database/migrations.hpp"
#include "engine/jobs/worker.hpp"
#include "engine/notify/carrier.hpp"

namespace odeon::notify {

struct Device {
  std::string user_id;
  std::string product;   // whose app it is
  std::string token;     // ExponentPushToken[…]
  std::string platform;  // ios, android or empty
};

struct PushOrder {
  std::string user_id;
  std::string product;
  PushMessage message;
  std::string key;  // a second order of this key sends nothing
};

// The jobs.
struct SendPush {
  static constexpr std::string_view kind = "notify.push";
  std::string user_id;
  std::string product;
  PushMessage message;
};
BOOST_DESCRIBE_STRUCT(SendPush, (), (user_id, product, message))

struct FetchReceipts {
  static constexpr std::string_view kind = "notify.push_receipts";
};
BOOST_DESCRIBE_STRUCT(FetchReceipts, (), ())

// Thread-safe; what it is given outlives it.
class Push {
 public:
  static constexpr std::int64_t max_devices = 20;  // of one account and product; the longest unseen go

  Push(database::Database& database, jobs::Queue& queue, Carrier& carrier, const Clock& clock, Log& log,
       Metrics& metrics);

  // A device that changed hands is its last account's. Throws Error{invalid} for what is no token.
  Task<void> add(Device device);
  // False if the account has no such device.
  Task<bool> remove(Device device);
  // Nothing is enqueued for a person without devices.
  Task<void> send(database::Transaction& transaction, PushOrder order);

  // Registers the handlers and the schedule, before the worker starts.
  void install(jobs::Worker& worker);

 private:
  Task<void> deliver(SendPush job, jobs::Job& handle);
  Task<bool> deliver_to(std::string job_id, PushMessage message, std::vector<std::string> tokens);
  Task<void> fetch_receipts();
  void count(const Ticket& ticket, std::string_view step);

  database::Database& database_;
  jobs::Queue& queue_;
  Carrier& carrier_;
  const Clock& clock_;
  Log& log_;
  Metrics& metrics_;
};

// The tables of this room.
std::vector<database::Migration> migrations();

}  // namespace odeon::notify
