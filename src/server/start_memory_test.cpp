#include "server/start_memory.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "base/json.hpp"
#include "base/metrics.hpp"
#include "server/process_metrics.hpp"

namespace odeon::server {
namespace {

double resident_bytes() {
  Metrics metrics;
  ProcessMetrics(metrics).refresh();
  const std::string text = metrics.text(), name = "\nprocess_resident_memory_bytes ";
  return std::stod(text.substr(text.find(name) + name.size()));
}

// Others run on, in the middle of whatever they do.
TEST(StartMemory, IsLetGoOfUnderWhoeverRuns) {
  std::atomic<bool> enough = false;
  std::size_t done = 0;
  std::thread other([&] {
    while (!enough || done == 0) done += json::parse(R"({"a":[1,2,{"b":"c"}]})").as_object().size();
  });
  const double before = resident_bytes();
  for (int i = 0; i < 100; ++i) let_go_of_start();
  const double after = resident_bytes();
  enough = true;
  other.join();
  EXPECT_LT(after, before);
  EXPECT_GT(done, 0u);
}

}  // namespace
}  // namespace odeon::server
