// Work on several cores inside one blocking call.
#pragma once

#include <cstddef>
#include <functional>

namespace odeon::media {

// How many threads one call may use: the cores, but not all of a large machine, which has other users.
int parallel_width();

// Calls `work` for 0 … count − 1, each once, on up to parallel_width() threads of which the caller is
// one, and returns when all are done. The first exception is thrown after that.
void in_parallel(std::size_t count, const std::function<void(std::size_t)>& work);

// Calls `work(from, to)` for ranges that together are 0 … count, likewise.
void in_ranges(std::size_t count, const std::function<void(std::size_t, std::size_t)>& work);

}  // namespace odeon::media
