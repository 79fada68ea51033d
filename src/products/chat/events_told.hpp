// Server-sent events as this product tells them.
#pragma once

#include "base/json.hpp"
#include "engine/http/events.hpp"
#include "engine/http/format.hpp"

namespace odeon::chat {

template <class T>
std::string event_of(std::string_view name, const T& data) {
  return http::encode_event(name, json::write(data), "");
}

// The failure, in the words of every product; of one of several models, if `model` is not empty.
inline std::string failure_event(const Error& error, std::string_view model) {
  std::string data = "{";
  http::append_failure_members(data, error, "");
  if (!model.empty()) {
    data += ",\"model\":";
    json::append_quoted(data, model);
  }
  return http::encode_event("error", data + "}", "");
}

// All that has gathered in `out` by one write, which leaves it empty; none if it is empty.
inline Task<void> write_all(http::BodyWriter& body, std::string& out) {
  if (out.empty()) co_return;
  const std::string bytes = std::exchange(out, {});
  co_await body.write(bytes);
}

}  // namespace odeon::chat
