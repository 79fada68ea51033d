// What many short pieces of work hold of one allowance: of the database in portions, of a portion in memory.
//
//   auto held = co_await leases.hold(user_id, "chat", "spend", at_most);
//   if (!held) throw held.error().error("daily_budget_exceeded", "…");
//   …                                         // the work
//   held->settle(in_truth);                   // or not: then nothing was used
//
// A reservation for each call of a model would be two transactions beside one call. A lease is a reservation that this
// node has of somebody's meter: calls are held of it without the database, and it grows when it does not suffice. What
// was used of it is counted once a second; when nobody has held any of it for that long, or for a minute where it is at
// most a hundredth of the limit, the rest goes back. So limits hold on any number of nodes as those of Allowances do.
// What this node's leases hold too much is not shown as reserved; other nodes see it so until it goes back. When a node
// dies its leases expire.
#pragma once

#include <expected>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "engine/billing/allowances.hpp"

namespace odeon::billing {

// Thread-safe; what it is given outlives it.
class Leases {
 public:
  static constexpr std::chrono::seconds settled_every{1};
  static constexpr std::chrono::minutes expire_after{5};

  Leases(database::Database& database, Allowances& allowances, const Clock& clock, Log& log);
  ~Leases();  // after `stop`

  // What is held. Outlived by the Leases. Where it ends without `settle`, nothing was used.
  class Hold {
   public:
    Hold() = default;  // nothing is held
    Hold(Hold&& other) noexcept = default;
    Hold& operator=(Hold&&) = delete;
    ~Hold() { settle(0); }
    std::int64_t amount() const { return amount_; }
    // Once; at once. It may be more than was held.
    void settle(std::int64_t used);

   private:
    friend class Leases;
    struct Lease;
    Hold(std::shared_ptr<Lease> lease, std::int64_t amount) : lease_(std::move(lease)), amount_(amount) {}
    std::shared_ptr<Lease> lease_;
    std::int64_t amount_ = 0;
  };

  // `amount` (> 0), or what is left where that is less; refused where nothing is.
  Task<std::expected<Hold, Refusal>> hold(std::string user_id, std::string product, std::string meter,
                                          std::int64_t amount);

  // Counts what was used of all; where nobody has held any for `idle`, or sixty times that where it is little, the rest
  // goes back. Throws what the database throws: it is counted the next time.
  Task<void> settle(Micros idle);

  // Settles every second, and gives back what other nodes have let expire, until `stop`, which settles everything.
  void start(asio::any_io_executor loop);
  Task<void> stop();

 private:
  using Lease = Hold::Lease;
  using LeasePtr = std::shared_ptr<Lease>;

  struct Due;    // of one lease, to be written
  struct Begun;  // those that are being written
  using Held = std::expected<std::int64_t, Refusal>;

  LeasePtr lease_of(const std::string& user_id, const std::string& product, const std::string& meter);
  Task<Held> grow(LeasePtr lease, std::int64_t amount);
  Task<Held> add_portion(LeasePtr lease, std::int64_t amount);
  void show(const std::string& user_id, const std::string& product, Allowance& allowance);
  std::optional<Due> begin(const LeasePtr& lease, Instant now, Micros idle);
  Task<void> write(std::vector<Due>& due);
  void end(const std::vector<Due>& due, bool written);
  Task<void> run();

  database::Database& database_;
  Allowances& allowances_;
  const Clock& clock_;
  Log& log_;
  std::mutex mutex_;
  std::unordered_map<std::string, LeasePtr> current_;
  std::vector<LeasePtr> past_;  // of periods that are over, until they are settled
  TaskGroup tasks_;
};

}  // namespace odeon::billing
