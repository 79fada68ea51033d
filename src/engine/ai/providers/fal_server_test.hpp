// fal.ai as far as its clients see it, with the faults that a test asks for. What it answers is in the shapes of
// fal.ai/docs/documentation/model-apis/inference/queue and .../errors.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <set>

#include "base/json.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "engine/http/server.hpp"

namespace odeon::ai {

struct FalPlay {
  // What each question after how it stands gets: a status, or "lost" (the connection breaks), "busy" (503), "broken"
  // (500) or "page" (HTML). The last is repeated.
  std::deque<std::string> course{"IN_QUEUE", "IN_PROGRESS", "COMPLETED"};
  unsigned status = 200;  // of the result
  std::string result;     // {base} is where the server is
  unsigned accepts = 200;
  std::string refusal;
};

class FalServer {
 public:
  FalServer() {
    base = fmt::format("http://127.0.0.1:{}", server_.start());
    loops_.start();
  }
  ~FalServer() { run_task(server_.stop(std::chrono::milliseconds(0))); }

  std::string base;
  void play(const std::string& endpoint, FalPlay play) {
    const std::lock_guard lock(mutex_);
    plays_[endpoint] = std::move(play);
  }
  // Below {base}/files/.
  void keep(const std::string& name, std::string bytes) {
    const std::lock_guard lock(mutex_);
    files_[name] = std::move(bytes);
  }

  // "POST /fal-ai/flux/dev", and whether it came with the key.
  std::vector<std::string> seen() const {
    const std::lock_guard lock(mutex_);
    return seen_;
  }
  std::size_t count(std::string_view part) const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(
        std::ranges::count_if(seen_, [&](const std::string& one) { return one.contains(part); }));
  }
  json::value input() const {
    const std::lock_guard lock(mutex_);
    return input_;
  }

 private:
  using Response = http::Response;

  static Response says(unsigned status, std::string body, std::string type = "application/json") {
    Response response{.status = status};
    response.headers.add("Content-Type", std::move(type));
    response.body = std::move(body);
    return response;
  }
  static Response breaks_off() {
    Response response{.status = 200};
    response.body = http::StreamBody([](http::BodyWriter& writer) -> Task<void> {
      co_await writer.write("{\"status\":");
      throw std::runtime_error("the cable is out");
    });
    return response;
  }

  Task<Response> answer(http::Request& request) {
    const std::string body = co_await read_all(*request.body, 1 << 20);
    const std::lock_guard lock(mutex_);
    const bool known = request.headers.get("Authorization") == "Key fal-secret";
    seen_.push_back(fmt::format("{} {}{}", http::name_of(request.method), request.path, known ? " with the key" : ""));
    if (request.path.starts_with("/files/")) {
      const auto file = files_.find(request.path.substr(7));
      co_return file == files_.end() ? says(404, "gone", "text/plain")
                                     : says(200, file->second, "application/octet-stream");
    }
    if (!known) co_return says(401, R"({"detail":"Authentication is required to access this application."})");
    if (request.method == http::Method::post) co_return accept(request.path.substr(1), body);
    co_return tell(request.path);
  }

  Response accept(const std::string& endpoint, const std::string& body) {
    const auto play = plays_.find(endpoint);
    if (play == plays_.end()) return says(404, R"({"detail":"Application not found"})");
    input_ = json::parse(body);
    if (play->second.accepts != 200) return says(play->second.accepts, play->second.refusal);
    // Work is found under its app, whatever the endpoint below it is.
    const std::string app = endpoint.substr(0, endpoint.find('/', endpoint.find('/') + 1));
    const std::string id = fmt::format("req-{}", works_.size());
    works_["/" + app + "/requests/" + id] = play->second;
    const std::string place = fmt::format("https://queue.fal.run/{}/requests/{}", app, id);
    return says(200,
                fmt::format(R"({{"status":"IN_QUEUE","request_id":"{}","response_url":"{}","status_url":"{}/status",
                                     "cancel_url":"{}/cancel","queue_position":0,"logs":null,"metrics":{{}}}})",
                            id, place, place, place));
  }

  Response tell(std::string path) {
    const auto last = path.rfind('/');
    const std::string verb = path.substr(last + 1);
    const bool result = verb != "status" && verb != "cancel";
    const auto work = works_.find(result ? path : path.substr(0, last));
    if (work == works_.end()) return says(404, R"({"detail":"Request not found"})");
    if (verb == "cancel") return says(202, R"({"status":"CANCELLATION_REQUESTED"})");
    auto& play = work->second;
    if (result) return says(play.status, text::replace_all(play.result, "{base}", base));
    const std::string next = play.course.front();
    if (play.course.size() > 1) play.course.pop_front();
    if (next == "lost") return breaks_off();
    if (next == "busy") return says(503, R"({"detail":"Service unavailable"})");
    if (next == "broken") return says(500, R"({"detail":"Internal Server Error"})");
    if (next == "page") return says(200, "<html>Just a moment…</html>", "text/html");
    return says(next == "COMPLETED" ? 200 : 202, fmt::format(R"({{"status":"{}","request_id":"x","logs":[]}})", next));
  }

  mutable std::mutex mutex_;
  std::map<std::string, FalPlay> plays_;
  std::map<std::string, std::string> files_;
  std::vector<std::string> seen_;
  json::value input_;
  std::map<std::string, FalPlay> works_;
  Log log_{Log::Level::off};
  Metrics metrics_;
  Loops loops_{1};
  http::Server server_{{.address = "127.0.0.1", .port = 0},
                       loops_,
                       [this](http::Request& request) { return answer(request); },
                       log_,
                       metrics_};
};

}  // namespace odeon::ai
