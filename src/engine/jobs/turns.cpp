#include "engine/jobs/turns.hpp"

#include <queue>
#include <tuple>

namespace odeon::jobs {

std::vector<std::int64_t> share_turns(const std::vector<LaneTurn>& lanes, std::int64_t slots, Instant now,
                                      Micros ageing) {
  using Next = std::tuple<Instant, std::int64_t, std::size_t>;  // turn, taken so far, which lane
  std::priority_queue<Next, std::vector<Next>, std::greater<>> next;
  for (std::size_t i = 0; i < lanes.size(); ++i)
    if (lanes[i].room > 0) next.emplace(lanes[i].turn, 0, i);
  std::vector<std::int64_t> shares(lanes.size());
  for (; slots > 0 && !next.empty(); --slots) {
    const auto [turn, taken, lane] = next.top();
    next.pop();
    if (++shares[lane] < lanes[lane].room)
      next.emplace(std::max(turn, now + lanes[lane].priority * ageing), taken + 1, lane);
  }
  return shares;
}

}  // namespace odeon::jobs
