// The exporter against a collector that behaves, or does not, and what it sends against OpenTelemetry's own
// description of it.
#include "engine/http/otlp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/asio/use_future.hpp>
#include <fstream>
#include <thread>

#include "base/json.hpp"
#include "engine/http/server_fixture_test.hpp"
#include "engine/http/trace.hpp"
#include "testing/clock.hpp"
#include "testing/scratch.hpp"

namespace odeon::http {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

Span span(std::string name) {
  const auto context = TraceContext::parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  return {.context = *context, .name = std::move(name), .start = Instant(1s), .end = Instant(2s)};
}

// A collector, and a node that exports to it. Answers are those that the test lined up, then 200.
class Collector {
 public:
  struct Answer {
    unsigned status = 200;
    std::string retry_after;
    std::string body = "{}";
    bool hangs = false;
  };
  struct Seen {
    std::string body, key, type, path;
    Instant at;
  };

  explicit Collector(std::vector<Answer> answers = {}, OtlpOptions changed = {})
      : server_([this](Request& request) { return receive(request); }),
        answers_(answers.begin(), answers.end()),
        options_(std::move(changed)) {
    if (options_.endpoint.empty()) options_.endpoint = fmt::format("http://127.0.0.1:{}", server_.port);
    options_.headers = {{"x-api-key", "topsecret"}};
    exporter_.emplace(client_, spans, pool_, clock, log_, metrics, options_);
  }
  ~Collector() {
    stop(0ms);
    pool_.join();
  }

  void start() { exporter_->start(server_.loops().executor(0)); }
  void stop(std::chrono::milliseconds grace) {
    asio::co_spawn(server_.loops()[0], exporter_->stop(grace), asio::use_future).get();
  }
  // Moves the time, whenever the exporter waits for it, until `holds`.
  template <class Condition>
  bool reaches(Condition holds) {
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (!holds() && std::chrono::steady_clock::now() < end) {
      if (clock.sleepers() > 0) clock.advance(1s);
      std::this_thread::yield();
    }
    return holds();
  }
  bool exposes(const std::string& metric) {
    return reaches([&] { return metrics.text().contains(metric); });
  }
  std::vector<Seen> seen() {
    const std::lock_guard lock(mutex_);
    return seen_;
  }

  testing::FakeClock clock;
  Metrics metrics;
  Spans spans{{.capacity = 2000}, metrics};

 private:
  Task<Response> receive(Request& request) {
    Seen seen{co_await read_all(*request.body, 1 << 20), std::string(request.headers.get("X-Api-Key")),
              std::string(request.headers.get("Content-Type")), request.path, clock.now()};
    Answer answer;
    {
      const std::lock_guard lock(mutex_);
      seen_.push_back(std::move(seen));
      if (!answers_.empty()) {
        answer = answers_.front();
        answers_.pop_front();
      }
    }
    if (answer.hangs) co_await sleep_on_loop(1h);
    Response response{.status = answer.status, .body = answer.body};
    if (!answer.retry_after.empty()) response.headers.add("Retry-After", answer.retry_after);
    co_return response;
  }

  Log log_{Log::Level::off};
  ThreadPool pool_{1};
  Client client_{{}};
  TestServer server_;
  std::mutex mutex_;
  std::deque<Answer> answers_;
  std::vector<Seen> seen_;
  OtlpOptions options_;
  std::optional<OtlpExporter> exporter_;
};

std::size_t count_in(const std::string& body) {
  return json::parse(body).at_pointer("/resourceSpans/0/scopeSpans/0/spans").as_array().size();
}

TEST(OtlpTest, AFewSpansLeaveTogetherWhenTheirTimeHasCome) {
  Collector collector;
  const Instant begun = collector.clock.now();
  collector.spans.end(span("one"));
  collector.spans.end(span("two"));
  collector.start();
  ASSERT_TRUE(collector.exposes("odeon_spans_exported_total 2"));
  const auto seen = collector.seen();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].path, "/v1/traces");
  EXPECT_EQ(seen[0].type, "application/json");
  EXPECT_EQ(seen[0].key, "topsecret");
  EXPECT_EQ(count_in(seen[0].body), 2U);
  EXPECT_GE(seen[0].at - begun, 5s);
}

TEST(OtlpTest, ManyLeaveInBatches) {
  Collector collector;
  for (int i = 0; i < 1200; ++i) collector.spans.end(span("many"));
  collector.start();
  ASSERT_TRUE(collector.exposes("odeon_spans_exported_total 1200"));
  std::vector<std::size_t> sizes;
  for (const auto& seen : collector.seen()) sizes.push_back(count_in(seen.body));
  EXPECT_EQ(sizes, (std::vector<std::size_t>{512, 512, 176}));
}

