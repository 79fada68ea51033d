#include "server/process_metrics.hpp"

#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace odeon::server {
namespace {

namespace fs = std::filesystem;

// 0::/system.slice/odeon-api.service
std::string control_group() {
  std::ifstream file("/proc/self/cgroup");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("0::")) return line.substr(3);
  return "/";
}

double bytes_of_machine() {
  return static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double resident_bytes() {
  std::ifstream file("/proc/self/statm");
  double all = 0, resident = 0;
  file >> all >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double open_files() {
  std::error_code ignored;
  const fs::directory_iterator files("/proc/self/fd", ignored);
  // One of them is the listing's own.
  return static_cast<double>(std::max<std::ptrdiff_t>(0, std::distance(begin(files), end(files)) - 1));
}

double most_files() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<double>(limit.rlim_cur);
}

}  // namespace

double process_age_seconds() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  // The second field is the program's name in parentheses and may hold anything; what is wanted is the 22nd.
  std::istringstream fields(line.substr(std::min(line.size(), line.rfind(')') + 1)));
  std::string skipped;
  for (int field = 3; field < 22; ++field) fields >> skipped;
  double ticks = 0;
  fields >> ticks;
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9 -
         ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::optional<double> memory_limit_of(const std::string& root, const std::string& path) {
  std::optional<double> least;
  for (fs::path group = fs::path(root) / fs::path(path).relative_path(); group.string().size() >= root.size();
       group = group.parent_path()) {
    std::ifstream file(group / "memory.max");  // "max" where there is none
    double bytes = 0;
    if (file >> bytes) least = std::min(bytes, least.value_or(bytes));
  }
  return least;
}

ProcessMetrics::ProcessMetrics(Metrics& metrics)
    : memory_limit_(std::min(memory_limit_of("/sys/fs/cgroup", control_group()).value_or(bytes_of_machine()),
                             bytes_of_machine())),
      cpu_seconds_(metrics.counter("process_cpu_seconds_total", "Time that the process was computing.")),
      resident_(metrics.gauge("process_resident_memory_bytes", "Memory that the process has.")),
      limit_(metrics.gauge("odeon_memory_limit_bytes",
                           "Memory that the process may have: of its control group, else of the machine.")),
      open_files_(metrics.gauge("process_open_fds", "Files and connections that are open.")),
      most_files_(metrics.gauge("process_max_fds", "Files and connections that may be open.")),
      started_(metrics.gauge("process_start_time_seconds", "When the process began, since the epoch.")) {
  started_.set(std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count());
}

void ProcessMetrics::refresh() {
  resident_.set(resident_bytes());
  limit_.set(memory_limit_);
  open_files_.set(open_files());
  most_files_.set(most_files());
  const std::lock_guard lock(mutex_);
  const double used = cpu_seconds();
  cpu_seconds_.add(used - counted_cpu_seconds_);
  counted_cpu_seconds_ = used;
}

}  // namespace odeon::server
