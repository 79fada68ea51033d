// Work on a sound that is cut off, anywhere.
#include <gmock/gmock.h>

#include "products/podcasts/sound/processing_house_test.hpp"

namespace odeon::podcasts {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

// Runs jobs until the work on an episode has come so far, then does something on the loop, then goes on to the end or
// stops at once.
struct ProcessingCutOffTest : ProcessingHouse {
  enum class Then { goes_on, stops };
  void run_until_working(const std::string& job, std::function<Task<void>()> meanwhile, Then then) {
    run_task(with_timeout(std::chrono::seconds(60), run_now(job, std::move(meanwhile), then)));
  }
  // Until an attempt has failed.
  void run_until_tried(const std::string& job) {
    run_task(with_timeout(std::chrono::seconds(60), [](ProcessingCutOffTest& self, std::string job) -> Task<void> {
      jobs::Worker worker{self.queue, self.clock, self.log, self.metrics, {}};
      self.processing.install(worker);
      co_await worker.start();
      co_await self.queue.watch(job, [](this auto, const jobs::Progress& now) -> Task<bool> {
        co_return now.attempt == 0 || now.state == jobs::State::running;
      });
      co_await worker.stop();
    }(*this, job)));
  }
  Task<void> run_now(std::string job, std::function<Task<void>()> meanwhile, Then then) {
    jobs::Worker worker{queue, clock, log, metrics, {.backoff = std::chrono::milliseconds(0)}};
    processing.install(worker);
    co_await worker.start();
    co_await queue.watch(job, [](this auto, const jobs::Progress& now) -> Task<bool> {
      co_return now.state != jobs::State::running || now.stage.empty();
    });
    co_await meanwhile();
    if (then == Then::goes_on)
      co_await queue.watch(job, [](this auto, const jobs::Progress&) -> Task<bool> { co_return true; });
    co_await worker.stop();
  }
};

TEST_F(ProcessingCutOffTest, AJobThatIsStoppedIsRunAgain) {
  const auto episode = upload(thinking(1, 4));
  const auto job = job_of(episode);
  run_until_working(job, [](this auto) -> Task<void> { co_return; }, Then::stops);
  EXPECT_EQ(state_of(job), "ready");
  EXPECT_EQ(status(episode).at("processing_status"), "editing");
  EXPECT_EQ(status(episode).at("measurements"), nullptr);
  EXPECT_THAT(objects(), SizeIs(1)) << "nothing half-made";
  run_jobs();
  EXPECT_EQ(status(episode).at("processing_status"), "complete");
  EXPECT_THAT(objects(), SizeIs(2));
}

TEST_F(ProcessingCutOffTest, ANewerSoundEndsTheWorkOnTheOlder) {
  const auto episode = upload(thinking(1, 4));
  const auto first = job_of(episode);
  run_until_working(
      first, [this, &episode](this auto) -> Task<void> { co_await bring_now(episode, human()); }, Then::goes_on);
  EXPECT_EQ(state_of(first), "completed");
  run_jobs();
  EXPECT_EQ(status(episode).at("processing_status"), "complete");
  EXPECT_NEAR(measured(episode, "recorded_seconds"), 2.99, 0.01);
  EXPECT_NE(job_of(episode), first);
  run_task(leftovers.sweep());
  EXPECT_THAT(objects(), SizeIs(2));
}

TEST_F(ProcessingCutOffTest, AnEpisodeThatIsDeletedIsWorkedOnNoMore) {
  const auto episode = upload(thinking(1, 4));
  const auto job = job_of(episode);
  run_until_working(
      job,
      [this, &episode](this auto) -> Task<void> {
        http::Caller caller{.user_id = ids.at("ada@example.com")};
        co_await episodes.remove(caller, {episode});
      },
      Then::goes_on);
  EXPECT_EQ(state_of(job), "completed");
  run_jobs();
  EXPECT_THAT(objects(), IsEmpty());
  EXPECT_EQ(run_task(database->query<std::int64_t>("SELECT COUNT(*) FROM podcasts_processing")).front(), 0);
  EXPECT_EQ(used("storage"), 0);
}

TEST_F(ProcessingCutOffTest, WhatADyingProcessLeftIsSwept) {
  const auto episode = upload(human());
  const auto job = job_of(episode);
  storage.dies = 1;
  run_until_tried(job);
  EXPECT_EQ(status(episode).at("processing_status"), "editing") << "nobody is told before it is given up";
  EXPECT_THAT(objects(), SizeIs(2));
  clock.advance(std::chrono::minutes(1));
  run_jobs();
  EXPECT_EQ(status(episode).at("processing_status"), "complete") << status(episode).body;
  EXPECT_EQ(run_task(queue.progress(job)).value().attempt, 2);
  run_task(leftovers.sweep());
  EXPECT_THAT(objects(), SizeIs(2));
  EXPECT_EQ(bytes_of(run_task(store::episode(*database, episode)).value().audio_key.value()).substr(0, 3), "ID3");
}

// What a step made is there when the next one fails, so the next attempt begins with that: here what the step before
// would need is taken away, so that it cannot be done again.
TEST_F(ProcessingCutOffTest, WhatWasHeardIsNotHeardAgain) {
  const auto episode = upload(human());
  const auto job = job_of(episode), before = source_of(episode);
  storage.dies = 1;  // the MP3 is made, and cannot be stored
  run_until_tried(job);
  const auto source = run_task(store::audio(*database, *run_task(store::episode(*database, episode))->source_id));
  run_task(storage::put(storage, source->storage_key, "no sound at all", {}));
  clock.advance(std::chrono::minutes(1));
  run_jobs();
  EXPECT_EQ(status(episode).at("processing_status"), "complete") << status(episode).body;
  EXPECT_EQ(run_task(queue.progress(job)).value().attempt, 2);
  EXPECT_NEAR(measured(episode, "recorded_seconds"), 2.99, 0.01);
  EXPECT_TRUE(std::filesystem::is_empty(folder / "scratch")) << "what was kept for that is gone";
}

TEST_F(ProcessingCutOffTest, WhatWasMadeIsNotMadeAgain) {
  int failures = 1;
  processing.on_processed([&failures](this auto, Transaction&, ProcessedEpisode) -> Task<bool> {
    if (failures-- > 0) throw Error(Fault::unavailable, "ELSEWHERE", "It went away for a moment.");
    co_return false;
  });
  const auto episode = upload(human());
  const auto job = job_of(episode);
  run_until_tried(job);
  EXPECT_EQ(status(episode).at("measurements"), nullptr) << "it is not heard yet";
  storage.broken = true;  // nothing can be stored any more
  clock.advance(std::chrono::minutes(1));
  run_jobs();
  EXPECT_EQ(status(episode).at("processing_status"), "complete") << status(episode).body;
  EXPECT_EQ(run_task(queue.progress(job)).value().attempt, 2);
  EXPECT_NEAR(heard(episode).seconds(), measured(episode, "duration_seconds"), 0.001);
  EXPECT_EQ(run_task(leftovers.sweep()), 0) << "nothing was made twice";
}

TEST_F(ProcessingCutOffTest, WhatWasMadeAndSweptIsMadeAgain) {
  int failures = 1;
  processing.on_processed([&failures](this auto, Transaction&, ProcessedEpisode) -> Task<bool> {
    if (failures-- > 0) throw Error(Fault::unavailable, "ELSEWHERE", "It went away for a moment.");
    co_return false;
  });
  const auto episode = upload(human());
  const auto job = job_of(episode);
  run_until_tried(job);
  run_task([](ProcessingCutOffTest& self, std::string episode) -> Task<void> {
    auto tx = co_await self.database->begin();
    co_await self.audio.unmake(*tx, episode);
    co_await tx->commit();
    co_await self.leftovers.sweep();
  }(*this, episode));
  for (int i = 0; i < 2; ++i) {
    clock.advance(std::chrono::minutes(2));
    run_jobs();
  }
  EXPECT_EQ(status(episode).at("processing_status"), "complete") << status(episode).body;
  EXPECT_EQ(run_task(queue.progress(job)).value().attempt, 3);
  EXPECT_FALSE(heard(episode).samples.empty());
}

}  // namespace
}  // namespace odeon::podcasts
