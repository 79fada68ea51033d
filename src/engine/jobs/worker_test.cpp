#include "engine/jobs/worker.hpp"

#include <gtest/gtest.h>

#include "engine/jobs/fixture_test.hpp"

namespace odeon::jobs {
namespace {

TEST(Worker, RunsWhatWasEnqueued) {
  Kitchen kitchen;
  auto worker = kitchen.worker();
  std::vector<std::string> baked;
  worker.handle<Bake>([&](Bake bake, Job& job) -> Task<> {
    EXPECT_EQ(job.attempt(), 1);
    baked.push_back(bake.cake);
    co_return;
  });
  kitchen.run([](Kitchen& kitchen, Worker& worker) -> Task<> {
    const auto before = co_await kitchen.enqueue(Bake{"apple"});
    co_await worker.start();
    const auto after = co_await kitchen.enqueue(Bake{"cherry"});
    for (const auto& id : {before, after}) {
      const auto done = co_await kitchen.reach(id, State::completed);
      EXPECT_EQ(done.percent, 100);
    }
    co_await worker.stop();
  }(kitchen, worker));
  EXPECT_EQ(baked, (std::vector<std::string>{"apple", "cherry"}));
}

}  // namespace
}  // namespace odeon::jobs
