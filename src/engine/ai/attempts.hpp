// One attempt at one model: let in by its circuit, timed, counted, metered, and its failure judged.
#pragma once

#include <expected>
#include <mutex>
#include <string>
#include <utility>

#include "engine/ai/circuit.hpp"
#include "engine/ai/gateway.hpp"

namespace odeon::ai {

// A model as the gateway sees it: its name, its circuit, what went wrong last. Thread-safe.
class Line {
 public:
  explicit Line(std::string name) : name_(std::move(name)) {}
  const std::string& name() const { return name_; }
  std::optional<Circuit::Admission> admit(Instant now);
  void succeeded(Circuit::Admission admission);
  void failed(Circuit::Admission admission, Instant now, const Error& error);
  void abandoned(Circuit::Admission admission);
  Instant next(Instant now) const;
  ModelHealth health() const;

 private:
  const std::string name_;
  mutable std::mutex mutex_;
  Circuit circuit_;
  std::string last_fault_;
};

class Attempts {
 public:
  Attempts(const Clock& clock, Log& log, Metrics& metrics, Meter& meter, Spans* spans)
      : clock_(clock), log_(log), metrics_(metrics), meter_(meter), spans_(spans != nullptr ? *spans : no_spans_) {}

  struct Errand {
    std::string task;
    std::string_view operation;  // as OpenTelemetry calls it
    TraceContext asked;
  };

  // The reply, or why this model has none and another may. Throws what no other model can help with:
  // a fault of the request, and the caller's own cancellation. `call` takes the place of the attempt in its trace
  // and gives a Task<Reply>; it outlives this.
  template <class Reply, class Call>
  Task<std::expected<Reply, Error>> run(Line& line, Errand errand, const Call& call, Usage (*used)(const Reply&)) {
    std::string task = errand.task;
    Started started{clock_.now(), {}};
    const auto admission = line.admit(started.at);
    if (!admission) co_return std::unexpected(resting(line, task));
    started.admission = *admission;
    const TraceContext place = spans_.begin(errand.asked);
    auto reply = co_await settle(call(place));
    // Whatever happened is accounted for, also when the caller has gone away meanwhile.
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    std::optional<Verdict> verdict;
    if (reply) {
      line.succeeded(started.admission);
      count(line.name(), task, "ok", started.at);
      trace(line, errand, place, started.at, used(*reply), "");
      co_await record({std::move(task), line.name(), used(*reply), true});
    } else {
      verdict.emplace(co_await judge(line, std::move(task), started, reply.error()));
      trace(line, errand, place, started.at, {}, verdict->error.code);
    }
    co_await asio::this_coro::throw_if_cancelled(throws);
    if (!verdict) co_return std::move(*reply);
    if (verdict->final) std::rethrow_exception(verdict->final);
    co_return std::unexpected(std::move(verdict->error));
  }

  void count(const std::string& model, const std::string& task, const std::string& outcome, Instant started);
  // Neither a cancellation nor a broken ledger takes an answer away that was paid for.
  Task<void> record(Metered call);

 private:
  struct Started {
    Instant at;
    Circuit::Admission admission = Circuit::Admission::call;
  };
  struct Verdict {
    Error error;
    std::exception_ptr final;  // thrown: no other model is asked
  };
  void trace(const Line& line, const Errand& errand, TraceContext place, Instant started, Usage used,
             const std::string& fault);
  Error resting(Line& line, const std::string& task);
  Task<Verdict> judge(Line& line, std::string task, Started started, std::exception_ptr failure);

  const Clock& clock_;
  Log& log_;
  Metrics& metrics_;
  Meter& meter_;
  Spans no_spans_;
  Spans& spans_;
};

}  // namespace odeon::ai
