// OpenAI and Anthropic as far as batches go: strict about what they are sent, and ending batches as a test has it.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "engine/http/multipart.hpp"
#include "engine/http/server.hpp"

namespace odeon::ai {

class BatchServer {
 public:
  static constexpr const char *kOpenAiKey = "sk-of-a-test", *kAnthropicKey = "sk-ant-of-a-test";

  BatchServer() {
    port_ = server_.start();
    loops_.start();
  }
  ~BatchServer() { run_task(server_.stop(std::chrono::milliseconds(0))); }
  std::string url(std::string_view path = "") const { return fmt::format("http://127.0.0.1:{}{}", port_, path); }

  // What a batch is said to be from now on, beside what it always is.
  void say(json::object fields) {
    const std::lock_guard lock(mutex_);
    said_ = std::move(fields);
  }
  // A file with results, or with errors.
  void keep(const std::string& file, std::string content) {
    const std::lock_guard lock(mutex_);
    files_[file] = std::move(content);
  }
  // What was asked in the last batch: custom_id and body of each.
  std::vector<std::pair<std::string, json::object>> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  // "GET /v1/batches/batch_1", in order.
  std::vector<std::string> calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
  }

 private:
  struct Refused {
    int status;
    std::string why;
  };
  using Answer = http::Response;

  static Answer answer(const json::object& object, int status = 200) {
    Answer response{.status = static_cast<unsigned>(status), .body = json::bj::serialize(object)};
    response.headers.add("Content-Type", "application/json");
    return response;
  }
  static void want(bool holds, std::string why, int status = 400) {
    if (!holds) throw Refused{status, std::move(why)};
  }
  static std::string text(const json::object& from, std::string_view name) {
    const auto* found = from.if_contains(name);
    want(found != nullptr && found->is_string(), fmt::format("{} is missing", name));
    return std::string(found->get_string());
  }

  Task<Answer> handle(http::Request& request) {
    std::string body;
    std::map<std::string, std::string> form;
    if (const auto boundary = http::multipart_boundary(request.headers.get("Content-Type"))) {
      http::MultipartReader parts(*request.body, *boundary);
      while (const auto part = co_await parts.next()) form[part->name] = co_await read_all(parts.content(), 64 << 20);
    } else {
      body = co_await read_all(*request.body, 64 << 20);
    }
    const std::lock_guard lock(mutex_);
    const std::string call = fmt::format("{} {}", http::name_of(request.method), request.path);
    calls_.push_back(call);
    try {
      if (request.path.starts_with("/v1/messages")) co_return anthropic(request, call, body);
      co_return openai(request, call, body, std::move(form));
    } catch (const Refused& refused) {
      const json::object error{{"type", "invalid_request_error"}, {"message", refused.why}};
      co_return answer({{"type", "error"}, {"error", error}}, refused.status);
    }
  }

  Answer openai(const http::Request& request, const std::string& call, const std::string& body,
                std::map<std::string, std::string> form) {
    want(request.headers.get("Authorization") == std::string("Bearer ") + kOpenAiKey, "whose key is this", 401);
    if (call == "POST /v1/files") {
      want(form["purpose"] == "batch", "what for");
      want(form["expires_after[anchor]"] == "created_at" && form["expires_after[seconds]"] == "604800", "how long");
      files_["file-in"] = form["file"];
      return answer({{"id", "file-in"}, {"object", "file"}, {"purpose", "batch"}, {"bytes", form["file"].size()}});
    }
    if (call == "POST /v1/batches") {
      const auto wanted = json::parse(body).as_object();
      want(text(wanted, "endpoint") == "/v1/chat/completions" && text(wanted, "completion_window") == "24h", "what");
      want(files_.contains(text(wanted, "input_file_id")), "which file");
      read_lines(files_.at(text(wanted, "input_file_id")));
      return answer(openai_batch("validating"));
    }
    if (call == "GET /v1/batches/batch_1") return answer(openai_batch("in_progress"));
    if (call == "POST /v1/batches/batch_1/cancel") {
      const auto* status = said_.if_contains("status");
      want(status == nullptr || *status != "completed", "it has ended", 409);
      return answer(openai_batch("cancelling"));
    }
    return content_of(call, "GET /v1/files/", "/content");
  }

