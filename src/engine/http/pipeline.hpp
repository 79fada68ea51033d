// The middlewares around the router, as a list that reads top to bottom (server/contents.cpp).
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "engine/http/message.hpp"

namespace odeon::http {

// How long a request took so far, for steps that report.
using Elapsed = std::chrono::steady_clock::duration;

// `before` runs on the way in, in order, and may answer; `after` runs on the way out, in reverse order,
// for every answer. Neither waits.
struct Step {
  std::string name;
  std::function<std::optional<Response>(Request&)> before;
  std::function<void(const Request&, Response&, Elapsed)> after;
};

// Runs `inner` inside the steps. A failure of `inner` that is not an answer (a cancelled request)
// passes through.
Handler pipeline(std::vector<Step> steps, Handler inner);

// One log line a request: method, route, status, milliseconds, ids. Query strings and bodies never.
Step log_requests(Log& log);
// http_request_duration_seconds by method, route and status.
Step count_requests(Metrics& metrics);
// nosniff, frame and referrer policy, a CSP that allows nothing unless the answer brought its own, HSTS
// over https.
Step security_headers();
// Answers preflights and names allowed origins; `origins` may hold "*".
Step cross_origin(std::vector<std::string> origins);
// X-Request-Id on every answer.
Step request_ids();

}  // namespace odeon::http
