#include "testing/memory.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace odeon::testing {
namespace {

std::size_t kilobytes(std::string_view name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(name)) return std::stoul(line.substr(name.size()));
  throw std::runtime_error("/proc does not tell " + std::string(name));
}

}  // namespace

bool freed_memory_is_free() {
#if __has_feature(thread_sanitizer)
  return false;
#elif __has_feature(address_sanitizer)
  const char* options = std::getenv("ASAN_OPTIONS");
  return options && std::string_view(options).contains("quarantine_size_mb=0");
#else
  return true;
#endif
}

std::size_t resident() {
  return kilobytes("VmRSS:");
}

std::size_t most_resident() {
  const std::size_t most = kilobytes("VmHWM:");
  std::ofstream("/proc/self/clear_refs") << "5";
  return most;
}

}  // namespace odeon::testing
