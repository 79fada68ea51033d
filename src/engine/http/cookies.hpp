// Cookies (RFC 6265), and the double submit that tells a page of ours from a page of somebody else's.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "engine/http/message.hpp"

namespace odeon::http {

// The value of the cookie of that name; nothing if there is none, or if two of the name disagree: then somebody else
// has set one of them.
std::optional<std::string> cookie(const Headers& headers, std::string_view name);

struct CookieOptions {
  std::string path = "/";
  std::chrono::seconds max_age{0};  // 0: removes the cookie
  bool for_scripts = false;         // pages' scripts may read it
  bool secure = true;               // sent over https only
  bool cross_site = false;          // sent with forms that other sites post; needs `secure`
};
// The value of a Set-Cookie field. Name and value are tokens (letters, digits and "-_.~" here).
std::string set_cookie(std::string_view name, std::string_view value, const CookieOptions& options);

// What the cookie of a page's scripts holds, and the field in which they send it back.
inline constexpr std::string_view kCsrfCookie = "csrf_token";
inline constexpr std::string_view kCsrfField = "X-CSRF-Token";

// Another site can make a browser send its cookies, but can neither read them nor set this field. Throws
// Error{forbidden, "CSRF_TOKEN_INVALID"} unless both are there and equal.
void require_double_submit(const Headers& headers);
Error csrf_fault();

}  // namespace odeon::http
