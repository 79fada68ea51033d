// How long to wait before trying again.
#pragma once

#include "base/time.hpp"

namespace odeon::jobs {

// After failed attempt `attempt` (1 is the first): `first`, doubled for each further one, at most an hour,
// give or take 20 %. `unit` is a random number in [0, 1); 0.5 changes nothing.
Micros backoff(Micros first, std::int64_t attempt, double unit);

}  // namespace odeon::jobs
