#include "base/metrics.hpp"

#include <gmock/gmock.h>

#include <thread>

namespace odeon {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(Metrics, are_written_as_text) {
  Metrics metrics;
  auto calls = metrics.counter("calls_total", "Calls.", {{"product", "chat"}});
  auto open = metrics.gauge("open_streams", "Streams that are open.");
  auto seconds = metrics.histogram("call_seconds", "How long calls take.", {0.1, 1});
  calls.add();
  calls.add(2);
  open.set(5);
  open.add(-1);
  seconds.observe(0.5);
  EXPECT_THAT(metrics.text(),
              AllOf(HasSubstr("# HELP calls_total Calls.\n"), HasSubstr("# TYPE calls_total counter\n"),
                    HasSubstr("calls_total{product=\"chat\"} 3\n"), HasSubstr("open_streams 4\n"),
                    HasSubstr("call_seconds_bucket{le=\"0.1\"} 0\n"), HasSubstr("call_seconds_bucket{le=\"1\"} 1\n"),
                    HasSubstr("call_seconds_count 1\n")));
}

TEST(Metrics, of_one_name_and_labels_are_one_series) {
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&metrics] {
      auto calls = metrics.counter("calls_total", "Calls.", {{"product", "chat"}});
      for (int n = 0; n < 1000; ++n) calls.add();
    });
  for (auto& thread : threads) thread.join();
  EXPECT_THAT(metrics.text(), HasSubstr("calls_total{product=\"chat\"} 4000\n"));
}

}  // namespace
}  // namespace odeon
