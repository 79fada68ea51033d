#include "server/process_metrics.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <regex>

#include "testing/scratch.hpp"

namespace odeon::server {
namespace {

namespace fs = std::filesystem;

struct MemoryLimit : ::testing::Test {
  void limit(const std::string& group, const std::string& text) {
    fs::create_directories(folder / group);
    std::ofstream(folder.path() / group / "memory.max") << text << '\n';
  }
  testing::ScratchFolder folder;
};

TEST_F(MemoryLimit, IsTheLeastOfThoseAbove) {
  limit("system.slice", "1000000");
  limit("system.slice/api.service", "max");
  limit("system.slice/small.service", "500");
  limit("system.slice/large.service", "2000000");
  const std::string root = folder / "";
  EXPECT_EQ(memory_limit_of(root, "/system.slice/api.service"), 1'000'000);
  EXPECT_EQ(memory_limit_of(root, "/system.slice/small.service"), 500);
  EXPECT_EQ(memory_limit_of(root, "/system.slice/large.service"), 1'000'000);
  EXPECT_EQ(memory_limit_of(root, "/system.slice/gone.service"), 1'000'000);
}

TEST_F(MemoryLimit, OfAContainerIsAtItsRoot) {
  EXPECT_EQ(memory_limit_of(folder / "", "/"), std::nullopt);
  limit("", "268435456");
  EXPECT_EQ(memory_limit_of(folder / "", "/"), 268'435'456);
}

double value_of(const std::string& text, const std::string& name) {
  std::smatch found;
  return std::regex_search(text, found, std::regex("(?:^|\n)" + name + " (\\S+)")) ? std::stod(found[1]) : -1;
}

TEST(ProcessMetrics, KnowHowOldTheProcessIs) {
  const double age = process_age_seconds();
  EXPECT_GE(age, 0);
  EXPECT_LT(age, 24 * 3600) << "not since the machine was started";
  EXPECT_GE(process_age_seconds(), age);
}

TEST(ProcessMetrics, AreThoseOfThisProcess) {
  Metrics metrics;
  ProcessMetrics process(metrics);
  process.refresh();
  const std::string before = metrics.text();
  EXPECT_GT(value_of(before, "process_resident_memory_bytes"), 1e6);
  EXPECT_GE(value_of(before, "odeon_memory_limit_bytes"), value_of(before, "process_resident_memory_bytes"));
  EXPECT_GE(value_of(before, "process_open_fds"), 3);
  EXPECT_GT(value_of(before, "process_max_fds"), value_of(before, "process_open_fds"));
  EXPECT_GT(value_of(before, "process_start_time_seconds"), 1.7e9);

  const std::ifstream one_more("/proc/self/stat");
  process.refresh();
  const std::string after = metrics.text();
  EXPECT_EQ(value_of(after, "process_open_fds"), value_of(before, "process_open_fds") + 1);
  EXPECT_GE(value_of(after, "process_cpu_seconds_total"), value_of(before, "process_cpu_seconds_total"));
}

}  // namespace
}  // namespace odeon::server
