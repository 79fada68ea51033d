// Limits that guard cost, a person's by the hour: they count what is accepted, not what is refused. An answer that was
// counted by one tells of it in its header, and of its minute otherwise.
#pragma once

#include <string_view>
#include <vector>

#include "engine/coordination/coordination.hpp"
#include "engine/http/services.hpp"

namespace odeon::stories {

struct Cost {
  std::string_view what;  // a literal
  std::int64_t an_hour = 0;
};
inline constexpr Cost kWriting{"write", 10}, kReading{"audio", 20}, kIllustrating{"illustrate", 5},
    kPortraying{"avatar", 5}, kEnhancing{"enhance", 20}, kPictograms{"pictogram", 10};

class Pace {
 public:
  explicit Pace(coordination::Coordination& coordination) : coordination_(coordination) {}

  // Counts one of each, or none: once all that is known allows it, and before anything is held: never within a
  // transaction, which others wait for. Throws Error{rate_limited} with retry_after beyond what there may be in an
  // hour. The header tells of the last.
  Task<void> take(std::vector<Cost> costs, http::Caller caller);
  Task<void> take(Cost cost, http::Caller caller) { return take(std::vector{cost}, std::move(caller)); }
  // What was counted came to nothing.
  Task<void> give_back(std::vector<Cost> costs, http::Caller caller);

 private:
  coordination::Coordination& coordination_;
};

}  // namespace odeon::stories
