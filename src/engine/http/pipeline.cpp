#include "engine/http/pipeline.hpp"

#include <algorithm>

#include "base/metric_families.hpp"
#include "engine/http/openapi.hpp"

namespace odeon::http {
namespace {

void set_default(Headers& headers, std::string_view name, std::string_view value) {
  if (!headers.find(name)) headers.add(name, value);
}

std::string_view route_of(const Request& request) {
  return request.route.empty() ? std::string_view("unmatched") : request.route;
}

}  // namespace

Handler pipeline(std::vector<Step> steps, Handler inner) {
  return [steps = std::make_shared<const std::vector<Step>>(std::move(steps)), inner = std::move(inner)](
             this auto, Request& request) -> Task<Response> {
    const auto started = std::chrono::steady_clock::now();
    std::optional<Response> response;
    for (const auto& step : *steps) {
      if (step.before) response = step.before(request);
      if (response) break;
    }
    if (!response) response = co_await inner(request);
    const auto elapsed = std::chrono::steady_clock::now() - started;
    for (auto step = steps->rbegin(); step != steps->rend(); ++step)
      if (step->after) step->after(request, *response, elapsed);
    co_return std::move(*response);
  };
}

Step log_requests(Log& log) {
  return {.name = "log", .after = [&log](const Request& request, Response& response, Elapsed elapsed) {
            if (!log.wants(Log::Level::info)) return;
            log.info("request", {{"method", name_of(request.method)},
                                 {"route", route_of(request)},
                                 {"host", request.host},
                                 {"status", response.status},
                                 {"ms", std::chrono::duration<double, std::milli>(elapsed).count()},
                                 {"request_id", request.id},
                                 {"trace_id", request.trace.valid() ? request.trace.trace_id() : std::string()},
                                 {"user_id", request.user}});
          }};
}

Step count_requests(Metrics& metrics) {
  // The chat spec's, and below a tenth of a second some more: most answers are there.
  const std::vector<double> seconds{0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10};
  const auto requests =
      std::make_shared<Histograms>(metrics, "http_request_duration_seconds", "Time to the header of the answer.",
                                   seconds, std::vector<std::string>{"method", "route", "status"});
  return {.name = "count", .after = [requests](const Request& request, Response& response, Elapsed elapsed) {
            requests->of({name_of(request.method), route_of(request), std::to_string(response.status)})
                .observe(std::chrono::duration<double>(elapsed).count());
          }};
}

Step security_headers() {
  return {.name = "security headers", .after = [](const Request& request, Response& response, Elapsed) {
            set_default(response.headers, "X-Content-Type-Options", "nosniff");
            set_default(response.headers, "X-Frame-Options", "DENY");
            set_default(response.headers, "Referrer-Policy", "no-referrer");
            set_default(response.headers, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
            if (request.scheme == "https")
              set_default(response.headers, "Strict-Transport-Security", "max-age=31536000; includeSubDomains");
          }};
}

Step cross_origin(std::vector<std::string> origins) {
  auto allowed = [origins = std::move(origins)](const Request& request) -> std::optional<std::string_view> {
    const auto origin = request.headers.find("Origin");
    if (!origin) return std::nullopt;
    for (const auto& known : origins)
      if (known == "*" || known == *origin) return known == "*" ? std::string_view("*") : *origin;
    return std::nullopt;
  };
  Step step{.name = "cross origin"};
  step.before = [allowed](Request& request) -> std::optional<Response> {
    if (request.method != Method::options || !request.headers.find("Access-Control-Request-Method"))
      return std::nullopt;
    Response response{.status = 204};
    if (allowed(request)) {
      response.headers.add("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE");
      response.headers.add("Access-Control-Allow-Headers",
                           std::string(request.headers.get("Access-Control-Request-Headers")));
      response.headers.add("Access-Control-Max-Age", "600");
    }
    return response;
  };
  step.after = [allowed](const Request& request, Response& response, Elapsed) {
    const auto origin = allowed(request);
    // What is open to every page says so itself.
    if (!origin || response.headers.find("Access-Control-Allow-Origin")) return;
    response.headers.add("Access-Control-Allow-Origin", std::string(*origin));
    if (*origin != "*") response.headers.add("Access-Control-Allow-Credentials", "true");
    response.headers.add("Access-Control-Expose-Headers",
                         "X-Request-Id, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After");
    response.headers.add("Vary", "Origin");
  };
  return step;
}

Step request_ids() {
  return {.name = "request id", .after = [](const Request& request, Response& response, Elapsed) {
            response.headers.set("X-Request-Id", request.id);
          }};
}

}  // namespace odeon::http
