// Jobs as the answers of this product tell of them, and waiting for one that is usually done at once. Whoever wants to
// see more of a job watches it (/api/jobs/{id}).
#pragma once

#include "engine/jobs/queue.hpp"
#include "products/stories/stories.hpp"

namespace odeon::stories {

// Of one person's jobs at once; others wait for their turn.
inline constexpr int kAtOnce = 2;

enum class JobStatus { queued, processing, completed, failed };
BOOST_DESCRIBE_ENUM(JobStatus, queued, processing, completed, failed)

struct JobTold {
  std::string id;
  JobStatus status = JobStatus::queued;
  std::int64_t progress = 0;                       // percent
  std::optional<Instant> estimatedCompletionTime;  // until it has ended
  std::optional<std::string> error;                // once it failed
};
BOOST_DESCRIBE_STRUCT(JobTold, (), (id, status, progress, estimatedCompletionTime, error))

// `usual` is what such a job takes as far as nobody knows better.
JobTold told(const jobs::Progress& job, Instant now, std::chrono::seconds usual);
// The same of a job by its id; nothing if it is not known any more.
Task<std::optional<JobTold>> job_told(jobs::Queue& queue, std::string id, Instant now, std::chrono::seconds usual);

// Until it has ended, but no longer than `limit`: what is known of it then. The job goes on, whatever becomes of
// whoever waits.
Task<std::optional<jobs::Progress>> wait_for_job(jobs::Queue& queue, std::string id, std::chrono::seconds limit);

}  // namespace odeon::stories
