#include "products/podcasts/intake/chunks.hpp"

#include <fmt/format.h>

namespace odeon::podcasts {

ChunksCome chunks_come(const std::vector<std::int64_t>& numbers, std::int64_t wanted, std::size_t most) {
  ChunksCome come;
  auto at = numbers.begin();
  bool gap = false;
  for (std::int64_t number = 0; number < wanted; ++number) {
    if (at != numbers.end() && *at == number) {
      ++at;
      if (!gap) ++come.contiguous;
      continue;
    }
    gap = true;
    ++come.missing_count;
    if (come.missing.size() < most) come.missing.push_back(number);
  }
  return come;
}

std::string names_of(const std::vector<std::int64_t>& numbers) {
  std::vector<std::string> runs;
  for (std::size_t i = 0; i < numbers.size();) {
    std::size_t end = i + 1;
    while (end < numbers.size() && numbers[end] == numbers[end - 1] + 1) ++end;
    runs.push_back(end - i == 1 ? fmt::format("{}", numbers[i]) : fmt::format("{}–{}", numbers[i], numbers[end - 1]));
    i = end;
  }
  std::string out;
  for (std::size_t i = 0; i < runs.size(); ++i) out += (i == 0 ? "" : i + 1 == runs.size() ? " and " : ", ") + runs[i];
  return out;
}

}  // namespace odeon::podcasts
