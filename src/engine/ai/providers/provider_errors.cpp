#include "engine/ai/providers/provider_errors.hpp"

#include <charconv>
#include <cmath>

#include "base/json.hpp"
#include "base/text.hpp"

namespace odeon::ai {
namespace {

std::optional<double> number_in(std::string_view text) {
  text = text::trim(text);
  double number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::optional<std::chrono::seconds> whole_seconds(double seconds) {
  if (!(seconds > 0)) return std::nullopt;
  return std::chrono::seconds(static_cast<std::int64_t>(std::ceil(std::min(seconds, 1e9))));
}

// A code as providers give them ("invalid_api_key"); anything that looks like more than that is dropped.
std::string short_code(const boost::json::value* value) {
  if (value == nullptr) return "";
  if (value->is_int64()) return std::to_string(value->get_int64());
  if (!value->is_string()) return "";
  const std::string_view code = value->get_string();
  const bool plain = code.size() <= 48 && std::ranges::all_of(code, [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
                     });
  return plain ? std::string(code) : "";
}

struct Codes {
  std::string code, type;
  std::string text() const { return code + (code.empty() || type.empty() ? "" : "/") + type; }
};

Codes codes_of(const boost::json::value& error) {
  const auto* object = error.if_object();
  if (object == nullptr) return {};
  return {short_code(object->if_contains("code")), short_code(object->if_contains("type"))};
}

Codes codes_in(const std::string& answer) {
  boost::system::error_code fault;
  const auto parsed = boost::json::parse(answer, fault);
  if (fault || !parsed.is_object()) return {};
  const auto* error = parsed.get_object().if_contains("error");
  return error != nullptr ? codes_of(*error) : Codes{};
}

Error make(unsigned status, std::string code, const std::string& provider) {
  switch (status) {
    case 400:
    case 422:
      return Error(Fault::invalid, "MODEL_REJECTED_REQUEST",
                   code == "context_length_exceeded" ? "The text is too long for this model."
                                                     : "The AI model does not accept this request.");
    case 413:
      return Error(Fault::too_large, "MODEL_REJECTED_REQUEST", "The request is too large for this model.");
    case 401:
    case 403:
      return Error(Fault::unauthenticated, "PROVIDER_KEY", "The AI provider " + provider + " does not accept our key.");
    case 408:
    case 504:
      return Error(Fault::timeout, "PROVIDER_TIMEOUT", "The AI provider " + provider + " took too long.");
    case 429:
      return Error(Fault::rate_limited, "PROVIDER_LIMIT", "The AI provider " + provider + " is limiting our calls.");
    case 503:
    case 529:
      return Error(Fault::unavailable, "PROVIDER_BUSY", "The AI provider " + provider + " is overloaded.");
    default:
      return Error(Fault::upstream, "PROVIDER_FAILED", "The AI provider " + provider + " failed.");
  }
}

}  // namespace

std::optional<std::chrono::seconds> retry_after(const http::Headers& headers, Instant now) {
  if (const auto value = headers.find("retry-after-ms"))
    if (const auto milliseconds = number_in(*value)) return whole_seconds(*milliseconds / 1000);
  const auto value = headers.find("retry-after");
  if (!value) return std::nullopt;
  if (const auto seconds = number_in(*value)) return whole_seconds(*seconds);
  if (const auto when = parse_rfc822(text::trim(*value)))
    return whole_seconds(std::chrono::duration<double>(*when - now).count());
  return std::nullopt;
}

Error error_of_status(unsigned status, const http::Headers& headers, const std::string& answer,
                      const std::string& provider, Instant now) {
  const Codes codes = codes_in(answer);
  Error error = make(status, codes.code, provider);
  error.detail = "status " + std::to_string(status) + (codes.text().empty() ? "" : " " + codes.text());
  if (!error.retry_after && error.fault != Fault::invalid) error.retry_after = retry_after(headers, now);
  return error;
}

Error error_in_answer(const boost::json::value& error, const std::string& provider) {
  const Codes codes = codes_of(error);
  unsigned status = 500;
  if (const auto code = number_in(codes.code); code && *code >= 400 && *code < 600)
    status = static_cast<unsigned>(*code);
  else if (codes.code == "rate_limit_exceeded" || codes.type == "rate_limit_exceeded" ||
           codes.code == "insufficient_quota")
    status = 429;
  else if (codes.code == "context_length_exceeded")
    status = 400;
  Error made = make(status, codes.code, provider);
  made.detail = "error in an answer" + (codes.text().empty() ? "" : ": " + codes.text());
  return made;
}

Error unusable(std::string code, const std::string& provider, std::string detail) {
  return Error(Fault::upstream, std::move(code), "The AI provider " + provider + " sent an unusable answer.")
      .with_detail(std::move(detail));
}

Error cut_off(std::exception_ptr failure, const std::string& provider) {
  Error error = unusable("CUT_OFF", provider, describe(failure));
  try {
    std::rethrow_exception(failure);
  } catch (const Error& known) {
    error.fault = known.fault;
  } catch (const std::exception&) {
    // Cancelled: whoever cancelled knows.
  }
  return error;
}

}  // namespace odeon::ai
