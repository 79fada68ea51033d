#include "engine/jobs/backoff.hpp"

namespace odeon::jobs {

Micros backoff(Micros first, std::int64_t attempt, double unit) {
  constexpr Micros kMost = std::chrono::hours(1);
  Micros pause = std::min(first, kMost);
  for (std::int64_t i = 1; i < attempt && pause < kMost; ++i) pause = std::min(2 * pause, kMost);
  const double factor = 0.8 + 0.4 * unit;
  return std::min(kMost, Micros(static_cast<std::int64_t>(static_cast<double>(pause.count()) * factor)));
}

}  // namespace odeon::jobs
