#include "base/trace.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <thread>

namespace odeon {
namespace {

using ::testing::HasSubstr;

const std::string kParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST(TraceContextTest, AParentIsReadAndWritten) {
  const auto context = TraceContext::parse(kParent);
  ASSERT_TRUE(context);
  EXPECT_EQ(context->trace_id(), "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(context->span_id(), "b7ad6b7169203331");
  EXPECT_TRUE(context->sampled);
  EXPECT_EQ(context->traceparent(), kParent);
  EXPECT_EQ(TraceContext().traceparent(), "");
}

TEST(TraceContextTest, OnlyValidParentsAreContinued) {
  EXPECT_EQ(TraceContext::parse("01" + kParent.substr(2) + "-more"), TraceContext::parse(kParent));
  EXPECT_FALSE(TraceContext::parse(kParent.substr(0, 53) + "02")->sampled);
  for (const std::string& bad : std::vector<std::string>{
           "", kParent.substr(1), kParent + "-x", "01" + kParent.substr(2) + "x", "ff" + kParent.substr(2),
           kParent.substr(0, 54) + "G", "00-" + std::string(32, '0') + kParent.substr(35),
           kParent.substr(0, 36) + std::string(16, '0') + "-01",
           "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", "0x" + kParent.substr(2)})
    EXPECT_FALSE(TraceContext::parse(bad)) << bad;
}

RC_GTEST_PROP(TraceContextProperty, WhatIsWrittenIsRead, (std::uint64_t high, std::uint64_t low, std::uint64_t span)) {
  const TraceContext context{high, low, span, *rc::gen::arbitrary<bool>()};
  const auto read = TraceContext::parse(context.traceparent());
  RC_ASSERT(read.has_value() == context.valid());
  RC_ASSERT((!read || *read == context));
}

RC_GTEST_PROP(TraceContextProperty, WhateverIsTakenForAParentIsOne, ()) {
  std::string header = kParent;
  const auto changes = *rc::gen::inRange(0, 3);
  for (int i = 0; i < changes; ++i)
    header[*rc::gen::inRange<std::size_t>(0, header.size())] = *rc::gen::element('0', 'f', 'F', '-', 'g', '\0', ' ');
  if (const auto context = TraceContext::parse(header)) {
    RC_ASSERT(context->valid());
    RC_ASSERT(context->traceparent().substr(3, 50) == header.substr(3, 50));
  }
}

RC_GTEST_PROP(TraceIdsProperty, AChildStaysInItsTrace, (std::uint64_t high, std::uint64_t low, std::uint64_t span)) {
  TraceIds ids;
  const TraceContext parent{high, low, span, true};
  const TraceContext child = ids.child(parent);
  RC_ASSERT(child.valid());
  RC_ASSERT(child.span != parent.span);
  RC_ASSERT((child.trace_id() == parent.trace_id()) == parent.valid());
  RC_ASSERT(child.sampled == parent.valid());
}

TEST(SpansTest, WithoutAnExporterNothingIsWantedOrKept) {
  Spans spans;
  const auto parent = TraceContext::parse(kParent);
  EXPECT_FALSE(spans.wants(*parent));
  EXPECT_FALSE(spans.begin({}).sampled);
  EXPECT_TRUE(spans.begin(*parent).sampled) << "others may still want it";
  spans.end({.context = *parent});
  EXPECT_EQ(spans.waiting(), 0U);
}

TEST(SpansTest, TheRatioDecidesOnTracesThatBeginHereAndTheCallerOnTheirs) {
  Metrics metrics;
  Spans none({.ratio = 0}, metrics), some({.ratio = 0.25}, metrics), all({.ratio = 1}, metrics);
  const auto parent = TraceContext::parse(kParent);
  auto unsampled = *parent;
  unsampled.sampled = false;
  int sampled = 0;
  for (int i = 0; i < 4000; ++i) {
    EXPECT_FALSE(none.begin({}).sampled);
    EXPECT_TRUE(all.begin({}).sampled);
    EXPECT_TRUE(none.begin(*parent).sampled);
    EXPECT_FALSE(all.begin(unsampled).sampled);
    sampled += some.begin({}).sampled;
  }
  EXPECT_NEAR(sampled, 1000, 250);
}

TEST(SpansTest, AFullBufferDropsAndCounts) {
  Metrics metrics;
  Spans spans({.capacity = 3}, metrics);
  for (int i = 0; i < 5; ++i) spans.end({.name = std::to_string(i)});
  EXPECT_THAT(metrics.text(), HasSubstr("odeon_spans_dropped_total{reason=\"full\"} 2"));
  const auto first = spans.take(2);
  ASSERT_EQ(first.size(), 2U);
  EXPECT_EQ(first[0].name, "0");
  const auto rest = spans.take(2);
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest[0].name, "2");
}

TEST(SpansTest, ManyThreadsHandInAtOnce) {
  Metrics metrics;
  Spans spans({.capacity = 4000}, metrics);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([&spans] {
      for (int i = 0; i < 1000; ++i) spans.end({.context = spans.begin({})});
    });
  std::size_t taken = 0;
  while (taken < 4000) taken += spans.take(100).size();
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(taken, 4000U);
}

}  // namespace
}  // namespace odeon
