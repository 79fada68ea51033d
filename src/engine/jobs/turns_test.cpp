#include "engine/jobs/turns.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace odeon::jobs {
namespace {

using namespace std::chrono_literals;
using Shares = std::vector<std::int64_t>;
constexpr Micros kAgeing = 60s;
const Instant kNow{Micros(1'000'000'000'000)};

TEST(Turns, LanesOfOnePriorityShareEvenly) {
  const std::vector<LaneTurn> lanes{{"ann", kNow, 3, 1000}, {"bob", kNow + 1s, 3, 1000}, {"eve", kNow + 2s, 3, 1000}};
  EXPECT_EQ(share_turns(lanes, 9, kNow, kAgeing), (Shares{3, 3, 3}));
  EXPECT_EQ(share_turns(lanes, 10, kNow, kAgeing), (Shares{4, 3, 3}));
  EXPECT_EQ(share_turns(lanes, 2, kNow, kAgeing), (Shares{1, 1, 0}));
}

TEST(Turns, WhoHasNoRoomLeavesItToOthers) {
  const std::vector<LaneTurn> lanes{{"ann", kNow, 3, 1}, {"bob", kNow, 3, 0}, {"eve", kNow, 3, 1000}};
  EXPECT_EQ(share_turns(lanes, 10, kNow, kAgeing), (Shares{1, 0, 9}));
}

TEST(Turns, TheMoreUrgentLaneGoesFirst) {
  const std::vector<LaneTurn> lanes{{"free", kNow + 3 * kAgeing, 3, 1000}, {"pro", kNow + kAgeing, 1, 5}};
  EXPECT_EQ(share_turns(lanes, 4, kNow, kAgeing), (Shares{0, 4}));
  EXPECT_EQ(share_turns(lanes, 10, kNow, kAgeing), (Shares{5, 5}));
}

TEST(Turns, WhoWaitedLongEnoughGoesBeforeTheUrgent) {
  const std::vector<LaneTurn> lanes{{"pro", kNow + kAgeing, 1, 1000}, {"free", kNow - 1s, 3, 1000}};
  EXPECT_EQ(share_turns(lanes, 3, kNow, kAgeing), (Shares{2, 1}));
}

RC_GTEST_PROP(TurnsProperty, EqualsTakingOneAfterAnother, ()) {
  std::vector<LaneTurn> lanes(*rc::gen::inRange<std::size_t>(0, 8));
  for (auto& lane : lanes) {
    lane.priority = *rc::gen::inRange(1, 10);
    lane.turn = kNow + lane.priority * kAgeing - std::chrono::seconds(*rc::gen::inRange(0, 600));
    lane.room = *rc::gen::inRange(0, 20);
  }
  const auto slots = *rc::gen::inRange(0, 60);
  const auto shares = share_turns(lanes, slots, kNow, kAgeing);

  auto left = lanes;
  Shares one_by_one(lanes.size());
  for (int i = 0; i < slots; ++i) {
    std::optional<std::size_t> best;
    for (std::size_t k = 0; k < left.size(); ++k) {
      if (left[k].room == 0) continue;
      if (!best || std::tuple(left[k].turn, one_by_one[k]) < std::tuple(left[*best].turn, one_by_one[*best])) best = k;
    }
    if (!best) break;
    ++one_by_one[*best];
    --left[*best].room;
    left[*best].turn = std::max(left[*best].turn, kNow + left[*best].priority * kAgeing);
  }
  RC_ASSERT(shares == one_by_one);
}

}  // namespace
}  // namespace odeon::jobs
