// Runs a helper program with bytes in and bytes out, and leaves nothing behind.
#pragma once

#include <chrono>
#include <cstddef>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace odeon::ai {

struct Subprocess {
  std::vector<std::string> command;  // program (found on PATH) and arguments; no shell
  std::string_view input;            // its standard input
  std::size_t max_output = 64 << 20;
  std::chrono::milliseconds limit{30'000};
};

// Blocking: for a pool. The standard output of a program that ended well; its environment is nearly
// empty (no keys reach it) and its standard error is dropped. It is killed and reaped before this
// returns, whatever happened. Throws Error: unavailable when it cannot be started, timeout, too_large,
// upstream when it failed; operation_aborted when asked to stop.
std::string run_subprocess(const Subprocess& wanted, std::stop_token stop);

}  // namespace odeon::ai
