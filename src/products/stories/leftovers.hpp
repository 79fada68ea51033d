// Objects that nobody has any more go by a job, soon after whoever had them, and what was uploaded and never confirmed
// when its time is over. Objects go before the rows that know of them, so that a sweep goes on where one was cut off.
#pragma once

#include "engine/jobs/worker.hpp"
#include "engine/storage/storage.hpp"
#include "products/stories/leftover_store.hpp"

namespace odeon::stories {

struct Keeping {
  database::Database& database;
  storage::Storage& storage;
  const Clock& clock;
};
// Stores what becomes somebody's in a transaction to come (store::keep_object); a process that dies before leaves a
// leftover, and nothing that nobody knows of.
Task<void> store_for(Keeping where, std::string user_id, std::string key, std::string bytes, std::string type);
// Nobody wants it any more.
Task<void> discard(Keeping where, std::string key);

struct SweepLeftovers {
  static constexpr std::string_view kind = "stories.sweep_leftovers";
};
BOOST_DESCRIBE_STRUCT(SweepLeftovers, (), ())

class Leftovers {
 public:
  Leftovers(database::Database& database, storage::Storage& storage, const Clock& clock)
      : database_(database), storage_(storage), clock_(clock) {}

  // Returns how many objects went.
  Task<std::int64_t> sweep();

  void install(jobs::Worker& worker);

 private:
  Task<std::int64_t> sweep_let_go();
  Task<std::int64_t> sweep_unconfirmed();

  database::Database& database_;
  storage::Storage& storage_;
  const Clock& clock_;
};

}  // namespace odeon::stories
