#include "engine/media/books/pagination.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace odeon::books {
namespace {

using Sheets = std::vector<std::vector<Passage>>;

TEST(Pagination, FillsSheets) {
  struct Case {
    std::vector<int> lines;
    int first_room, room;
    Sheets expected;
  };
  for (const auto& [lines, first_room, room, expected] :
       std::initializer_list<Case>{{{}, 10, 40, {{}}},
                                   {{3}, 10, 40, {{{0, 0, 3}}}},
                                   {{2, 2}, 9, 40, {{{0, 0, 2}, {1, 0, 2}}}},  // with the gap exactly
                                   {{2, 2}, 8, 40, {{{0, 0, 2}}, {{1, 0, 2}}}},
                                   {{6}, 8, 40, {{{0, 0, 4}}, {{0, 4, 2}}}},
                                   {{5}, 8, 40, {{{0, 0, 3}}, {{0, 3, 2}}}},  // no line alone at the head
                                   {{3}, 4, 40, {{}, {{0, 0, 3}}}},           // nor at the foot
                                   {{30}, 0, 20, {{}, {{0, 0, 10}}, {{0, 10, 10}}, {{0, 20, 10}}}}})
    EXPECT_EQ(paginate(lines, first_room, room), expected) << lines.size();
}

RC_GTEST_PROP(PaginationProperty, EveryLineStandsOnceWhereThereIsRoomAndNoneAlone, ()) {
  const auto lines = *rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 60));
  const int first_room = *rc::gen::inRange(0, 80), room = *rc::gen::inRange(16, 120);
  const Sheets sheets = paginate(lines, first_room, room);
  std::vector<int> seen(lines.size());
  for (std::size_t sheet = 0; sheet < sheets.size(); ++sheet) {
    RC_ASSERT(height_of(sheets[sheet]) <= (sheet == 0 ? first_room : room));
    RC_ASSERT(sheet == 0 || !sheets[sheet].empty());
    for (const Passage& passage : sheets[sheet]) {
      const int all = lines[passage.paragraph];
      RC_ASSERT(passage.first == seen[passage.paragraph]);
      seen[passage.paragraph] += passage.count;
      const bool is_alone = passage.count == 1 && all > 1;
      RC_ASSERT(!is_alone);
    }
  }
  RC_ASSERT(seen == lines);
}

}  // namespace
}  // namespace odeon::books
