#include "base/metric_families.hpp"

#include <gmock/gmock.h>

#include <thread>

namespace odeon {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

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

TEST(Metrics, of_a_family_are_the_series_of_its_name) {
  Metrics metrics;
  Counters calls(metrics, "calls_total", "Calls.", {"product", "outcome"});
  Histograms seconds(metrics, "call_seconds", "How long calls take.", {0.1, 1}, {"product"});
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 1000; ++n) calls.of({"chat", "ok"}).add();
      seconds.of({"chat"}).observe(0.5);
    });
  for (auto& thread : threads) thread.join();
  calls.of({"chat", "failed"}).add();
  calls.of({"chato", "k"}).add(2);
  metrics.counter("calls_total", "Calls.", {{"product", "chat"}, {"outcome", "ok"}}).add();
  EXPECT_THAT(metrics.text(), AllOf(HasSubstr("calls_total{outcome=\"ok\",product=\"chat\"} 4001\n"),
                                    HasSubstr("calls_total{outcome=\"failed\",product=\"chat\"} 1\n"),
                                    HasSubstr("calls_total{outcome=\"k\",product=\"chato\"} 2\n"),
                                    HasSubstr("call_seconds_count{product=\"chat\"} 4\n")));
}

}  // namespace
}  // namespace odeon
