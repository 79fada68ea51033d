#include "engine/ai/attempts.hpp"

namespace odeon::ai {
namespace {

std::string outcome_of(const Error& error) {
  if (error.code == kDeclined || error.code == kCutShort) return "declined";
  switch (error.fault) {
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
    case Fault::too_large:
    case Fault::unsupported_type:
      return "invalid";
    default:
      return "failed";
  }
}

// Whether any other model would find the same fault.
bool blames_the_request(const Error& error) {
  if (error.code == kUnsupported || error.code == kTooLong) return false;
  return error.fault == Fault::invalid || error.fault == Fault::too_large || error.fault == Fault::unsupported_type;
}

// Of its health: it works, but not for this.
bool says_nothing_of_the_model(const Error& error) {
  return error.code == kDeclined || error.code == kCutShort || error.code == kTooLong;
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

// Without its provider.
std::string_view id_of(std::string_view model) {
  return model.substr(model.find('/') + 1);
}

// What was measured then tells nothing of now.
bool is_old(Instant measured, Instant now) {
  return now - measured >= std::chrono::minutes(10);
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
  limited_ = error.fault == Fault::rate_limited;
}

void Line::abandoned(Circuit::Admission admission) {
  std::lock_guard lock(mutex_);
  circuit_.abandoned(admission);
}

void Line::began(Micros after, Instant now) {
  constexpr int kWeight = 8;  // of what was before
  std::lock_guard lock(mutex_);
  const bool anew = first_word_ == Micros{} || is_old(measured_, now);
  first_word_ = anew ? after : (first_word_ * (kWeight - 1) + after) / kWeight;
  measured_ = now;
}

Instant Line::next(Instant now) const {
  std::lock_guard lock(mutex_);
  return circuit_.next(now);
}

ModelHealth Line::health(Instant now) const {
  std::lock_guard lock(mutex_);
  return {.model = name_,
          .available = circuit_.closed(),
          .is_asked = circuit_.would_admit(now),
          .is_limited = !circuit_.closed() && limited_,
          .last_fault = last_fault_,
          .first_word = is_old(measured_, now) ? Micros{} : first_word_};
}

Desk::Desk(const Clock& clock, Log& log, Metrics& metrics, Books& books, Spans& spans)
    : clock(clock),
      log(log),
      books(books),
      spans(spans),
      requests(metrics, "odeon_ai_requests_total", "Calls of AI models, by how they ended.",
               {"task", "model", "outcome"}),
      latency(metrics, "model_api_latency_seconds", "Latency of model API calls",
              {0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 60, 120}, {"model", "status"}),
      first_token(metrics, "model_first_token_seconds", "Time until a stream of a model began.",
                  {0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20}, {"model"}) {}

void Desk::count(std::string_view model, std::string_view task, std::string_view outcome, Instant started) {
  requests.of({task, model, outcome}).add();
  if (outcome == "cancelled" || outcome == "invalid") return;  // says nothing of the model
  const bool answered = outcome == "ok" || outcome == "declined";
  latency.of({id_of(model), answered ? "success" : "error"})
      .observe(std::chrono::duration<double>(clock.now() - started).count());
}

Attempt::Attempt(Desk& desk, Line& line, const Errand& errand, Circuit::Admission admission, Instant started)
    : desk_(&desk),
      line_(&line),
      errand_(errand),
      admission_(admission),
      started_(started),
      place_(desk.spans.begin(errand_.asked)) {}

std::expected<Attempt, Error> Attempt::begin(Desk& desk, Line& line, const Errand& errand) {
  const Instant now = desk.clock.now();
  if (const auto admission = line.admit(now)) return Attempt(desk, line, errand, *admission, now);
  desk.requests.of({errand.task, line.name(), "resting"}).add();
  return std::unexpected(Error(Fault::unavailable, "MODEL_RESTING", "This model is not available at the moment.")
                             .with_retry_after(wait_until(line.next(now), now)));
}

void Attempt::began() const {
  const Instant now = desk_->clock.now();
  const Micros after = now - started_;
  line_->began(after, now);
  desk_->first_token.of({id_of(line_->name())}).observe(std::chrono::duration<double>(after).count());
}

Task<void> Attempt::succeeded(Usage used) {
  line_->succeeded(admission_);
  desk_->count(line_->name(), errand_.task, "ok", started_);
  trace(used, "");
  Metered call = metered(used, true);
  if (!desk_->books.record_now(*errand_.bill, call)) co_await desk_->books.record(errand_.bill, std::move(call));
}

Task<Verdict> Attempt::failed(std::exception_ptr failure) {
  const Usage used = used_before(failure);
  Verdict verdict{as_error(failure), nullptr};
  if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none) {
    co_await abandoned(used);
    verdict.final = std::make_exception_ptr(boost::system::system_error(asio::error::operation_aborted));
    co_return verdict;
  }
  const Error& error = verdict.error;
  const bool at_fault = blames_the_request(error), unasked = error.code == kUnsupported;
  const bool healthy = at_fault || unasked || says_nothing_of_the_model(error);
  if (unasked)
    line_->abandoned(admission_);
  else if (healthy)
    line_->succeeded(admission_);
  else
    line_->failed(admission_, desk_->clock.now(), error);
  desk_->count(line_->name(), errand_.task, outcome_of(error), started_);
  desk_->log.warning(
      "ai.attempt_failed",
      {{"task", errand_.task}, {"model", line_->name()}, {"code", error.code}, {"detail", error.detail}});
  trace(used, error.code);
  if (used.anything()) co_await record(used, false);
  if (at_fault) verdict.final = std::make_exception_ptr(error);
  co_return verdict;
}

Task<void> Attempt::abandoned(Usage used) {
  line_->abandoned(admission_);
  desk_->count(line_->name(), errand_.task, "cancelled", started_);
  trace(used, "CANCELLED");
  if (used.anything()) co_await record(used, false);
}

Task<void> Attempt::record(Usage used, bool succeeded) {
  return desk_->books.record(errand_.bill, metered(used, succeeded));
}

Metered Attempt::metered(Usage used, bool succeeded) const {
  return {.task = errand_.task,
          .model = line_->name(),
          .usage = used,
          .succeeded = succeeded,
          .cost = cost_of(used, line_->price())};
}

// Named as OpenTelemetry names calls of models. Of what was asked and answered, only how much it was.
void Attempt::trace(Usage used, const std::string& fault) const {
  if (!desk_->spans.wants(place_)) return;
  const std::string& name = line_->name();
  const std::size_t slash = std::min(name.find('/'), name.size());
  std::string model = name.substr(std::min(slash + 1, name.size()));
  Span span{.context = place_,
            .parent = errand_.asked.valid() ? errand_.asked.span : 0,
            .name = fmt::format("{} {}", errand_.operation, model),
            .kind = name.starts_with(kOfflineModel) ? Span::Kind::internal : Span::Kind::client,
            .start = started_,
            .end = desk_->clock.now(),
            .attributes = {{"gen_ai.operation.name", std::string(errand_.operation)},
                           {"gen_ai.provider.name", name.substr(0, slash)},
                           {"gen_ai.request.model", std::move(model)},
                           {"odeon.task", errand_.task}},
            .failed = !fault.empty()};
  if (used.input_tokens > 0) span.attributes.emplace_back("gen_ai.usage.input_tokens", used.input_tokens);
  if (used.output_tokens > 0) span.attributes.emplace_back("gen_ai.usage.output_tokens", used.output_tokens);
  if (span.failed) span.attributes.emplace_back("error.type", fault);
  desk_->spans.end(std::move(span));
}

}  // namespace odeon::ai
