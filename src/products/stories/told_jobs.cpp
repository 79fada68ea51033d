#include "products/stories/told_jobs.hpp"

namespace odeon::stories {
namespace {

JobStatus job_status(jobs::State state) {
  switch (state) {
    case jobs::State::scheduled:
    case jobs::State::ready:
      return JobStatus::queued;
    case jobs::State::running:
    case jobs::State::waiting:
      return JobStatus::processing;
    case jobs::State::completed:
      return JobStatus::completed;
    case jobs::State::failed:
    case jobs::State::cancelled:
      return JobStatus::failed;
  }
  return JobStatus::failed;
}

// Reaching the end of its patience is no failure; what else ended the waiting is.
bool is_out_of_patience(std::exception_ptr failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    return error.fault == Fault::timeout;
  } catch (...) {
    return false;
  }
}

}  // namespace

JobTold told(const jobs::Progress& job, Instant now, std::chrono::seconds usual) {
  JobTold shown{.id = job.id, .status = job_status(job.state), .progress = job.percent};
  if (shown.status == JobStatus::failed) shown.error = job.error.value_or("It was cancelled.");
  if (shown.status == JobStatus::completed) shown.progress = 100;
  if (shown.status == JobStatus::queued || shown.status == JobStatus::processing) {
    const std::chrono::duration<double> left(job.estimated_seconds.value_or(static_cast<double>(usual.count())));
    shown.estimatedCompletionTime = std::chrono::ceil<std::chrono::seconds>(now + std::chrono::ceil<Micros>(left));
  }
  return shown;
}

Task<std::optional<JobTold>> job_told(jobs::Queue& queue, std::string id, Instant now, std::chrono::seconds usual) {
  const auto progress = co_await queue.progress(std::move(id));
  co_return progress ? std::optional(told(*progress, now, usual)) : std::nullopt;
}

Task<std::optional<jobs::Progress>> wait_for_job(jobs::Queue& queue, std::string id, std::chrono::seconds limit) {
  const auto waited = co_await settle(
      with_timeout(limit, queue.watch(id, [](this auto, const jobs::Progress&) -> Task<bool> { co_return true; })));
  if (!waited && !is_out_of_patience(waited.error())) std::rethrow_exception(waited.error());
  co_return co_await queue.progress(std::move(id));
}

}  // namespace odeon::stories
