// Requests and responses as everything above the wire sees them (RFC 9110). No socket, no Beast.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/task.hpp"
#include "base/trace.hpp"

namespace odeon::http {

enum class Method { get, head, post, put, patch, delete_, options, other };
std::string_view name_of(Method method);  // "GET"
bool takes_query(Method method);          // fields come from the query, not from a body

// In order of arrival; names compare without case. They lie in one text as they are sent, since a message has a dozen
// of them: what is found holds until the next change, and is not itself what is added.
class Headers {
 public:
  class Iterator;

  void add(std::string_view name, std::string_view value);
  // Replaces every field of that name.
  void set(std::string_view name, std::string_view value);
  void remove(std::string_view name);
  // The first value, or nothing.
  std::optional<std::string_view> find(std::string_view name) const;
  std::string_view get(std::string_view name) const { return find(name).value_or(std::string_view()); }
  // Pairs of name and value.
  Iterator begin() const;
  Iterator end() const;
  std::size_t size() const { return fields_.size(); }

 private:
  struct Field {
    std::uint32_t at, name, value;  // where it begins, and two lengths
  };
  std::string_view name_of(const Field& field) const { return {text_.data() + field.at, field.name}; }
  std::string_view value_of(const Field& field) const;
  bool is_named(const Field& field, std::string_view name) const;
  Field append(std::string_view name, std::string_view value);

  std::string text_;  // "Name: value" of each
  std::vector<Field> fields_;
};

class Headers::Iterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = std::pair<std::string_view, std::string_view>;
  using difference_type = std::ptrdiff_t;
  using pointer = const value_type*;
  using reference = value_type;

  Iterator(const Headers& headers, const Field* field) : headers_(&headers), field_(field) {}
  value_type operator*() const { return {headers_->name_of(*field_), headers_->value_of(*field_)}; }
  // "Name: value"
  std::string_view line() const;
  Iterator& operator++() { return ++field_, *this; }
  bool operator==(const Iterator& other) const { return field_ == other.field_; }

 private:
  const Headers* headers_;
  const Field* field_;
};

inline Headers::Iterator Headers::begin() const {
  return {*this, fields_.data()};
}
inline Headers::Iterator Headers::end() const {
  return {*this, fields_.data() + fields_.size()};
}

// Lives as long as its handling. The body is read at most once, by whoever handles the request; what
// is left unread is drained or the connection closes. `Expect: 100-continue` is answered at the first
// read of the body.
struct Request {
  Method method = Method::get;
  std::string target;                                      // as sent
  std::string path;                                        // percent-decoded, without the query; always starts with '/'
  std::vector<std::pair<std::string, std::string>> query;  // decoded, in order
  Headers headers;
  std::string host;                     // lower-case, without port
  std::string scheme;                   // http or https, as the client saw it
  std::string remote;                   // the client's address; X-Forwarded-For only from trusted proxies
  std::string id;                       // request id, for logs and for errors
  TraceContext trace;                   // to send on; not valid unless the request came over the wire
  std::uint64_t trace_parent = 0;       // the client's span, if the trace is its
  ByteSource* body = nullptr;           // never null while handled
  std::optional<std::uint64_t> length;  // declared body length; nothing when chunked
  // Ends the limit on body time for bodies that are meant to take long (uploads, live audio).
  std::function<void()> allow_slow_body;
  // Replaces the server's limit on the body's size for this request; call it before the first read. A
  // body over the limit throws Error{too_large} from its read.
  std::function<void(std::uint64_t bytes)> allow_large_body;
  // Set by the router for metrics and logs: "/api/briefings/{id}".
  std::string route;
  std::string user;  // id of the caller once known

  std::optional<std::string_view> query_value(std::string_view name) const;
};

// What a streamed answer writes to. `write` ends when the bytes are in the socket's buffer, so a slow
// client slows its producer; it throws once the client is gone. A streamed answer is cancelled as soon
// as its client disconnects.
class BodyWriter {
 public:
  virtual ~BodyWriter() = default;
  virtual Task<void> write(std::string_view bytes) = 0;
  // As if the client had left: for who finds that nothing can be written any more.
  virtual void abandon() {}
};
using StreamBody = std::function<Task<void>(BodyWriter&)>;

// A part of a stored object, sent by sendfile where it has a descriptor.
struct ObjectBody {
  std::shared_ptr<ReadableObject> object;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

// Several ranges of one object, with the boundaries between them (multipart/byteranges).
struct PartsBody {
  std::vector<std::pair<std::string, ObjectBody>> parts;  // text before each
  std::string end;
};

struct SocketMessage {
  bool binary = false;
  std::string data;
};

// An open WebSocket (RFC 6455). One coroutine reads, any number of writes is queued; all on one loop.
// Pings are sent and answered below this interface; a peer that stays silent is closed.
class WebSocket {
 public:
  virtual ~WebSocket() = default;
  // The next message; nothing once the peer closed. Throws Error{too_large} after closing with 1009.
  virtual Task<std::optional<SocketMessage>> receive() = 0;
  // Ends when the message is in the socket's buffer. Throws once the peer is gone.
  virtual Task<void> send(SocketMessage message) = 0;
  // Sends a close frame (RFC 6455 §7.4 codes) and awaits the peer's, for a bounded time.
  virtual Task<void> close(std::uint16_t code, std::string reason) = 0;
};
// Takes over the connection after the upgrade; returning closes it with 1000, an Error with 1011.
using SocketBody = std::function<Task<void>(WebSocket&)>;

struct Response {
  unsigned status = 200;
  Headers headers;
  // A SocketBody answers an upgrade request (status 101); to another request it becomes 426.
  std::variant<std::string, ObjectBody, PartsBody, StreamBody, SocketBody> body;
};

// What a server calls for every request: the outermost of the middlewares.
using Handler = std::function<Task<Response>(Request&)>;

}  // namespace odeon::http
