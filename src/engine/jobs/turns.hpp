// Which lane gives how many jobs when several are claimed together: the same as if they were claimed one
// after another, each time from the lane whose turn is lowest.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "engine/jobs/weight.hpp"

namespace odeon::jobs {

struct LaneTurn {
  std::string lane;
  Instant turn;               // lower is sooner
  std::int64_t priority = 3;  // of its first job, taken for that of those behind it
  std::int64_t room = 0;      // how many it may still give
  Weight weight = Weight::light;
};

// A lane that was served comes again at `now` plus its priority's worth of ageing; lanes of one turn
// take turns. Returns a share for each lane, together at most `slots`.
std::vector<std::int64_t> share_turns(const std::vector<LaneTurn>& lanes, std::int64_t slots, Instant now,
                                      Micros ageing);

}  // namespace odeon::jobs
