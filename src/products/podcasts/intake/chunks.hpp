// Which chunks of a recording have come.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace odeon::podcasts {

struct ChunksCome {
  std::int64_t contiguous = 0;        // from 0 on, before the first that is missing
  std::vector<std::int64_t> missing;  // below `wanted`, ascending, at most `most`
  std::int64_t missing_count = 0;     // all of them
};

// `numbers` are those that came, ascending and each once; `wanted` is how many there should be.
ChunksCome chunks_come(const std::vector<std::int64_t>& numbers, std::int64_t wanted, std::size_t most);

// For people: "3, 5–8 and 11".
std::string names_of(const std::vector<std::int64_t>& numbers);

}  // namespace odeon::podcasts
