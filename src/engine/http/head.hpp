// The head of a request (RFC 9112 §2-§6): request line and fields, checked as a server must check them
// so that no proxy in front reads the same bytes differently. Pure; no socket.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "engine/http/message.hpp"

namespace odeon::http {

inline constexpr std::size_t kMaxTarget = 8 * 1024;
inline constexpr std::size_t kMaxFields = 128;

// Why a message is refused on the wire; the connection closes after the answer.
struct Refusal {
  unsigned status = 400;
  std::string_view reason;  // a sentence for the client; static text
};

// What the head says about framing, beside what it puts into the request.
struct Head {
  bool keep_alive = true;
  bool old_version = false;  // HTTP/1.0: no chunks, no 100
  bool chunked = false;
  bool expects_continue = false;
  bool wants_upgrade = false;  // Connection has the option "upgrade"
  std::uint64_t length = 0;    // of the body, when not chunked
};

// Finds the end of a head that arrives in pieces, looking at every byte once. Every line must end with
// CRLF: a bare CR or LF is refused where it stands.
class HeadScanner {
 public:
  explicit HeadScanner(std::size_t max_bytes) : max_(max_bytes) {}
  // `bytes` is everything since the head's start, longer at each call. The size of the head including
  // the empty line, or nothing as long as it is incomplete.
  std::expected<std::optional<std::size_t>, Refusal> scan(std::string_view bytes);
  void restart() { line_ = 0, lines_ = 0, seen_ = 0; }

 private:
  std::size_t max_;
  std::size_t line_ = 0;   // where the current line starts
  std::size_t lines_ = 0;  // complete lines
  std::size_t seen_ = 0;   // bytes looked at
};

// Reads a complete head into method, target, path, query, headers, host and length of `request`.
std::expected<Head, Refusal> parse_head(std::string_view head, Request& request);

// RFC 9110 §5.6.2 and §5.5: a name; and what a field may hold: tab, visible characters and bytes beyond ASCII.
bool is_token(std::string_view text);
bool is_field_value(std::string_view text);

// Whether a list such as that of `Connection` has `option`, without case.
bool has_option(std::string_view list, std::string_view option);

}  // namespace odeon::http
