#include "engine/ai/attempts.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>

namespace odeon::ai {
namespace {

std::string outcome_of(Fault fault) {
  switch (fault) {
    case Fault::timeout:
      return "timeout";
    case Fault::rate_limited:
      return "rate_limited";
    case Fault::unauthenticated:
      return "unauthenticated";
    case Fault::unavailable:
      return "unavailable";
    case Fault::upstream:
      return "upstream";
    case Fault::invalid:
      return "invalid";
    default:
      return "failed";
  }
}

// Whether any other model would find the same fault.
bool blames_the_request(const Error& error) {
  return error.fault == Fault::invalid || error.fault == Fault::too_large || error.fault == Fault::unsupported_type;
}

Error as_error(std::exception_ptr failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    return error;
  } catch (...) {
    return Error(Fault::internal, "MODEL_BROKE", "The model could not be used.").with_detail(describe(failure));
  }
}

Usage used_before(std::exception_ptr failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const FailedAfterUse& error) {
    return error.usage;
  } catch (...) {
    return {};
  }
}

bool anything(const Usage& usage) {
  return usage.input_tokens != 0 || usage.output_tokens != 0 || usage.characters != 0 || usage.seconds > 0;
}

std::chrono::seconds wait_until(Instant when, Instant now) {
  return std::max(std::chrono::ceil<std::chrono::seconds>(when - now), std::chrono::seconds(1));
}

}  // namespace

std::optional<Circuit::Admission> Line::admit(Instant now) {
  std::lock_guard lock(mutex_);
  return circuit_.admit(now);
}

void Line::succeeded(Circuit::Admission admission) {
  std::lock_guard lock(mutex_);
  circuit_.succeeded(admission);
  last_fault_.clear();
}

void Line::failed(Circuit::Admission admission, Instant now, const Error& error) {
  std::lock_guard lock(mutex_);
  circuit_.failed(admission, now, error.retry_after);
  last_fault_ = error.code;
}

void Line::abandoned(Circuit::Admission admission) {
  std::lock_guard lock(mutex_);
  circuit_.abandoned(admission);
}

Instant Line::next(Instant now) const {
  std::lock_guard lock(mutex_);
  return circuit_.next(now);
}

ModelHealth Line::health() const {
  std::lock_guard lock(mutex_);
  return {name_, circuit_.closed(), last_fault_};
}

Error Attempts::resting(Line& line, const std::string& task) {
  const Instant now = clock_.now();
  metrics_
      .counter("odeon_ai_requests_total", "Calls of AI models, by how they ended.",
               {{"task", task}, {"model", line.name()}, {"outcome", "resting"}})
      .add();
  return Error(Fault::unavailable, "MODEL_RESTING", "This model is not available at the moment.")
      .with_retry_after(wait_until(line.next(now), now));
}

Task<Attempts::Verdict> Attempts::judge(Line& line, std::string task, Started started, std::exception_ptr failure) {
  const bool cancelled = (co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none;
  Error error = as_error(failure);
  const bool healthy = blames_the_request(error) || error.code == kDeclined;
  if (cancelled)
    line.abandoned(started.admission);
  else if (healthy)
    line.succeeded(started.admission);
  else
    line.failed(started.admission, clock_.now(), error);
  count(line.name(), task, cancelled ? "cancelled" : healthy ? "declined" : outcome_of(error.fault), started.at);
  if (!cancelled)
    log_.warning("ai.attempt_failed",
                 {{"task", task}, {"model", line.name()}, {"code", error.code}, {"detail", error.detail}});
  const Usage usage = used_before(failure);
  if (anything(usage)) co_await record({std::move(task), line.name(), usage, false});
  Verdict verdict{std::move(error), nullptr};
  if (cancelled) verdict.error.code = "CANCELLED";
  if (cancelled)
    verdict.final = std::make_exception_ptr(boost::system::system_error(asio::error::operation_aborted));
  else if (blames_the_request(verdict.error))
    verdict.final = std::make_exception_ptr(verdict.error);
  co_return verdict;
}

// Named as OpenTelemetry names calls of models. Of what was asked and answered, only how much it was.
void Attempts::trace(const Line& line, const Errand& errand, TraceContext place, Instant started, Usage used,
                     const std::string& fault) {
  if (!spans_.wants(place)) return;
  const std::string& name = line.name();
  const std::size_t slash = std::min(name.find('/'), name.size());
  std::string model = name.substr(std::min(slash + 1, name.size()));
  Span span{.context = place,
            .parent = errand.asked.valid() ? errand.asked.span : 0,
            .name = fmt::format("{} {}", errand.operation, model),
            .kind = name.starts_with(kOfflineModel) ? Span::Kind::internal : Span::Kind::client,
            .start = started,
            .end = clock_.now(),
            .attributes = {{"gen_ai.operation.name", std::string(errand.operation)},
                           {"gen_ai.provider.name", name.substr(0, slash)},
                           {"gen_ai.request.model", std::move(model)},
                           {"odeon.task", errand.task}},
            .failed = !fault.empty()};
  if (used.input_tokens > 0) span.attributes.emplace_back("gen_ai.usage.input_tokens", used.input_tokens);
  if (used.output_tokens > 0) span.attributes.emplace_back("gen_ai.usage.output_tokens", used.output_tokens);
  if (span.failed) span.attributes.emplace_back("error.type", fault);
  spans_.end(std::move(span));
}

void Attempts::count(const std::string& model, const std::string& task, const std::string& outcome, Instant started) {
  metrics_
      .counter("odeon_ai_requests_total", "Calls of AI models, by how they ended.",
               {{"task", task}, {"model", model}, {"outcome", outcome}})
      .add();
  metrics_
      .histogram("odeon_ai_request_seconds", "Time that calls of AI models took.",
                 {0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120}, {{"task", task}, {"model", model}})
      .observe(std::chrono::duration<double>(clock_.now() - started).count());
}

Task<void> Attempts::record(Metered call) {
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  const std::string model = call.model;
  // Spawned without a cancellation slot, so that a cancel cannot cut the entry off half-way.
  auto entry = asio::co_spawn(co_await asio::this_coro::executor, settle(meter_.record(std::move(call))),
                              asio::bind_cancellation_slot(asio::cancellation_slot(), asio::use_awaitable));
  const auto recorded = co_await std::move(entry);
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (!recorded) log_.error("ai.metering_failed", {{"model", model}, {"detail", describe(recorded.error())}});
}

}  // namespace odeon::ai
