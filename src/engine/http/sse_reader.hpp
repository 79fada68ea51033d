// Reads a text/event-stream (WHATWG HTML, "Server-sent events"). Lines end with CR, LF or CRLF; an
// event that the stream's end cuts off is dropped, as the standard says.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace odeon::http {

struct ServerSentEvent {
  std::string event;  // "message" where the stream names none
  std::string data;   // valid UTF-8
  std::string id;     // the last one the stream gave
};

// The parser alone, for whoever gets the bytes pushed.
class EventStreamParser {
 public:
  // Bytes of one event, field names and unfinished lines included, beyond which `next` throws
  // Error{upstream}.
  explicit EventStreamParser(std::size_t max_event_bytes) : max_event_bytes_(max_event_bytes) {}
  // Takes bytes off the front of `bytes` until an event is complete or none are left.
  std::optional<ServerSentEvent> next(std::string_view& bytes);
  // What the stream last asked for as pause before reconnecting.
  std::optional<std::chrono::milliseconds> retry() const { return retry_; }

 private:
  bool skip_byte_order_mark(std::string_view& bytes);
  void take_line(std::string_view line);
  void take_field(std::string_view name, std::string_view value);
  std::optional<ServerSentEvent> dispatch();

  std::size_t max_event_bytes_;
  std::size_t event_bytes_ = 0;  // of the lines of the event so far
  std::size_t mark_bytes_ = 0;   // of the byte order mark seen so far; 3 when that is settled
  bool after_cr_ = false;
  bool has_data_ = false;
  std::string line_;  // the part of a line that came with earlier bytes
  std::string event_, data_, id_;
  std::optional<std::chrono::milliseconds> retry_;
};

// Not thread-safe. `source` outlives the reader.
class SseReader {
 public:
  explicit SseReader(ByteSource& source, std::size_t max_event_bytes = 1024 * 1024)
      : source_(source), parser_(max_event_bytes) {}
  // The next event; nothing at the end. Throws what the source throws, and Error{upstream} for an event
  // beyond the limit.
  Task<std::optional<ServerSentEvent>> next();
  std::optional<std::chrono::milliseconds> retry() const { return parser_.retry(); }

 private:
  ByteSource& source_;
  EventStreamParser parser_;
  std::string_view unread_;  // in buffer_
  std::array<char, 4096> buffer_;
};

}  // namespace odeon::http
