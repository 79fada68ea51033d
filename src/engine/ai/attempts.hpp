// One attempt at one model, from being let in by its circuit to its end: timed, counted, traced, metered, and its
// failure judged.
#pragma once

#include <expected>
#include <mutex>
#include <string>
#include <utility>

#include "base/metric_families.hpp"
#include "engine/ai/books.hpp"
#include "engine/ai/circuit.hpp"
#include "engine/ai/gateway.hpp"

namespace odeon::ai {

// A model as the gateway sees it: its name, its price, its circuit, what went wrong last. Thread-safe.
class Line {
 public:
  Line(std::string name, Price price) : name_(std::move(name)), price_(price) {}
  const std::string& name() const { return name_; }
  const Price& price() const { return price_; }
  std::optional<Circuit::Admission> admit(Instant now);
  void succeeded(Circuit::Admission admission);
  void failed(Circuit::Admission admission, Instant now, const Error& error);
  void abandoned(Circuit::Admission admission);
  // A stream began `after` it was asked for.
  void began(Micros after, Instant now);
  Instant next(Instant now) const;
  ModelHealth health(Instant now) const;

 private:
  const std::string name_;
  const Price price_;
  mutable std::mutex mutex_;
  Circuit circuit_;
  std::string last_fault_;
  bool limited_ = false;  // by the last of them
  Micros first_word_{};
  Instant measured_{};  // and that, last
};

// What a request is about, for everything that is written down of its attempts.
struct Errand {
  std::string task;
  std::string_view operation;  // as OpenTelemetry calls it
  TraceContext asked;
  std::shared_ptr<Bill> bill;
};

// Where attempts are written down.
struct Desk {
  Desk(const Clock& clock, Log& log, Metrics& metrics, Books& books, Spans& spans);

  void count(std::string_view model, std::string_view task, std::string_view outcome, Instant started);

  const Clock& clock;
  Log& log;
  Books& books;
  Spans& spans;
  Counters requests;       // task, model, outcome
  Histograms latency;      // model, status
  Histograms first_token;  // model
};

// Why a model has no answer.
struct Verdict {
  Error error;               // for another model to do better
  std::exception_ptr final;  // no other can help: a fault of the request, or the caller's own cancellation
};

// Ended by exactly one of the three, which are to be awaited with throw_if_cancelled(false): what happened is accounted
// for also when the caller has gone away. Lives on one loop.
class Attempt {
 public:
  // Or why the model is left alone at the moment.
  static std::expected<Attempt, Error> begin(Desk& desk, Line& line, const Errand& errand);

  // Its own place in the trace of whoever asked.
  TraceContext place() const { return place_; }
  const Line& line() const { return *line_; }

  // The first of a stream is here.
  void began() const;
  Task<void> succeeded(Usage used);
  Task<Verdict> failed(std::exception_ptr failure);
  // Whoever asked has gone away; `used` until then.
  Task<void> abandoned(Usage used);

 private:
  Attempt(Desk& desk, Line& line, const Errand& errand, Circuit::Admission admission, Instant started);
  Task<void> record(Usage used, bool succeeded);
  Metered metered(Usage used, bool succeeded) const;
  void trace(Usage used, const std::string& fault) const;

  Desk* desk_;
  Line* line_;
  Errand errand_;
  Circuit::Admission admission_;
  Instant started_;
  TraceContext place_;
};

// The reply, in the model's name where it says whose it is, or why this model has none and another may; throws what is
// final. `call` takes the place of the attempt in its trace and gives a Task<Reply>. The errand outlives this.
template <class Reply, class Call>
Task<std::expected<Reply, Error>> attempt(Desk& desk, Line& line, const Errand& errand, Call call,
                                          Usage (*used)(const Reply&)) {
  auto begun = Attempt::begin(desk, line, errand);
  if (!begun) co_return std::unexpected(std::move(begun.error()));
  std::optional<Reply> reply;
  std::exception_ptr failure;
  try {
    reply = co_await call(begun->place());
  } catch (...) {
    failure = std::current_exception();
  }
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  std::optional<Verdict> verdict;
  if (reply)
    co_await begun->succeeded(used(*reply));
  else
    verdict = co_await begun->failed(failure);
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (!verdict) {
    if constexpr (requires { reply->model; }) reply->model = line.name();
    co_return std::move(*reply);
  }
  if (verdict->final) std::rethrow_exception(verdict->final);
  co_return std::unexpected(std::move(verdict->error));
}

}  // namespace odeon::ai
