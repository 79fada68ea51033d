// The one closed vocabulary of failures. An Error ends a request or a job; outcomes that a caller
// branches on are values instead. http maps a Fault to a status once; anything that is not an Error
// is a 500 that shows a request id and nothing of the inside.
#pragma once

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace odeon {

enum class Fault {
  invalid,                // 400 (422 where a product says so): the request is wrong, see `fields`
  unauthenticated,        // 401
  payment_required,       // 402
  forbidden,              // 403
  not_found,              // 404
  method_not_allowed,     // 405
  not_acceptable,         // 406
  slow_request,           // 408: the client took too long to send it
  timeout,                // 504: a dependency took too long
  conflict,               // 409
  gone,                   // 410
  precondition_failed,    // 412
  too_large,              // 413
  unsupported_type,       // 415
  range_not_satisfiable,  // 416
  rate_limited,           // 429
  headers_too_large,      // 431
  internal,               // 500
  upstream,               // 502: a provider answered with nonsense or refused
  unavailable,            // 503: a dependency is away; trying again may help
};

// A fault of one field: where ("traits[2].name"), a stable code, and a sentence for people.
struct FieldFault {
  std::string path;
  std::string code;  // required, type, too_short, too_long, too_small, too_large, not_allowed, utf8, …
  std::string message;
};

// `message` is shown to clients: say what to do, show no path, no secret, no SQL. `detail` is for logs.
class Error : public std::runtime_error {
 public:
  Error(Fault fault, std::string code, std::string message)
      : std::runtime_error(message), fault(fault), code(std::move(code)), message(std::move(message)) {}

  Error& with_fields(std::vector<FieldFault> value) & { return fields = std::move(value), *this; }
  Error&& with_fields(std::vector<FieldFault> value) && { return fields = std::move(value), std::move(*this); }
  Error&& with_retry_after(std::chrono::seconds value) && { return retry_after = value, std::move(*this); }
  Error&& with_upgrade_url(std::string value) && { return upgrade_url = std::move(value), std::move(*this); }
  Error&& with_fallback_action(std::string value) && { return fallback_action = std::move(value), std::move(*this); }
  Error&& with_detail(std::string value) && { return detail = std::move(value), std::move(*this); }

  // Whether the same call may succeed later without anyone changing anything: what jobs retry.
  bool may_pass() const {
    return fault == Fault::timeout || fault == Fault::rate_limited || fault == Fault::internal ||
           fault == Fault::upstream || fault == Fault::unavailable;
  }

  Fault fault;
  std::string code;
  std::string message;
  std::vector<FieldFault> fields;
  std::optional<std::chrono::seconds> retry_after;
  std::string upgrade_url;
  std::string fallback_action;  // what the client can offer instead: "try_fewer_tickers"
  std::string detail;           // logged, never shown
};

// A sentence for logs from whatever was thrown.
std::string describe(std::exception_ptr failure);

}  // namespace odeon
