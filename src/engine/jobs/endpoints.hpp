// Watching a job, the same in every product: poll, server-sent events, WebSocket.
#pragma once

#include "engine/http/router.hpp"
#include "engine/jobs/queue.hpp"

namespace odeon::jobs {

struct JobRequest {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(JobRequest, (), (id))

// A WebSocket that says how `id` goes on, each change in the words of `describe`, and closes with 1000
// once it ended.
http::Socket progress_socket(Queue& queue, std::string id, std::function<std::string(const Progress&)> describe);

class Endpoints {
 public:
  explicit Endpoints(Queue& queue) : queue_(queue) {}

  Task<Progress> poll(JobRequest request);
  Task<http::Stream<Progress>> events(JobRequest request);
  Task<http::Socket> socket(JobRequest request);

  void mount(http::Api& api);

 private:
  Queue& queue_;
};

}  // namespace odeon::jobs
