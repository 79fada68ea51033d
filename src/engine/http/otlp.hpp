// Sends spans to whoever collects them: OTLP over HTTP in its JSON encoding
// (https://opentelemetry.io/docs/specs/otlp/), in the background of everything else.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "base/trace.hpp"
#include "engine/http/client.hpp"

namespace odeon::http {

struct OtlpOptions {
  std::string endpoint;                                      // "http://collector:4318"; /v1/traces is added
  std::vector<std::pair<std::string, std::string>> headers;  // what the collector wants to see; never logged
  std::string service = "odeon";
  std::size_t batch = 512;                     // sent at once when so many wait
  std::chrono::seconds interval{5};            // or when this has passed
  std::chrono::milliseconds limit{10'000};     // for one exchange as a whole
  int attempts = 5;                            // at one batch; then it is dropped
  std::chrono::seconds longest_pause{5 * 60};  // a Retry-After beyond it counts as this
};

// The body of a request, ExportTraceServiceRequest.
std::string otlp_json(std::span<const Span> spans, std::string_view service);

// Batches that pass are tried again after 429, 502, 503, 504 and failures to connect, later each time and not before
// Retry-After; what is refused otherwise is dropped. Nobody waits for it: while the collector is away spans gather
// up to their limit and are then left out. Metrics: odeon_spans_exported_total, odeon_spans_dropped_total.
class OtlpExporter {
 public:
  // Bodies are written on `pool`. All arguments outlive it.
  OtlpExporter(Client& client, Spans& spans, ThreadPool& pool, Clock& clock, Log& log, Metrics& metrics,
               OtlpOptions options);
  ~OtlpExporter();  // after `stop`

  void start(asio::any_io_executor executor);
  // Sends what is left, each batch once, for at most `grace`. Idempotent. On the loop that it was started on.
  Task<void> stop(std::chrono::milliseconds grace);

 private:
  enum class Outcome { taken, refused, later };
  struct Answer {
    Outcome outcome = Outcome::later;
    std::string why;
    std::int64_t rejected = 0;  // of the batch, by a collector that took the others
    Micros wait{0};
  };

  Task<void> run();
  Task<void> send_waiting();
  Task<void> flush();
  Task<bool> fill();
  Task<Answer> send();
  Task<Answer> exchange();
  void taken(std::int64_t rejected);
  void give_up(const std::string& why);

  Client& client_;
  Spans& spans_;
  ThreadPool& pool_;
  Clock& clock_;
  Log& log_;
  const OtlpOptions options_;
  Metrics::Counter exported_, refused_;
  bool working_ = true;    // the last batch arrived: what goes wrong is logged once
  std::size_t count_ = 0;  // spans of the batch that is being sent
  std::string body_;       // its body; empty: there is none
  Instant last_sent_;
  TaskGroup tasks_;
};

}  // namespace odeon::http
