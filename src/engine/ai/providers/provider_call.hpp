// One exchange with a provider: JSON or a form there, or a question alone; bytes back, and failures in our words.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "engine/ai/providers/credentials.hpp"
#include "engine/ai/providers/provider_errors.hpp"
#include "engine/ai/text.hpp"
#include "engine/http/client.hpp"

namespace odeon::ai {

struct ProviderCall {
  std::string provider;
  http::Method method = http::Method::post;
  std::string url;
  http::Headers headers;                     // of the provider's own
  std::shared_ptr<Credentials> credentials;  // null: none beside the headers
  std::string body;
  std::string content_type = "application/json";
  std::chrono::milliseconds limit{120'000};  // for the call as a whole
  std::size_t max_answer = 8 << 20;          // bytes
  // Charged once the provider has said that it will answer, or where it had the question and was not waited for.
  Usage at_risk;
  std::int64_t may_write = 0;      // tokens, for as long as it was waited for: at risk too
  TraceContext trace;              // sent on as a traceparent
  std::vector<unsigned> accepted;  // statuses that are an answer too, beside success
};

struct ProviderAnswer {
  std::string body;
  std::string content_type;
  unsigned status = 200;
};

// `path` below a base address, from its first slash.
std::string provider_address(std::string_view base, std::string_view path);

// An answer whose body is yet to be read. Throws Error as error_of_status has it for a status that is no success, and
// FailedAfterUse where it had the question and was not waited for.
Task<http::ClientResponse> open_provider(http::Client& client, const Clock& clock, ProviderCall call);

// The same for an answer as a whole; FailedAfterUse also where it began and was cut off.
Task<ProviderAnswer> call_provider(http::Client& client, const Clock& clock, ProviderCall call);

}  // namespace odeon::ai
