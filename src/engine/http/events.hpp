// Server-sent events (WHATWG HTML §9.2) with back-pressure: `send` ends when the event is in the
// socket's buffer. While a producer is quiet, a comment every 15 s keeps proxies and detects the dead.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "base/json.hpp"
#include "engine/http/message.hpp"

namespace odeon::http {

// What an event stream is written through.
class EventWriter {
 public:
  virtual ~EventWriter() = default;
  // `data` may have several lines; empty `event` and `id` are left out.
  virtual Task<void> send(std::string event, std::string data, std::string id) = 0;
};

template <class Event>
class Events {
 public:
  explicit Events(EventWriter& writer) : writer_(writer) {}
  Task<void> send(Event data, std::string event = "", std::string id = "") {
    return writer_.send(std::move(event), json::write(data), std::move(id));
  }

 private:
  EventWriter& writer_;
};

// The result of an endpoint that streams events: `produce` runs until it returns, throws or the client
// goes away, which cancels it. An Error becomes a last event named "error".
template <class Event>
struct Stream {
  std::function<Task<void>(Events<Event>)> produce;
};

// A comment is written whenever nothing was for the time of `heartbeat`. Writes take turns: none begins before the one
// ahead is in the socket's buffer.
StreamBody event_body(std::function<Task<void>(EventWriter&)> produce,
                      std::chrono::milliseconds heartbeat = std::chrono::seconds(15));
// The same for a producer that encodes its events itself, several to a write. `comment` is what the heartbeat says.
StreamBody event_bytes(std::function<Task<void>(BodyWriter&)> produce, std::string comment = ": \n\n",
                       std::chrono::milliseconds heartbeat = std::chrono::seconds(15));
// An answer of server-sent events.
Response event_response(StreamBody body);
std::string encode_event(std::string_view event, std::string_view data, std::string_view id);

}  // namespace odeon::http
