// The target of a request line (RFC 9112 §3.2), split and decoded.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace odeon::http {

struct Target {
  std::string authority;                                   // of an absolute target ("http://host:port/…"), else empty
  std::string path;                                        // percent-decoded; always starts with '/'
  std::vector<std::pair<std::string, std::string>> query;  // decoded, '+' is a space; in order
};

// Nothing for what is no target: broken escapes, an encoded NUL, spaces or controls, a fragment, a form
// other than "/…", "http(s)://…" and "*" (whose path is "/"). Dot segments stay as they are.
std::optional<Target> parse_target(std::string_view target);

// As in a target after '?', or a form body: "a=1&b=two+words". Nothing if an escape is broken.
std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query);

}  // namespace odeon::http
