#include "engine/jobs/endpoints.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "engine/http/binding.hpp"

namespace odeon::jobs {
namespace {

using http::Endpoint;
using http::Method;

constexpr Endpoint<JobRequest, Progress> get_job{{.method = Method::get,
                                                  .path = "/api/jobs/{id}",
                                                  .summary = "Where a job stands",
                                                  .rate = {600, http::per_minute}}};
constexpr Endpoint<JobRequest, http::Stream<Progress>> get_job_events{
    {.method = Method::get, .path = "/api/jobs/{id}/events", .summary = "A job's progress as server-sent events"}};
constexpr Endpoint<JobRequest, http::Socket> watch_job{
    {.method = Method::get, .path = "/ws/jobs/{id}", .summary = "A job's progress over a WebSocket"}};

// Reading is what lets pings be answered and a close be seen; what clients say is not used.
Task<void> until_closed(http::WebSocket& socket) {
  while (co_await socket.receive()) {
  }
}

using Describe = std::function<std::string(const Progress&)>;

Task<void> tell(Queue& queue, std::string id, http::WebSocket& socket, const Describe& describe) {
  auto send = [&](this auto, const Progress& progress) -> Task<bool> {
    co_await socket.send({.data = describe(progress)});
    co_return true;
  };
  co_await queue.watch(std::move(id), send);
}

}  // namespace

http::Socket progress_socket(Queue& queue, std::string id, Describe describe) {
  return {
      [&queue, id = std::move(id), describe = std::move(describe)](this auto, http::WebSocket& socket) -> Task<void> {
        using namespace asio::experimental::awaitable_operators;
        auto first = co_await (settle(tell(queue, id, socket, describe)) || settle(until_closed(socket)));
        if (first.index() == 1) co_return;
        if (auto& told = std::get<0>(first); !told) std::rethrow_exception(told.error());
        co_await socket.close(1000, "done");
      }};
}

void Endpoints::mount(http::Api& api) {
  http::mount(api, get_job, &Endpoints::poll, *this);
  http::mount(api, get_job_events, &Endpoints::events, *this);
  http::mount(api, watch_job, &Endpoints::socket, *this);
}

Task<Progress> Endpoints::poll(JobRequest request) {
  auto progress = co_await queue_.progress(request.id);
  if (!progress) throw Error(Fault::not_found, "JOB_NOT_FOUND", "There is no such job.");
  co_return std::move(*progress);
}

Task<http::Stream<Progress>> Endpoints::events(JobRequest request) {
  co_await poll(request);
  co_return http::Stream<Progress>{
      [&queue = queue_, id = request.id](this auto, http::Events<Progress> events) -> Task<void> {
        auto send = [&events](this auto, const Progress& progress) -> Task<bool> {
          co_await events.send(progress, "progress");
          co_return true;
        };
        co_await queue.watch(id, send);
      }};
}

Task<http::Socket> Endpoints::socket(JobRequest request) {
  co_await poll(request);
  co_return progress_socket(queue_, request.id, json::write<Progress>);
}

}  // namespace odeon::jobs
