// Expo's push service as a test scripts it: a whole HTTP server that gives tickets and receipts in its wire
// shapes, or misbehaves.
#pragma once

#include <gtest/gtest.h>
#include <zlib.h>

#include <boost/asio/use_future.hpp>
#include <deque>
#include <mutex>

#include "base/metrics.hpp"
#include "engine/http/server.hpp"
#include "engine/notify/expo.hpp"

namespace odeon::notify {

inline std::string gunzip(const std::string& bytes) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string text(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return text;
}

struct ExpoRequest {
  std::string path;
  http::Headers headers;
  json::value body;
};

class ExpoServer {
 public:
  ExpoServer() {
    port_ = server_.start();
    loops_.start();
  }
  ~ExpoServer() {
    asio::co_spawn(loops_[0], server_.stop(std::chrono::milliseconds(0)), asio::use_future).get();
    loops_.stop();
    loops_.join();
  }

  std::string url() const { return fmt::format("http://127.0.0.1:{}", port_); }
  // The next request gets this instead of a good answer.
  void misbehave(http::Response response) {
    const std::lock_guard lock(mutex_);
    faults_.push_back(std::move(response));
  }
  void misbehave(unsigned status, std::string type, std::string body, http::Headers headers = {}) {
    http::Response response{.status = status, .headers = std::move(headers), .body = std::move(body)};
    response.headers.add("Content-Type", std::move(type));
    misbehave(std::move(response));
  }
  // What a token's ticket, or an id's receipt, says.
  void say(const std::string& of, json::value ticket) {
    const std::lock_guard lock(mutex_);
    said_[of] = std::move(ticket);
  }
  void unsay(const std::string& of) {
    const std::lock_guard lock(mutex_);
    said_.erase(of);
  }
  // Takes the devices of one request only.
  void mix_projects() {
    const std::lock_guard lock(mutex_);
    mixed_projects_ = true;
  }
  std::vector<ExpoRequest> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

  static json::value error(const char* code) {
    return json::object{
        {"status", "error"}, {"message", "No, because of reasons."}, {"details", json::object{{"error", code}}}};
  }

 private:
  Task<http::Response> answer(http::Request& request) {
    std::string body = co_await read_all(*request.body, 1 << 20);
    if (request.headers.get("Content-Encoding") == "gzip") body = gunzip(body);
    co_return answer_to({request.path, request.headers, json::parse(body)});
  }
  http::Response answer_to(ExpoRequest request) {
    const std::lock_guard lock(mutex_);
    asked_.push_back(request);
    http::Response response;
    if (!faults_.empty()) {
      response = std::move(faults_.front());
      faults_.pop_front();
      return response;
    }
    response.headers.add("Content-Type", "application/json; charset=utf-8");
    const bool sends = request.path.ends_with("/send");
    const auto count = sends ? request.body.as_array().size() : request.body.at("ids").as_array().size();
    if (count > (sends ? Carrier::max_messages : Carrier::max_receipts)) {
      response.status = 400;
      response.body = fmt::format(R"({{"errors":[{{"code":"{}","message":"These are too many."}}]}})",
                                  sends ? "PUSH_TOO_MANY_NOTIFICATIONS" : "PUSH_TOO_MANY_RECEIPTS");
      return response;
    }
    if (sends && mixed_projects_ && request.body.as_array().size() > 1) {
      response.status = 400;
      response.body = std::string(
          R"({"errors":[{"code":"PUSH_TOO_MANY_EXPERIENCE_IDS","message":"All push notification messages in the same request must be for the same project.","details":{"@ann/app":["ExponentPushToken[a]"]}}]})");
      return response;
    }
    auto data = sends ? send(request.body.as_array()) : give(request.body.at("ids").as_array());
    response.body = json::write(json::object{{"data", std::move(data)}});
    return response;
  }
  json::value send(const json::array& messages) {
    json::array data;
    for (const auto& message : messages) {
      const std::string token(message.at("to").as_string());
      if (const auto known = said_.find(token); known != said_.end())
        data.push_back(known->second);
      else
        data.push_back(json::object{{"status", "ok"}, {"id", "receipt-of-" + token}});
    }
    return data;
  }
  json::value give(const json::array& ids) {
    json::object data;
    for (const auto& id : ids)
      if (const auto known = said_.find(std::string(id.as_string())); known != said_.end())
        data[known->first] = known->second;
    return data;
  }

  mutable std::mutex mutex_;
  std::map<std::string, json::value> said_;
  std::vector<ExpoRequest> asked_;
  bool mixed_projects_ = false;
  std::deque<http::Response> faults_;
  Log log_{Log::Level::off};
  Metrics metrics_;
  Loops loops_{1};
  std::uint16_t port_ = 0;
  http::Server server_{{.address = "127.0.0.1", .port = 0},
                       loops_,
                       [this](http::Request& request) { return answer(request); },
                       log_,
                       metrics_};
};

}  // namespace odeon::notify
