#include "products/podcasts/texts/alignment.hpp"

#include <algorithm>
#include <cstdint>
#include <unordered_map>

namespace odeon::podcasts {
namespace {

constexpr std::size_t kLargestTable = 1'000'000;
constexpr std::size_t kLongestRun = 4;  // words
constexpr int kDeepest = 24;

using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;

struct Stretch {
  std::size_t from, to;    // of the text before
  std::size_t start, end;  // of the text after
  int depth;
};

class Aligner {
 public:
  Aligner(std::span<const std::string> before, std::span<const std::string> after) : before_(before), after_(after) {}

  Pairs run() {
    open_.push_back({0, before_.size(), 0, after_.size(), 0});
    while (!open_.empty()) {
      Stretch stretch = open_.back();
      open_.pop_back();
      take_equal_ends(stretch);
      const std::size_t rows = stretch.to - stretch.from, columns = stretch.end - stretch.start;
      if (rows == 0 || columns == 0) continue;
      if (rows * columns <= kLargestTable)
        take_longest(stretch);
      else if (stretch.depth < kDeepest)
        take_anchors(stretch);
    }
    std::ranges::sort(pairs_);
    return std::move(pairs_);
  }

 private:
  bool same(std::size_t i, std::size_t j) const { return before_[i] == after_[j]; }

  void take_equal_ends(Stretch& stretch) {
    while (stretch.from < stretch.to && stretch.start < stretch.end && same(stretch.from, stretch.start))
      pairs_.emplace_back(stretch.from++, stretch.start++);
    while (stretch.from < stretch.to && stretch.start < stretch.end && same(stretch.to - 1, stretch.end - 1))
      pairs_.emplace_back(--stretch.to, --stretch.end);
  }

  // The longest common subsequence, by the table of lengths from each place to the end.
  void take_longest(const Stretch& stretch) {
    const std::size_t rows = stretch.to - stretch.from, columns = stretch.end - stretch.start, width = columns + 1;
    std::vector<std::uint32_t> longest((rows + 1) * width);
    for (std::size_t i = rows; i-- > 0;)
      for (std::size_t j = columns; j-- > 0;)
        longest[i * width + j] = same(stretch.from + i, stretch.start + j)
                                     ? longest[(i + 1) * width + j + 1] + 1
                                     : std::max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    for (std::size_t i = 0, j = 0; i < rows && j < columns;) {
      if (same(stretch.from + i, stretch.start + j))
        pairs_.emplace_back(stretch.from + i++, stretch.start + j++);
      else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1])
        ++i;
      else
        ++j;
    }
  }

  // Words that either side has once, as far as they stand in the same order; between them it goes on. Where there are
  // none, as in a long talk about one thing, pairs of words that follow one another, and then three or four.
  void take_anchors(const Stretch& stretch) {
    Pairs anchors;
    for (std::size_t run = 1; run <= kLongestRun && anchors.empty(); ++run)
      anchors = ascending(found_once(stretch, run));
    if (anchors.empty()) return;
    Stretch rest = stretch;
    ++rest.depth;
    for (const auto& [i, j] : anchors) {
      pairs_.emplace_back(i, j);
      open_.push_back({rest.from, i, rest.start, j, rest.depth});
      rest.from = i + 1;
      rest.start = j + 1;
    }
    open_.push_back(rest);
  }

  static std::string run_at(std::span<const std::string> words, std::size_t at, std::size_t run) {
    std::string text;
    for (std::size_t i = at; i < at + run; ++i) text += words[i] + ' ';
    return text;
  }

  Pairs found_once(const Stretch& stretch, std::size_t run) const {
    struct Counts {
      int before = 0, after = 0;
      std::size_t at = 0;
    };
    std::unordered_map<std::string, Counts> counts;
    for (std::size_t i = stretch.from; i + run <= stretch.to; ++i) ++counts[run_at(before_, i, run)].before;
    for (std::size_t j = stretch.start; j + run <= stretch.end; ++j) {
      auto& count = counts[run_at(after_, j, run)];
      ++count.after;
      count.at = j;
    }
    Pairs once;
    for (std::size_t i = stretch.from; i + run <= stretch.to; ++i)
      if (const auto& count = counts[run_at(before_, i, run)]; count.before == 1 && count.after == 1)
        once.emplace_back(i, count.at);
    return once;
  }

  // The longest part whose second places ascend too.
  static Pairs ascending(const Pairs& pairs) {
    std::vector<std::size_t> ends;  // of the best runs of each length, by their places in `pairs`
    std::vector<std::size_t> before(pairs.size());
    for (std::size_t k = 0; k < pairs.size(); ++k) {
      const auto place =
          std::ranges::lower_bound(ends, pairs[k].second, {}, [&](std::size_t at) { return pairs[at].second; });
      before[k] = place == ends.begin() ? k : *std::prev(place);
      if (place == ends.end())
        ends.push_back(k);
      else
        *place = k;
    }
    Pairs longest;
    if (!ends.empty())
      for (std::size_t k = ends.back();; k = before[k]) {
        longest.push_back(pairs[k]);
        if (before[k] == k) break;
      }
    std::ranges::reverse(longest);
    return longest;
  }

  std::span<const std::string> before_, after_;
  std::vector<Stretch> open_;
  Pairs pairs_;
};

}  // namespace

std::vector<std::pair<std::size_t, std::size_t>> align(std::span<const std::string> before,
                                                       std::span<const std::string> after) {
  return Aligner(before, after).run();
}

}  // namespace odeon::podcasts