TEST(OtlpTest, WhatPassesIsTriedAgainAndNotBeforeTheCollectorSaid) {
  for (const unsigned status : {429U, 502U, 503U, 504U}) {
    Collector collector({{.status = status, .retry_after = "7"},
                         {.status = status},
                         {.status = status, .retry_after = "Fri, 20 Nov 2026 08:30:00 GMT"}});
    collector.spans.end(span("one"));
    collector.start();
    ASSERT_TRUE(collector.exposes("odeon_spans_exported_total 1")) << status;
    const auto seen = collector.seen();
    ASSERT_EQ(seen.size(), 4U);
    EXPECT_GE(seen[1].at - seen[0].at, 7s);
    EXPECT_GE(seen[2].at - seen[1].at, 2s);
    EXPECT_GE(seen[3].at - seen[2].at, 5min) << "an hour is too long to wait for";
    EXPECT_EQ(seen[3].body, seen[0].body);
  }
}

TEST(OtlpTest, WhatIsRefusedIsDroppedAndTheNextGoesOn) {
  for (const unsigned status : {400U, 401U, 404U, 500U}) {
    Collector collector({{.status = status, .body = "<html>no</html>"}});
    collector.spans.end(span("bad"));
    collector.start();
    ASSERT_TRUE(collector.exposes("odeon_spans_dropped_total{reason=\"refused\"} 1")) << status;
    collector.spans.end(span("good"));
    ASSERT_TRUE(collector.exposes("odeon_spans_exported_total 1"));
    EXPECT_EQ(collector.seen().size(), 2U);
  }
}

TEST(OtlpTest, WhatACollectorRejectsOfABatchIsCounted) {
  for (const char* answer : {R"({"partialSuccess":{"rejectedSpans":"2","errorMessage":"old"}})",
                             R"({"partialSuccess":{"rejectedSpans":2}})"}) {
    Collector collector({{.body = answer}});
    for (int i = 0; i < 5; ++i) collector.spans.end(span("some"));
    collector.start();
    ASSERT_TRUE(collector.exposes("odeon_spans_exported_total 3")) << answer;
    EXPECT_TRUE(collector.exposes("odeon_spans_dropped_total{reason=\"refused\"} 2"));
  }
}

TEST(OtlpTest, AHangingCollectorIsTriedAgain) {
  Collector collector({{.hangs = true}}, {.limit = 1s});
  collector.spans.end(span("one"));
  collector.start();
  ASSERT_TRUE(collector.exposes("odeon_spans_exported_total 1"));
  EXPECT_GE(collector.seen().size(), 2U);
}

TEST(OtlpTest, ACollectorThatIsNotThereIsGivenUpForThatBatch) {
  OtlpOptions nowhere;
  {
    const TestServer gone([](Request&) -> Task<Response> { co_return Response{}; });
    nowhere.endpoint = fmt::format("http://127.0.0.1:{}", gone.port);
  }
  Collector collector({}, nowhere);
  const Instant begun = collector.clock.now();
  for (int i = 0; i < 3; ++i) collector.spans.end(span("lost"));
  collector.start();
  ASSERT_TRUE(collector.exposes("odeon_spans_dropped_total{reason=\"refused\"} 3"));
  EXPECT_GE(collector.clock.now() - begun, 5s + 1s + 2s + 4s + 8s);
}

TEST(OtlpTest, StoppingSendsWhatIsLeft) {
  Collector collector;
  for (int i = 0; i < 600; ++i) collector.spans.end(span("last"));
  collector.start();
  collector.stop(10s);
  EXPECT_THAT(collector.metrics.text(), HasSubstr("odeon_spans_exported_total 600"));
  EXPECT_EQ(collector.seen().size(), 2U);
}

TEST(OtlpTest, StoppingDoesNotWaitForACollectorThatHangsOrIsOverloaded) {
  for (const auto& answer : {Collector::Answer{.hangs = true}, Collector::Answer{.status = 503, .retry_after = "60"}}) {
    Collector collector({answer});
    for (int i = 0; i < 600; ++i) collector.spans.end(span("lost"));
    collector.start();
    collector.stop(50ms);
    EXPECT_THAT(collector.metrics.text(), HasSubstr("odeon_spans_dropped_total{reason=\"refused\"} 600"));
    EXPECT_LE(collector.seen().size(), 1U);
  }
}

// ---- what is sent, as OpenTelemetry reads it ---------------------------------------------------------

