#include "engine/http/cookies.hpp"

#include <fmt/format.h>

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace odeon::http {

std::optional<std::string> cookie(const Headers& headers, std::string_view name) {
  std::optional<std::string> found;
  for (const auto& [field, value] : headers) {
    if (!text::equals_ignoring_case(field, "Cookie")) continue;
    for (std::string_view rest = value; !rest.empty();) {
      const auto end = std::min(rest.find(';'), rest.size());
      const std::string_view pair = text::trim(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const auto equals = pair.find('=');
      if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
      const std::string_view content = pair.substr(equals + 1);
      if (found && *found != content) return std::nullopt;
      found = std::string(content);
    }
  }
  return found;
}

std::string set_cookie(std::string_view name, std::string_view value, const CookieOptions& options) {
  return fmt::format("{}={}; Path={}; Max-Age={}{}{}; SameSite={}", name, value, options.path, options.max_age.count(),
                     options.for_scripts ? "" : "; HttpOnly", options.secure ? "; Secure" : "",
                     options.cross_site && options.secure ? "None" : "Lax");
}

Error csrf_fault() {
  return Error(Fault::forbidden, "CSRF_TOKEN_INVALID",
               fmt::format("Send the value of the cookie {} in the field {}.", kCsrfCookie, kCsrfField));
}

void require_double_submit(const Headers& headers) {
  const auto kept = cookie(headers, kCsrfCookie);
  const auto sent = headers.find(kCsrfField);
  if (!kept || !sent || kept->empty() || !crypto::equal(*kept, *sent)) throw csrf_fault();
}

}  // namespace odeon::http
