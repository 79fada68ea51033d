// The tokens of a sign-in as cookies, for pages. Scripts cannot read the tokens; what they can read, and send back
// with whatever changes something, is a token that follows from the session, so that nobody can plant one of their
// own beside somebody else's session.
#pragma once

#include <string>
#include <string_view>

#include "engine/http/cookies.hpp"
#include "engine/identity/sessions.hpp"

namespace odeon::identity {

// Thread-safe.
class SessionCookies {
 public:
  static constexpr std::string_view access = "session", refresh = "session_refresh";

  // `secret` (32 bytes or more) is the same at all nodes.
  explicit SessionCookies(std::string secret) : secret_(std::move(secret)) {}

  // Set-Cookie fields. `base_url` is the product's, as the page reached it: the cookies go there and nowhere else.
  void give(http::Headers& headers, const SessionTokens& tokens, std::string_view base_url, Instant now) const;
  void take_back(http::Headers& headers, std::string_view base_url) const;

  // Throws Error{forbidden, "CSRF_TOKEN_INVALID"} unless a page of this session has sent the request, if it is one
  // that changes something or opens a WebSocket.
  void check_page(const http::Request& request, std::string_view session_id) const;

 private:
  std::string csrf_token(std::string_view session_id) const;
  std::string secret_;
};

}  // namespace odeon::identity
