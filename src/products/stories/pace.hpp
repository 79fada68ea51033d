// Limits that guard cost, a person's by the hour: they count what is accepted, not what is refused. An answer that was
// counted by one tells of it in its header, and of its minute otherwise.
#pragma once

#include <string>

#include "engine/coordination/coordination.hpp"
#include "engine/http/services.hpp"

namespace odeon::stories {

class Pace {
 public:
  explicit Pace(coordination::Coordination& coordination) : coordination_(coordination) {}

  // Counts one of `what`, once all that is known allows it, and before anything is held: never within a transaction,
  // which others wait for. Throws Error{rate_limited} with retry_after beyond `limit` an hour.
  Task<void> take(std::string what, http::Caller caller, std::int64_t limit);

 private:
  coordination::Coordination& coordination_;
};

}  // namespace odeon::stories
