#include "server/admin.hpp"
#include "server/rooms.hpp"

namespace odeon::server {
namespace {

Error unknown_job(const std::string& id) {
  return Error(Fault::not_found, "NO_SUCH_JOB",
               "There is no job " + id + ". `odeon admin jobs` lists them; those that ended go after a week.");
}

}  // namespace

Task<Answer> Admin::jobs(jobs::JobFilter filter) {
  if (!filter.state.empty() && !json::enum_value<jobs::State>(filter.state))
    throw Error(Fault::invalid, "UNKNOWN_STATE",
                "A job is never " + filter.state + ", but " + json::enum_choices<jobs::State>() + ".");
  co_return Answer{shown(co_await rooms_.queue.list(std::move(filter))), ""};
}

Task<Answer> Admin::job(std::string id) {
  const auto job = co_await rooms_.queue.find(id);
  if (!job) throw unknown_job(id);
  co_return Answer{shown(*job), ""};
}

Task<Answer> Admin::retry_job(std::string id) {
  if (!co_await rooms_.queue.retry(id)) {
    const auto job = co_await rooms_.queue.find(id);
    if (!job) throw unknown_job(id);
    throw Error(Fault::conflict, "NOT_FAILED",
                fmt::format("The job is {}: only one that failed is tried again.", json::enum_name(job->state)));
  }
  co_await record("", "", "job_retried", {{"job", id}});
  co_return co_await job(std::move(id));
}

Task<Answer> Admin::cancel_job(std::string id) {
  if (!co_await rooms_.queue.cancel(id)) {
    const auto job = co_await rooms_.queue.find(id);
    if (!job) throw unknown_job(id);
    throw Error(Fault::conflict, "HAS_ENDED", fmt::format("The job is {} already.", json::enum_name(job->state)));
  }
  co_await record("", "", "job_cancelled", {{"job", id}});
  co_return co_await job(std::move(id));
}

Task<Answer> Admin::engagement(std::int64_t days) {
  const auto today = std::chrono::floor<std::chrono::days>(rooms_.clock.now());
  const auto rows = co_await briefings::store::engagement(*rooms_.database, today - std::chrono::days(days - 1));
  std::string table = briefings::engagement_heading() + '\n';
  for (const auto& day : rows) table += briefings::describe(day) + '\n';
  co_return Answer{shown(rows), std::move(table)};
}

}  // namespace odeon::server
