#include "products/podcasts/texts/alignment.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace odeon::podcasts {
namespace {

std::vector<std::string> letters(std::string_view text) {
  std::vector<std::string> words;
  for (const char letter : text) words.emplace_back(1, letter);
  return words;
}

std::size_t longest_common(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (const auto& one : a) {
    std::size_t corner = 0;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t above = row[j + 1];
      row[j + 1] = one == b[j] ? corner + 1 : std::max(above, row[j]);
      corner = above;
    }
  }
  return row.back();
}

TEST(Alignment, FindsWhatStayed) {
  struct Case {
    const char *before, *after;
    std::size_t stayed;
  };
  for (const Case& each : {Case{"", "", 0},
                           {"abc", "", 0},
                           {"abc", "abc", 3},
                           {"abc", "xbz", 1},
                           {"abcabba", "cbabac", 4},
                           {"abcdef", "defabc", 3},
                           {"aaa", "aa", 2}})
    EXPECT_EQ(align(letters(each.before), letters(each.after)).size(), each.stayed) << each.before << each.after;
}

RC_GTEST_PROP(Alignment, IsInOrderAndTheLongest, ()) {
  const auto text = rc::gen::container<std::string>(rc::gen::inRange('a', 'e'));
  const auto before = letters(*text), after = letters(*text);
  const auto pairs = align(before, after);
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    RC_ASSERT(before.at(pairs[k].first) == after.at(pairs[k].second));
    if (k > 0) RC_ASSERT(pairs[k].first > pairs[k - 1].first && pairs[k].second > pairs[k - 1].second);
  }
  // Equal ends may be taken at once: some longest one has them.
  RC_ASSERT(pairs.size() == longest_common(before, after));
}

// Four hours of talk of which a word here and there was changed, and what has nothing to do with it.
TEST(Alignment, OfHoursTakesMoments) {
  std::vector<std::string> before;
  std::uint32_t random = 1;
  for (int i = 0; i < 36'000; ++i)
    before.push_back("w" + std::to_string((random = random * 1'664'525 + 1'013'904'223) >> 21));  // of 2048
  auto after = before;
  for (std::size_t i = 10; i < after.size(); i += 100) after[i] = "changed";
  EXPECT_GE(align(before, after).size(), before.size() - 400);
  EXPECT_EQ(align(before, std::vector<std::string>(36'000, "other")).size(), 0U);
  std::ranges::reverse(after);
  EXPECT_GE(align(before, after).size(), 1U);
}

}  // namespace
}  // namespace odeon::podcasts
