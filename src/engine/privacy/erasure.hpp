// Forgetting a person, in all rooms or in one product, with a receipt.
//
// What they hold ends at once: their work that waits is cancelled, and with the whole account their sessions
// and keys are refused within a second. A job then asks every room to forget, again and again until each has,
// and leaves a receipt of counts, which names nobody. Who wants it has some days to think it over.
#pragma once

#include <string>
#include <vector>

#include "base/personal_data.hpp"
#include "engine/database/migrations.hpp"
#include "engine/jobs/worker.hpp"
#include "engine/privacy/audit.hpp"

namespace odeon::privacy {

struct RoomErased {
  std::string room;
  std::int64_t rows = 0;
  std::int64_t objects = 0;
};
BOOST_DESCRIBE_STRUCT(RoomErased, (), (room, rows, objects))

struct Receipt {
  std::string id;
  std::string product;  // empty: of all
  Instant requested_at;
  std::optional<Instant> due_at;  // when it begins
  std::optional<Instant> completed_at;
  std::vector<RoomErased> rooms;  // once completed
};
BOOST_DESCRIBE_STRUCT(Receipt, (), (id, product, requested_at, due_at, completed_at, rooms))

struct ErasureOrder {
  std::string user_id;
  std::string product{};      // empty: the whole account
  std::string mail{};         // where the receipt is sent; empty: nowhere
  std::chrono::days wait{0};  // of the whole account
};

struct Erase {
  static constexpr std::string_view kind = "privacy.erase";
  std::string id;
};
BOOST_DESCRIBE_STRUCT(Erase, (), (id))

// Thread-safe; what it is given outlives it. `rooms` are asked in their order: who knows the others last.
class Erasures {
 public:
  // Between the end of what somebody holds and their erasure, so that work under way has ended.
  static constexpr std::chrono::seconds settling_time{15};

  // Refuses whatever an account holds from now on.
  using Suspend = std::function<Task<void>(std::string user_id)>;
  Erasures(database::Database& database, jobs::Queue& queue, Audit& audit, std::vector<PersonalData*> rooms,
           Suspend suspend, Clock& clock, std::chrono::seconds settling = settling_time)
      : database_(database),
        queue_(queue),
        audit_(audit),
        rooms_(std::move(rooms)),
        suspend_(std::move(suspend)),
        clock_(clock),
        settling_(settling) {}

  // Asked twice, it is one erasure.
  Task<Receipt> request(ErasureOrder order);
  // Of the whole account, while it waits: nothing of it comes. False if there is none.
  Task<bool> withdraw(std::string user_id);
  Task<std::optional<Receipt>> receipt(std::string id);

  // Before first use. Called in the transaction that completes an erasure whose order has a mail address.
  using SendReceipt = std::function<Task<void>(database::Transaction& transaction, std::string mail, Receipt receipt)>;
  void sent_by(SendReceipt send) { send_ = std::move(send); }
  // Called for an account that is going to wait, before anything else: what is paid for shall not be renewed meanwhile.
  void on_waiting(Suspend call) { on_waiting_ = std::move(call); }

  // Registers the handler, before the worker starts.
  void install(jobs::Worker& worker);

 private:
  Task<void> erase(Erase job, jobs::Job& handle);

  database::Database& database_;
  jobs::Queue& queue_;
  Audit& audit_;
  std::vector<PersonalData*> rooms_;
  Suspend suspend_;
  Clock& clock_;
  std::chrono::seconds settling_;
  SendReceipt send_;
  Suspend on_waiting_;
};

// The tables of this room.
std::vector<database::Migration> migrations();

}  // namespace odeon::privacy
