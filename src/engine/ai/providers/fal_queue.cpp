#include "engine/ai/providers/fal_queue.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "engine/ai/providers/wire_json.hpp"
#include "engine/http/client_target.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;
using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{300}, kLongestPause{5'000};
constexpr milliseconds kCallTime{30'000}, kFileTime{120'000}, kCancelTime{5'000};
constexpr int kMostFailures = 8;  // in a row, of fal's own

milliseconds longer(milliseconds pause) {
  return std::min(pause * 3 / 2, kLongestPause);
}

Error too_long() {
  return Error(Fault::timeout, "PROVIDER_TIMEOUT", "The AI provider fal took too long.");
}

// Whether fal itself said so, and not the network.
bool is_answer(const Error& error) {
  return error.code.starts_with("PROVIDER_") || error.code.starts_with("MODEL_");
}

// Whether the same question may be answered a little later. Of a network there is no end to that; what fal itself says
// may be about the work.
bool may_pass(const std::exception_ptr& failure, int& failures) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    const bool passes = error.fault == Fault::unavailable || error.fault == Fault::timeout ||
                        error.fault == Fault::rate_limited ||
                        (error.fault == Fault::upstream && error.code != kDeclined);
    const bool fals = is_answer(error) || error.fault == Fault::upstream;
    return passes && !(fals && ++failures >= kMostFailures);
  } catch (const std::exception&) {
    return false;
  }
}

// Work is found under its app: "fal-ai/flux" of "fal-ai/flux/dev".
std::string app_of(std::string_view endpoint) {
  const std::size_t owner = endpoint.find('/');
  return std::string(endpoint.substr(0, owner == std::string_view::npos ? owner : endpoint.find('/', owner + 1)));
}

bool is_fals(std::string_view host) {
  return host == "fal.media" || host.ends_with(".fal.media") || host.ends_with(".fal.ai") || host.ends_with(".fal.run");
}

}  // namespace

void fail_charged(const std::exception_ptr& failure, const Usage& used) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    throw FailedAfterUse(error, used);
  } catch (const std::exception&) {
    throw FailedAfterUse(Error(Fault::unavailable, "CANCELLED", "Nobody waits for this any more."), used);
  }
}

// How far a piece of work has come.
struct FalQueue::Course {
  Instant until;
  bool charged = false;  // a machine is at it
  bool over = false;     // there is nothing left to cancel
};

FalQueue::FalQueue(http::Client& client, Clock& clock, FalOptions options)
    : client_(client), clock_(clock), options_(std::move(options)) {}

ProviderCall FalQueue::call(http::Method method, std::string path, TraceContext trace) const {
  ProviderCall call{
      .provider = "fal", .method = method, .url = options_.base_url + "/" + path, .limit = kCallTime, .trace = trace};
  call.headers.set("Authorization", "Key " + options_.key);
  return call;
}

Task<ProviderAnswer> FalQueue::ask(ProviderCall question, Instant until) {
  milliseconds pause = kFirstPause;
  for (int failures = 0;; pause = longer(pause)) {
    auto answer = co_await settle(call_provider(client_, clock_, question));
    if (answer) co_return std::move(*answer);
    if (!may_pass(answer.error(), failures) || clock_.now() + pause > until) std::rethrow_exception(answer.error());
    co_await clock_.sleep_for(pause);
  }
}

Task<bj::object> FalQueue::run(FalWork work) {
  Course course{.until = clock_.now() + options_.limit};
  ProviderCall put = call(http::Method::post, work.endpoint, work.trace);
  put.body = bj::serialize(work.input);
  const auto accepted = wire::object_of((co_await call_provider(client_, clock_, std::move(put))).body, "fal");
  const auto id = wire::text_of(wire::member(accepted, "request_id"));
  if (id.empty()) throw unusable("BAD_ANSWER", "fal", "no id of the request");
  const std::string request = app_of(work.endpoint) + "/requests/" + text::percent_encode(id);

  auto result = co_await settle(follow(request, work.trace, course));
  if (result) co_return std::move(*result);
  if (!course.over) {
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await cancel(request);
    co_await asio::this_coro::throw_if_cancelled(throws);
  }
  if (course.charged) fail_charged(result.error(), work.at_risk);
  std::rethrow_exception(result.error());
}

Task<bj::object> FalQueue::follow(std::string request, TraceContext trace, Course& course) {
  for (milliseconds pause = kFirstPause;; pause = longer(pause)) {
    if (clock_.now() + pause > course.until) throw too_long();
    co_await clock_.sleep_for(pause);
    const auto answer = co_await ask(call(http::Method::get, request + "/status", trace), course.until);
    const auto told = wire::object_of(answer.body, "fal");
    const auto status = wire::text_of(wire::member(told, "status"));
    if (status == "COMPLETED") break;
    if (status == "IN_PROGRESS")
      course.charged = true;
    else if (status != "IN_QUEUE")
      throw unusable("BAD_ANSWER", "fal", "a status of its own");
  }
  course.over = course.charged = true;
  try {
    co_return wire::object_of((co_await ask(call(http::Method::get, request, trace), course.until)).body, "fal");
  } catch (const Error& error) {
    // What failed there answers with the status of its failure, and is not charged.
    course.charged = !is_answer(error);
    throw;
  }
}

// Whether that comes in time is fal's business.
Task<void> FalQueue::cancel(std::string request) {
  ProviderCall stop = call(http::Method::put, request + "/cancel", {});
  stop.limit = kCancelTime;
  co_await settle(call_provider(client_, clock_, std::move(stop)));
}

bool FalQueue::may_fetch(std::string_view url) const {
  try {
    const auto file = http::client::parse_target(url);
    return (file.tls && is_fals(file.host)) || file.origin == http::client::parse_target(options_.base_url).origin;
  } catch (const Error&) {
    return false;
  }
}

Task<std::string> FalQueue::file(const bj::value* named, std::size_t most, TraceContext trace) {
  const auto url = wire::text_of(wire::member(named, "url"));
  if (!may_fetch(url)) throw unusable("BAD_ANSWER", "fal", "a file that is not at fal");
  ProviderCall fetch{.provider = "fal",
                     .method = http::Method::get,
                     .url = std::string(url),
                     .limit = kFileTime,
                     .max_answer = most,
                     .trace = trace};
  co_return (co_await ask(std::move(fetch), clock_.now() + options_.limit)).body;
}

}  // namespace odeon::ai
