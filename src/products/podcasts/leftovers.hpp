// Objects that nobody has any more: of episodes that were deleted, of what was replaced, sound or artwork, and
// of what was joined. They go before the rows
// that know of them, so that every sweep goes on where an earlier one was cut off.
#pragma once

#include "engine/jobs/worker.hpp"
#include "engine/storage/storage.hpp"
#include "products/podcasts/intake/intake_store.hpp"

namespace odeon::podcasts {

struct SweepLeftovers {
  static constexpr std::string_view kind = "podcasts.sweep_leftovers";
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
  Task<std::int64_t> sweep_audio();
  Task<std::int64_t> sweep_artwork();
  Task<std::int64_t> sweep_pieces();
  Task<std::int64_t> forget_ended();

  database::Database& database_;
  storage::Storage& storage_;
  const Clock& clock_;
};

}  // namespace odeon::podcasts
