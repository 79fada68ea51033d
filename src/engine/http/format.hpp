// How a product writes success and failure. Every answer of a product goes through its format, so an
// envelope or an error shape stands in one place.
#pragma once

#include <string>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/time.hpp"

namespace odeon::http {

class Headers;
struct RateVerdict;

// The one place where failures become statuses.
unsigned status_of(Fault fault);

struct FormatContext {
  Instant now;
  std::string_view request_id;
};

class Format {
 public:
  virtual ~Format() = default;

  // Write what stands before and after the JSON of a result.
  virtual void open(std::string& out, const FormatContext& context) const = 0;
  virtual void close(std::string& out, const FormatContext& context) const = 0;
  virtual std::string failure(const Error& error, const FormatContext& context) const = 0;
  // 422 for products that answer validation faults so.
  virtual unsigned status(Fault fault) const { return status_of(fault); }
  // Header fields that its clients look for on every answer, beside the usual ones. `rate` has a limit of 0 where none
  // applied.
  virtual void add_headers(Headers&, const FormatContext&, const RateVerdict& /*rate*/) const {}

  // The same for the OpenAPI document.
  virtual json::object success_schema(json::object data) const = 0;
  virtual json::object failure_schema() const = 0;
};

// {"error": {"code", "message", "details", …}} and results as they are.
class BareFormat final : public Format {
 public:
  void open(std::string&, const FormatContext&) const override {}
  void close(std::string&, const FormatContext&) const override {}
  std::string failure(const Error& error, const FormatContext& context) const override;
  json::object success_schema(json::object data) const override { return data; }
  json::object failure_schema() const override;
};

// {"error": message, "code": …, "details": {field: message, …}} and results as they are. What else a failure says
// (retry_after, upgrade_url, fallback_action, request_id) stands beside them.
class FlatFormat : public Format {
 public:
  void open(std::string&, const FormatContext&) const override {}
  void close(std::string&, const FormatContext&) const override {}
  std::string failure(const Error& error, const FormatContext& context) const override;
  json::object success_schema(json::object data) const override { return data; }
  json::object failure_schema() const override;
};

// The members that products show of a failure, in this order, empty ones left out: code, message,
// details, retry_after (seconds), upgrade_url, fallback_action, request_id (of internal failures only).
void append_failure_members(std::string& out, const Error& error, std::string_view request_id);
json::object failure_members_schema();

}  // namespace odeon::http
