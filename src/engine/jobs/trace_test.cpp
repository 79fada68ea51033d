// Attempts as spans of the trace of whoever asked for the job.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "engine/jobs/fixture_test.hpp"

namespace odeon::jobs {
namespace {

const TraceContext kAsker = *TraceContext::parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

struct TracedKitchen : Kitchen {
  // Runs `job` to its end and returns the spans of its attempts.
  std::vector<Span> bake(EnqueueOptions options, std::function<Task<void>(Bake, Job&)> handler) {
    run([](TracedKitchen& self, EnqueueOptions options, std::function<Task<void>(Bake, Job&)> handler) -> Task<> {
      Worker worker(self.queue, self.clock, self.log, self.metrics, {.backoff = std::chrono::milliseconds(0)},
                    &self.spans);
      worker.handle<Bake>(std::move(handler));
      co_await worker.start();
      const auto id = co_await self.enqueue(Bake{"tart"}, std::move(options));
      co_await self.reach(
          id, [](const Progress& now) { return now.state == State::completed || now.state == State::failed; });
      co_await worker.stop();
    }(*this, std::move(options), std::move(handler)));
    return spans.take(10);
  }
  Spans spans{{.ratio = 0}, metrics};
};

std::string text_of(const Span& span, std::string_view name) {
  for (const auto& [key, value] : span.attributes)
    if (key == name) return std::holds_alternative<std::string>(value) ? std::get<std::string>(value) : "a number";
  return "";
}

TEST(JobTraceTest, AnAttemptContinuesTheTraceOfWhoeverAsked) {
  TracedKitchen kitchen;
  TraceContext place;
  const auto spans = kitchen.bake({.trace = kAsker}, [&place](this auto, Bake, Job& job) -> Task<void> {
    place = job.trace();
    co_return;
  });
  ASSERT_EQ(spans.size(), 1U);
  EXPECT_EQ(spans[0].name, "process kitchen.bake");
  EXPECT_EQ(spans[0].kind, Span::Kind::consumer);
  EXPECT_EQ(spans[0].context, place);
  EXPECT_EQ(place.trace_id(), kAsker.trace_id());
  EXPECT_NE(place.span, kAsker.span);
  EXPECT_EQ(spans[0].parent, kAsker.span);
  EXPECT_FALSE(spans[0].failed);
  EXPECT_EQ(text_of(spans[0], "messaging.destination.name"), "kitchen.bake");
}

TEST(JobTraceTest, AFailedAttemptSaysWhyInAWord) {
  TracedKitchen kitchen;
  const auto spans = kitchen.bake({.max_attempts = 1, .trace = kAsker}, [](this auto, Bake, Job&) -> Task<void> {
    throw Error(Fault::unavailable, "OVEN_COLD", "ada@example.com left it open.");
    co_return;
  });
  ASSERT_EQ(spans.size(), 1U);
  EXPECT_TRUE(spans[0].failed);
  EXPECT_EQ(text_of(spans[0], "error.type"), "OVEN_COLD");
  for (const auto& [key, value] : spans[0].attributes)
    if (const auto* text = std::get_if<std::string>(&value)) EXPECT_FALSE(text->contains("Lovelace")) << key;
}

TEST(JobTraceTest, WhatTheHandlerEnqueuesStaysInTheTrace) {
  TracedKitchen kitchen;
  TraceContext inner;
  int runs = 0;
  const auto spans = kitchen.bake({.trace = kAsker}, [&](this auto, Bake bake, Job& job) -> Task<void> {
    if (bake.cake == "crumb") inner = job.trace();
    if (bake.cake == "crumb" || ++runs == 2) co_return;
    auto tx = co_await kitchen.db->begin();
    co_await kitchen.queue.enqueue(*tx, Bake{"crumb"}, {.parent = job.id(), .trace = job.trace()});
    co_await job.wait_for_children(*tx);
    co_await tx->commit();
  });
  ASSERT_EQ(spans.size(), 3U);
  EXPECT_EQ(inner.trace_id(), kAsker.trace_id());
  EXPECT_EQ(spans[1].context, inner);
  EXPECT_EQ(spans[1].parent, spans[0].context.span);
}

TEST(JobTraceTest, WithoutAnAskerTheRatioDecides) {
  TracedKitchen kitchen;
  const auto handler = [](this auto, Bake, Job&) -> Task<void> { co_return; };
  EXPECT_TRUE(kitchen.bake({}, handler).empty());
  auto unsampled = kAsker;
  unsampled.sampled = false;
  EXPECT_TRUE(kitchen.bake({.trace = unsampled}, handler).empty());
}

}  // namespace
}  // namespace odeon::jobs
