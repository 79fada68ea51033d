#include "engine/ai/providers/provider_errors.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "base/text.hpp"
#include "engine/ai/providers/wire_json.hpp"
#include "engine/ai/text.hpp"

namespace odeon::ai {
namespace {

constexpr std::chrono::hours kUnpaidRest{1};

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

// A code as providers give them ("invalid_api_key", "ThrottlingException"); anything that looks like more than that is
// dropped.
std::string short_code(std::string_view code) {
  const bool plain = code.size() <= 48 && std::ranges::all_of(code, [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
                     });
  return plain ? std::string(code) : "";
}

std::string short_code(const boost::json::value* value) {
  if (value != nullptr && value->is_int64()) return std::to_string(value->get_int64());
  return short_code(wire::text_of(value));
}

// What a provider said was wrong.
struct Said {
  std::vector<std::string> codes;
  std::string_view message;  // looked at, never passed on
  std::optional<std::chrono::seconds> wait;

  void add(std::string code) {
    if (!code.empty() && std::ranges::find(codes, code) == codes.end()) codes.push_back(std::move(code));
  }
  bool has(std::string_view code) const { return std::ranges::find(codes, code) != codes.end(); }
  std::string text() const { return text::join(codes, "/"); }
};

// `error` is the value of "error", or the whole answer where that has no such member (AWS).
Said said_in(const boost::json::value& error) {
  using wire::member;
  Said said;
  for (const auto* name : {"code", "type", "__type", "error_type"}) said.add(short_code(member(&error, name)));
  said.add(short_code(member(&error, "details", "error_code")));
  for (const auto& detail : wire::list_of(member(&error, "details"))) {
    said.add(short_code(member(&detail, "reason")));
    auto delay = wire::text_of(member(&detail, "retryDelay"));  // "34.07s"
    if (!delay.ends_with('s')) continue;
    delay.remove_suffix(1);
    if (const auto seconds = number_in(delay)) said.wait = whole_seconds(*seconds);
  }
  // OpenRouter's filter, whose status is that of a wrong key.
  if (member(&error, "metadata", "flagged_input") != nullptr) said.add("content_filter");
  // fal.ai: a list, or a sentence.
  for (const auto& fault : wire::list_of(member(&error, "detail"))) said.add(short_code(member(&fault, "type")));
  said.message = wire::text_of(member(&error, "message"));
  if (said.message.empty()) said.message = wire::text_of(member(&error, "detail"));
  return said;
}

// Names of what is wrong, of all providers, as the status that they stand for. 402: the money is used up; 451: a filter
// stands before the model.
// "invalid_request_error" is not among them: it also stands for keys, and for models that there are not.
struct Known {
  std::string_view code;
  unsigned status;
};
constexpr std::array kKnown{
    // What says more than what may stand beside it
    Known{"insufficient_quota", 402},
    Known{"credit_balance_exhausted", 402},
    Known{"organization_usage_limit_exceeded", 402},
    Known{"organization_spend_limit_exceeded", 402},
    Known{"project_spend_limit_exceeded", 402},
    Known{"enforced_spend_limit_reached", 402},
    Known{"contract_spend_limit_reached", 402},
    Known{"linked_organization_spend_limit_reached", 402},
    Known{"billing_error", 402},
    // OpenAI, and those that imitate it
    Known{"content_policy_violation", 451},
    Known{"moderation_blocked", 451},
    Known{"content_filter", 451},
    Known{"rate_limit_exceeded", 429},
    Known{"context_length_exceeded", 400},
    // Anthropic
    Known{"overloaded_error", 529},
    Known{"rate_limit_error", 429},
    Known{"timeout_error", 504},
    Known{"authentication_error", 401},
    Known{"permission_error", 403},
    Known{"not_found_error", 404},
    Known{"request_too_large", 413},
    // Google
    Known{"API_KEY_INVALID", 401},
    // AWS; in a stream with a small letter first
    Known{"ServiceQuotaExceededException", 429},
    Known{"ThrottlingException", 429},
    Known{"throttlingException", 429},
    Known{"serviceUnavailableException", 503},
    Known{"modelTimeoutException", 504},
    Known{"validationException", 400},
};
// Those that are right where the status is not.
constexpr std::array kStronger{"ServiceQuotaExceededException", "API_KEY_INVALID", "content_policy_violation",
                               "moderation_blocked", "content_filter"};

const Known* known(const Said& said) {
  for (const auto& one : kKnown)
    if (said.has(one.code)) return &one;
  return nullptr;
}

bool says_more(const Said& said) {
  return std::ranges::any_of(kStronger, [&](const char* code) { return said.has(code); });
}

bool is_about_money(const Said& said) {
  const auto* one = known(said);
  return (one != nullptr && one->status == 402) || said.message.starts_with("Your credit balance is too low") ||
         said.message.starts_with("You have reached your specified") ||
         said.message.contains("Reason: Exhausted balance");
}

bool is_about_length(const Said& said) {
  const auto says = [&](std::string_view words) { return said.message.contains(words); };
  return said.has("context_length_exceeded") || said.has("exceed_context_size_error") ||  // OpenAI, llama.cpp
         says("prompt is too long") || says("exceed context limit") ||                    // Anthropic
         says("nput is too long") ||                                                      // AWS
         says("exceeds the maximum number of tokens") ||                                  // Google
         says("maximum context length") || says("maximum prompt length");  // vLLM, Mistral, DeepSeek; xAI
}

Error make(unsigned status, const Said& said, const std::string& provider) {
  if (is_about_money(said)) status = 402;
  switch (status) {
    case 400:
    case 422:
      if (is_about_length(said)) return Error(Fault::invalid, kTooLong, "The text is too long for this model.");
      return Error(Fault::invalid, "MODEL_REJECTED_REQUEST", "The AI model does not accept this request.");
    case 402:
      // Asking again helps no one before somebody pays, or the month is over.
      return Error(Fault::unavailable, "PROVIDER_SPENT", "The AI provider " + provider + " wants to be paid first.")
          .with_retry_after(kUnpaidRest);
    case 451:
      return declined();
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
  const boost::json::value body = wire::object_or_empty(answer);
  const auto* inner = wire::member(&body, "error");
  Said said = said_in(inner != nullptr ? *inner : body);
  // "ValidationException:http://…"
  const auto type = headers.get("x-amzn-errortype");
  said.add(short_code(type.substr(0, type.find(':'))));
  if (says_more(said)) status = known(said)->status;
  Error error = make(status, said, provider);
  error.detail = "status " + std::to_string(status) + (said.codes.empty() ? "" : " " + said.text());
  if (!error.retry_after && error.fault != Fault::invalid) error.retry_after = retry_after(headers, now);
  if (!error.retry_after && error.fault != Fault::invalid) error.retry_after = said.wait;
  return error;
}

Error error_in_answer(const boost::json::value& error, const std::string& provider) {
  const Said said = said_in(error);
  unsigned status = 500;
  const auto number = said.codes.empty() ? std::nullopt : number_in(said.codes.front());
  const auto* one = known(said);
  if (number && *number >= 400 && *number < 600 && !says_more(said))
    status = static_cast<unsigned>(*number);
  else if (one != nullptr)
    status = one->status;
  Error made = make(status, said, provider);
  made.detail = "error in an answer" + (said.codes.empty() ? "" : ": " + said.text());
  if (!made.retry_after && made.fault != Fault::invalid) made.retry_after = said.wait;
  return made;
}

Error unusable(std::string code, const std::string& provider, std::string detail) {
  return Error(Fault::upstream, std::move(code), "The AI provider " + provider + " sent an unusable answer.")
      .with_detail(std::move(detail));
}

Error declined() {
  return Error(Fault::upstream, kDeclined, "The AI model declined to answer this.");
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
