#include "engine/media/edit_list.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/error.hpp"

namespace odeon::media {
namespace {

TEST(EditList, TakesTimesAcrossACutAndBack) {
  // One second, of which the middle fifth goes.
  const EditList list(1000, 1000, {{0, 400}, {600, 1000}});
  EXPECT_EQ(list.output_frames(), 800);
  EXPECT_DOUBLE_EQ(list.removed_seconds(), 0.2);
  const struct {
    std::int64_t input, output;
  } cases[] = {{-5, 0}, {0, 0}, {399, 399}, {400, 400}, {500, 400}, {600, 400}, {601, 401}, {1000, 800}, {5000, 800}};
  for (const auto& test : cases) EXPECT_EQ(list.to_output(test.input), test.output) << test.input;
  EXPECT_EQ(list.to_input(-1), 0);
  EXPECT_EQ(list.to_input(399), 399);
  EXPECT_EQ(list.to_input(400), 600);
  EXPECT_EQ(list.to_input(9999), 1000);
  EXPECT_DOUBLE_EQ(list.output_seconds(0.7), 0.5);
  EXPECT_DOUBLE_EQ(list.input_seconds(0.5), 0.7);
  EXPECT_DOUBLE_EQ(list.output_seconds(std::numeric_limits<double>::infinity()), 0.8);
  EXPECT_DOUBLE_EQ(list.output_seconds(std::numeric_limits<double>::quiet_NaN()), 0);
}

TEST(EditList, JoinsWhatTouchesAndDropsWhatIsEmpty) {
  const EditList list(48000, 100, {{0, 10}, {10, 20}, {30, 30}, {40, 50}});
  EXPECT_EQ(list.kept(), (std::vector<FrameRange>{{0, 20}, {40, 50}}));
  EXPECT_EQ(list.starts(), (std::vector<std::int64_t>{0, 20}));
}

TEST(EditList, OfNothingIsNothing) {
  for (const EditList& list : {EditList(), EditList(48000, 0), EditList(48000, 500, {})}) {
    EXPECT_EQ(list.output_frames(), 0);
    EXPECT_EQ(list.to_output(7), 0);
    EXPECT_EQ(list.to_input(7), 0);
  }
}

TEST(EditList, RefusesWhatDoesNotFit) {
  const std::vector<std::vector<FrameRange>> wrong = {
      {{-1, 5}}, {{0, 101}}, {{5, 4}}, {{0, 10}, {9, 20}}, {{50, 60}, {0, 10}}};
  for (const auto& kept : wrong) EXPECT_THROW(EditList(48000, 100, kept), Error);
  EXPECT_THROW(EditList(0, 100, {{0, 10}}), Error);
}

EditList any_list() {
  const auto lengths = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 50));
  std::vector<FrameRange> kept;
  std::int64_t at = 0;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    if (i % 2 == 0) kept.push_back({at, at + lengths[i]});
    at += lengths[i];
  }
  return {48000, at, kept};
}

RC_GTEST_PROP(EditList, MappingsAreMonotoneAndUndoEachOther, ()) {
  const EditList list = any_list();
  std::int64_t kept = 0;
  for (const FrameRange& range : list.kept()) kept += range.length();
  RC_ASSERT(list.output_frames() == kept);
  for (std::int64_t input = -2, last = 0; input < list.input_frames() + 2; ++input) {
    const std::int64_t output = list.to_output(input);
    RC_ASSERT(output >= last && output - last <= 1 && output <= kept);
    last = output;
    for (const FrameRange& range : list.kept())
      if (input >= range.from && input < range.to) RC_ASSERT(list.to_input(output) == input);
  }
  for (std::int64_t output = 0, last = -1; output < kept; ++output) {
    const std::int64_t input = list.to_input(output);
    RC_ASSERT(input > last && input < list.input_frames());
    RC_ASSERT(list.to_output(input) == output);
    last = input;
  }
}

RC_GTEST_PROP(EditList, SpansGetNoLongerAndKeptOnesKeepTheirLength, ()) {
  const EditList list = any_list();
  RC_PRE(list.input_frames() > 0);
  const auto from = *rc::gen::inRange<std::int64_t>(0, list.input_frames());
  const auto to = *rc::gen::inRange<std::int64_t>(from, list.input_frames() + 1);
  std::int64_t inside = 0;
  for (const FrameRange& range : list.kept())
    inside += std::max<std::int64_t>(0, std::min(to, range.to) - std::max(from, range.from));
  RC_ASSERT(list.to_output(to) - list.to_output(from) == inside);
}

}  // namespace
}  // namespace odeon::media