Span any_span(TraceIds& ids) {
  static constexpr std::array kinds{Span::Kind::internal, Span::Kind::server, Span::Kind::client, Span::Kind::consumer};
  Span out{.context = ids.child({}),
           .parent = *rc::gen::element<std::uint64_t>(0, 1, ids.next()),
           .name = "n" + *rc::gen::arbitrary<std::string>(),
           .kind = kinds[*rc::gen::inRange<std::size_t>(0, kinds.size())],
           .start = Instant(Micros(*rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000'000))),
           .failed = *rc::gen::arbitrary<bool>()};
  out.end = out.start + Micros(*rc::gen::inRange<std::int64_t>(0, 1'000'000));
  if (*rc::gen::arbitrary<bool>()) out.attributes.emplace_back("number", *rc::gen::arbitrary<std::int64_t>());
  if (*rc::gen::arbitrary<bool>()) out.attributes.emplace_back("text", *rc::gen::arbitrary<std::string>());
  return out;
}

TEST(OtlpStrangerTest, OpenTelemetryUnderstandsAllOfIt) {
  const std::string installed = ODEON_BUILD_DIR "/npm/collector";
  ASSERT_EQ(
      std::system((ODEON_SOURCE_DIR "/scripts/npm-install " ODEON_SOURCE_DIR "/src/engine/http/collector " + installed)
                      .c_str()),
      0);
  const testing::ScratchFolder folder;
  std::ofstream bodies(folder / "bodies");
  TraceIds ids;
  std::size_t expected = 0;
  EXPECT_TRUE(rc::check("spans of any kind", [&] {
    std::vector<Span> spans;
    const auto count = *rc::gen::inRange<std::size_t>(1, 6);
    for (std::size_t i = 0; i < count; ++i) spans.push_back(any_span(ids));
    const std::string body = otlp_json(spans, "odeon \"" + *rc::gen::arbitrary<std::string>());
    RC_ASSERT(count_in(body) == count);
    bodies << body << '\n';
    expected += count;
  }));
  bodies.close();
  const std::string command =
      fmt::format("node {}/check.mjs < {} > {}", installed, folder / "bodies", folder / "count");
  ASSERT_EQ(std::system(command.c_str()), 0);
  std::size_t read = 0;
  std::ifstream(folder / "count") >> read;
  EXPECT_EQ(read, expected);
  EXPECT_GT(read, 100U);
}

// ---- spans of requests -------------------------------------------------------------------------------

class Traced {
 public:
  explicit Traced(double ratio = 1) : spans({.ratio = ratio}, metrics) {}
  // The spans of one request, which the handler answers with `status`.
  std::vector<Span> request(std::string_view parent, unsigned status, std::string route) {
    const auto answer = [status, route](this auto, Request& request) -> Task<Response> {
      request.route = route;
      co_return Response{.status = status};
    };
    Request request{.path = "/api/cakes/secret", .query = {{"token", "secret"}}, .scheme = "https"};
    request.headers.add("traceparent", std::string(parent));
    Tracer().identify(request);
    run_task(pipeline({trace_requests(spans, clock)}, answer)(request));
    return spans.take(10);
  }
  Metrics metrics;
  testing::FakeClock clock;
  Spans spans;
};

TEST(RequestSpanTest, ItSaysWhatWasAskedByTheTemplate) {
  Traced traced;
  const auto spans = traced.request("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", 200, "/api/cakes/{id}");
  ASSERT_EQ(spans.size(), 1U);
  EXPECT_EQ(spans[0].name, "GET /api/cakes/{id}");
  EXPECT_EQ(spans[0].kind, Span::Kind::server);
  EXPECT_EQ(spans[0].context.trace_id(), "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(hex_id(spans[0].parent), "b7ad6b7169203331");
  EXPECT_EQ(spans[0].end, traced.clock.now());
  EXPECT_FALSE(spans[0].failed);
  const std::string body = otlp_json(spans, "odeon");
  EXPECT_THAT(body, HasSubstr(R"({"key":"http.route","value":{"stringValue":"/api/cakes/{id}"}})"));
  EXPECT_THAT(body, HasSubstr(R"({"key":"http.response.status_code","value":{"intValue":"200"}})"));
  EXPECT_FALSE(body.contains("secret")) << body;
}

TEST(RequestSpanTest, OnlyOurOwnFaultsAreFailures) {
  Traced traced;
  EXPECT_FALSE(traced.request("", 404, "").at(0).failed);
  EXPECT_EQ(traced.request("", 404, "").at(0).name, "GET");
  EXPECT_TRUE(traced.request("", 503, "/api/cakes").at(0).failed);
}

TEST(RequestSpanTest, TheCallerDecidesOnItsTraceAndTheRatioOnOurs) {
  const std::string parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0";
  Traced all(1), none(0);
  EXPECT_TRUE(all.request(parent + "0", 200, "/").empty());
  EXPECT_EQ(none.request(parent + "1", 200, "/").size(), 1U);
  EXPECT_EQ(all.request("nonsense", 200, "/").size(), 1U);
  EXPECT_TRUE(none.request("nonsense", 200, "/").empty());
}

}  // namespace
}  // namespace odeon::http
