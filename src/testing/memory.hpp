// How much memory this process has, for tests of promises about it.
#pragma once

#include <cstddef>

namespace odeon::testing {

// False under sanitizers, which keep what is freed; AddressSanitizer does not with ASAN_OPTIONS=quarantine_size_mb=0,
// and rooms have a test of their own for it (MEMORY in cmake/rooms.cmake).
bool freed_memory_is_free();

// Kilobytes.
std::size_t resident();
// The most since it was last asked.
std::size_t most_resident();

}  // namespace odeon::testing
