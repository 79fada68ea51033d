// A provider that gives JSON answers in the order in which they are put here, and remembers what it was asked.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "engine/http/server.hpp"

namespace odeon::ai {

class AnsweringServer {
 public:
  struct Answer {
    std::string body;
    unsigned status = 200;
  };
  struct Asked {
    std::string target, key;  // key: whatever stands in Authorization or x-goog-api-key
    json::value body;
  };

  explicit AnsweringServer(std::vector<Answer> answers) : answers_(std::move(answers)) {
    base = fmt::format("http://127.0.0.1:{}", server_.start());
    loops_.start();
  }
  ~AnsweringServer() { run_task(server_.stop(std::chrono::milliseconds(0))); }

  std::string base;
  std::vector<Asked> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  Task<http::Response> answer(http::Request& request) {
    const std::string body = co_await read_all(*request.body, 1 << 20);
    const std::lock_guard lock(mutex_);
    asked_.push_back({request.target,
                      std::string(request.headers.get("Authorization")).append(request.headers.get("x-goog-api-key")),
                      json::parse(body)});
    const std::size_t place = std::min(asked_.size(), answers_.size()) - 1;
    http::Response response{.status = answers_.at(place).status};
    response.headers.add("Content-Type", "application/json; charset=UTF-8");
    response.body = answers_[place].body;
    co_return response;
  }

  std::vector<Answer> answers_;
  mutable std::mutex mutex_;
  std::vector<Asked> asked_;
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
