// One declaration per endpoint.
//
//   constexpr Endpoint<CreateHero, Created<HeroReply>> create_hero{{
//       .method = Method::post, .path = "/api/heroes", .summary = "Create a hero",
//       .auth = Auth::user, .rate = {10, per_minute}}};
//
// From that value and its types come parsing and validation, authentication, the rate limit with its
// headers, the OpenAPI document, metrics by path template, the log line and the product's envelope.
// `{name}` in the path is the request's member of that name; a name without a member does not compile.
// `{name...}` takes the rest of the path. Other members come from the query for GET, HEAD and DELETE,
// else from the JSON body, or from the parts of a form when the request has an `Upload` (from either where it is
// optional); a `Streamed` one has its body to itself.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/json.hpp"
#include "engine/http/message.hpp"

namespace odeon::http {

enum class Auth {
  none,      // credentials are not looked at
  optional,  // the caller is known if credentials came; bad ones are 401
  user,      // 401 without credentials
};

inline constexpr std::chrono::seconds per_minute{60};
inline constexpr std::chrono::seconds per_hour{3600};
inline constexpr std::chrono::seconds per_day{86400};

// `limit` calls of one caller (or address, while anonymous) in any `window`; 0 is no limit.
struct Rate {
  std::int64_t limit = 0;
  std::chrono::seconds window = per_minute;
};

struct EndpointInfo {
  Method method = Method::get;
  std::string_view path;
  std::string_view summary;
  std::string_view description = "";
  Auth auth = Auth::none;
  Rate rate = {};
  std::uint64_t max_body = 1024 * 1024;  // of a form: its file; 64 KB may come beside it
  // A member that comes from the query although the method has a body: "grant_type".
  std::string_view query = "";
  // A member that comes from the cookie of its name and from nowhere else. Methods that change something want the
  // double submit (cookies.hpp) beside it.
  std::string_view cookie = "";
  // What a WithHeaders result may be answered with; any other is a fault of the handler.
  std::array<unsigned, 2> statuses = {200};
  // Of what is answered and is no JSON, where that is always the same: "application/pdf".
  std::string_view media_type = "";
};

// The request of an endpoint without any input.
struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

// The name of a header field as a template argument.
template <std::size_t N>
struct FieldName {
  consteval FieldName(const char (&text)[N]) {
    for (std::size_t i = 0; i < N; ++i) name[i] = text[i];
  }
  constexpr operator std::string_view() const { return {name, N - 1}; }
  char name[N] = {};
};

// The request of an endpoint that needs the bytes of the body exactly as they came (whatever their type), and the
// named header fields: what a signature is over.
template <FieldName... Names>
struct Raw {
  std::string body;
  Headers headers;  // those of `Names` that came
  BOOST_DESCRIBE_CLASS(Raw, (), (), (), ())
};

// The base of a request whose endpoint reads the body itself, while it comes, and may take its time. Its own members
// come from the path and the query. What is pointed to lives as long as the request is handled.
struct Streamed {
  ByteSource* body = nullptr;
  const Headers* headers = nullptr;
};

// A file that came as a part of multipart/form-data and was streamed to storage while it arrived. The
// handler owns the stored object from then on.
struct Upload {
  std::string key;           // in storage
  std::string file_name;     // as the client named it; never a path
  std::string content_type;  // as the client declared it
  std::int64_t size = 0;
};
BOOST_DESCRIBE_STRUCT(Upload, (), (key, file_name, content_type, size))

// ---- results: a described struct is 200 with JSON; the others say what they are -------------------

template <class T>
struct Created {  // 201
  T value;
};
template <class T>
struct Accepted {  // 202
  T value;
};
struct NoContent {};  // 204
// 303: what a form leads to.
struct SeeOther {
  std::string location;
  Headers headers;
};

// A JSON answer with headers of its own, or with one of several statuses: EndpointInfo::statuses.
template <class T>
struct WithHeaders {
  T value;
  Headers headers;
  unsigned status = 200;
};

// Anything that is not JSON and fits in memory: feeds, pages, captions.
struct Content {
  std::string type;
  std::string body;
  Headers headers;
};

// A stored object, with ranges, ETag and conditions (RFC 9110 §13, §14).
struct File {
  std::shared_ptr<ReadableObject> object;
  std::string cache_control = "private, max-age=0, must-revalidate";
  std::string download_name;  // makes browsers save it under that name
};

// What is made while it is sent, for one caller to save. A failure midway cuts it visibly.
struct Download {
  std::string type;
  std::string name;  // browsers save it under this
  StreamBody body;
};

// An endpoint whose result is a Response makes all of its answer itself: JSON or a stream, as the request wants it.

// Server-sent events; see events.hpp.
template <class Event>
struct Stream;

// A WebSocket conversation.
struct Socket {
  SocketBody serve;
};

// ---- compile-time checks ---------------------------------------------------------------------------

// The names in braces of a path template, in order.
constexpr std::string_view next_path_name(std::string_view& path) {
  const auto open = path.find('{');
  if (open == std::string_view::npos) return {};
  const auto close = path.find('}', open);
  std::string_view name = path.substr(open + 1, close - open - 1);
  path.remove_prefix(close + 1);
  if (name.ends_with("...")) name.remove_suffix(3);
  return name;
}

template <class Request>
consteval bool has_member(std::string_view wanted) {
  bool found = false;
  boost::mp11::mp_for_each<json::members_of<Request>>(
      [&](auto member) { found = found || json::public_name(member.name) == wanted; });
  return found;
}

template <class RequestType, class ResultType>
struct Endpoint {
  using Request = RequestType;
  using Result = ResultType;

  consteval Endpoint(EndpointInfo i) : info(i) {
    if (!i.path.starts_with('/')) throw "a path starts with a slash";
    for (std::string_view path = i.path, name; !(name = next_path_name(path)).empty();)
      if (!has_member<Request>(name)) throw "a name in the path is no member of the request type";
    if (!i.query.empty() && !has_member<Request>(i.query)) throw "the name in the query is no member";
    if (!i.cookie.empty() && !has_member<Request>(i.cookie)) throw "the name of the cookie is no member";
  }

  EndpointInfo info;
};

}  // namespace odeon::http
