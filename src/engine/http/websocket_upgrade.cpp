#include "base/crypto.hpp"
#include "base/text.hpp"
#include "engine/http/respond.hpp"
#include "engine/http/websocket.hpp"

namespace odeon::http {

std::optional<Refusal> check_upgrade(const Request& request, const Head& head) {
  if (!head.wants_upgrade || !has_option(request.headers.get("upgrade"), "websocket"))
    return Refusal{426, "This address speaks WebSocket."};
  if (request.headers.get("sec-websocket-version") != "13") return Refusal{426, "Only WebSocket version 13 is spoken."};
  if (request.method != Method::get || head.old_version)
    return Refusal{400, "A WebSocket starts with GET and HTTP/1.1."};
  const auto key = crypto::from_base64(request.headers.get("sec-websocket-key"));
  if (!key || key->size() != 16) return Refusal{400, "The Sec-WebSocket-Key is broken."};
  if (head.chunked || head.length > 0) return Refusal{400, "A WebSocket request has no body."};
  return std::nullopt;
}

Response upgrade_refused(const Refusal& refusal) {
  Response response = refusal_response(refusal);
  if (refusal.status == 426) {
    response.headers.add("Upgrade", "websocket");
    response.headers.add("Sec-WebSocket-Version", "13");
  }
  return response;
}

}  // namespace odeon::http
