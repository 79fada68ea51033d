// Where a request goes, taken from its URL (RFC 3986, RFC 9110 §4.2).
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace odeon::http::client {

struct Target {
  bool tls = false;
  std::string host;  // lower-case; an IPv6 address without brackets
  std::uint16_t port = 0;
  std::string authority;  // for the Host field: the port only where it is not the scheme's
  std::string path;       // path and query, as sent
  std::string origin;     // "https://host:443": what connections are shared by
};

// Throws Error{invalid} unless `url` is an absolute http or https URL with a host, a usable port and no
// user name or password. A fragment is dropped.
Target parse_target(std::string_view url);

// Targets that were parsed before: the same addresses are asked again and again. Thread-safe.
class KnownTargets {
 public:
  // As parse_target.
  std::shared_ptr<const Target> of(const std::string& url);

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const Target>> known_;
};

// `reference` (of a Location field) as seen from `base`; nothing if it is no URI reference.
std::optional<std::string> resolve_reference(std::string_view base, std::string_view reference);

}  // namespace odeon::http::client