  void read_lines(const std::string& lines) {
    asked_.clear();
    for (const auto line : text::split(lines, '\n')) {
      if (line.empty()) continue;
      const auto entry = json::parse(line).as_object();
      want(entry.size() == 4 && text(entry, "method") == "POST" && text(entry, "url") == "/v1/chat/completions",
           "line");
      ask(text(entry, "custom_id"), entry.at("body").as_object());
    }
    want(!asked_.empty(), "nothing in it");
  }
  void ask(const std::string& id, const json::object& body) {
    want(!id.empty() && id.size() <= 64, "custom_id");
    for (const auto& [other, _] : asked_) want(other != id, "custom_id is there already");
    want(text(body, "model") != "" && body.contains("messages"), "body");
    const auto* stream = body.if_contains("stream");
    want(stream == nullptr || *stream == false, "a batch has no stream");
    asked_.emplace_back(id, body);
  }
  json::object openai_batch(std::string_view status) const {
    json::object batch{{"id", "batch_1"},       {"object", "batch"},          {"endpoint", "/v1/chat/completions"},
                       {"errors", nullptr},     {"input_file_id", "file-in"}, {"completion_window", "24h"},
                       {"status", status},      {"output_file_id", nullptr},  {"error_file_id", nullptr},
                       {"created_at", 1000000}, {"expires_at", 1086400},      {"metadata", nullptr}};
    batch["request_counts"] = json::object{{"total", asked_.size()}, {"completed", 0}, {"failed", 0}};
    for (const auto& field : said_) batch[field.key()] = field.value();
    return batch;
  }

  Answer anthropic(const http::Request& request, const std::string& call, const std::string& body) {
    // Newer clients send it the second way.
    const bool known = request.headers.get("x-api-key") == kAnthropicKey ||
                       request.headers.get("Authorization") == std::string("Bearer ") + kAnthropicKey;
    want(known, "whose key is this", 401);
    const auto version = request.headers.find("anthropic-version");
    want(version.has_value(), "which version");
    if (call == "POST /v1/messages/batches") {
      asked_.clear();
      for (const auto& each : json::parse(body).as_object().at("requests").as_array()) {
        const auto& params = each.as_object().at("params").as_object();
        want(*version == "2023-06-01" || !params.contains("temperature"), "there is no such field any more");
        ask(text(each.as_object(), "custom_id"), params);
      }
      return answer(message_batch("in_progress"));
    }
    if (call == "GET /v1/messages/batches/msgbatch_1") return answer(message_batch("in_progress"));
    if (call == "POST /v1/messages/batches/msgbatch_1/cancel") return answer(message_batch("canceling"));
    return content_of(call, "GET /v1/messages/batches/", "/results");
  }
  json::object message_batch(std::string_view status) const {
    json::object batch{{"id", "msgbatch_1"},
                       {"type", "message_batch"},
                       {"processing_status", status},
                       {"created_at", "2026-11-20"},
                       {"expires_at", "2026-11-21"},
                       {"results_url", nullptr},
                       {"cancel_initiated_at", nullptr},
                       {"ended_at", nullptr},
                       {"archived_at", nullptr}};
    batch["request_counts"] =
        json::object{{"processing", asked_.size()}, {"succeeded", 0}, {"errored", 0}, {"canceled", 0}, {"expired", 0}};
    for (const auto& field : said_) batch[field.key()] = field.value();
    return batch;
  }

  Answer content_of(std::string_view call, std::string_view before, std::string_view after) const {
    want(call.starts_with(before) && call.ends_with(after), "no such path", 404);
    const auto file = files_.find(std::string(call.substr(before.size(), call.size() - before.size() - after.size())));
    want(file != files_.end(), "no such file", 404);
    Answer response{.status = 200, .body = file->second};
    response.headers.add("Content-Type", "application/octet-stream");
    return response;
  }

  mutable std::mutex mutex_;
  json::object said_;
  std::map<std::string, std::string> files_;
  std::vector<std::pair<std::string, json::object>> asked_;
  std::vector<std::string> calls_;
  std::uint16_t port_ = 0;
  Log log_{Log::Level::off};
  Metrics metrics_;
  Loops loops_{1};
  http::Server server_{{.address = "127.0.0.1", .port = 0},
                       loops_,
                       [this](http::Request& request) { return handle(request); },
                       log_,
                       metrics_};
};

}  // namespace odeon::ai
