// Which words of two texts are the same: what an edit left as it was.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace odeon::podcasts {

// Pairs of places (in `before`, in `after`) that hold equal words, ascending in both. As many as there can be where
// what differs is of moderate length; a long stretch is first taken apart at words that it has once in either text
// (patience diff). Nearly linear for what edits are like, and bounded for anything.
std::vector<std::pair<std::size_t, std::size_t>> align(std::span<const std::string> before,
                                                       std::span<const std::string> after);

}  // namespace odeon::podcasts
