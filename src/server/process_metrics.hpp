// What the kernel says of this process, under the names that every Prometheus client gives it, and how much memory it
// may have.
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "base/metrics.hpp"

namespace odeon::server {

// The least of the limits that the control groups (v2) below `root` set for the group at `path` ("/system.slice/a") and
// those that it lies in; nothing where none does.
std::optional<double> memory_limit_of(const std::string& root, const std::string& path);

// How long ago the kernel began this process; to a hundredth of a second.
double process_age_seconds();

// Thread-safe.
class ProcessMetrics {
 public:
  explicit ProcessMetrics(Metrics& metrics);
  // Reads them again; what cannot be read stays as it was.
  void refresh();

 private:
  const double memory_limit_;  // of its control group, else what the machine has
  Metrics::Counter cpu_seconds_;
  Metrics::Gauge resident_, limit_, open_files_, most_files_, started_;
  std::mutex mutex_;
  double counted_cpu_seconds_ = 0;
};

}  // namespace odeon::server
