// Failures of providers over HTTP, as Errors. What the provider wrote is not repeated: it may hold the
// key, the prompt, or an address. Only its short codes go to the log.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/time.hpp"
#include "engine/http/message.hpp"

namespace odeon::ai {

// `retry-after-ms`, or `retry-after` in seconds or as a date; rounded up. Nothing when absent, past or
// unreadable.
std::optional<std::chrono::seconds> retry_after(const http::Headers& headers, Instant now);

// `answer` is the body, whatever it is; `provider` a name for people ("openai"). What the provider calls its failure
// counts where the status is misleading: money that is used up (PROVIDER_SPENT) comes as 400, 402 or 429, and is to
// rest for an hour.
Error error_of_status(unsigned status, const http::Headers& headers, const std::string& answer,
                      const std::string& provider, Instant now);
// An error object ({"error": …}, or the value of it) that came with a status that says all is well.
Error error_in_answer(const boost::json::value& error, const std::string& provider);
// An answer that cannot be used; `code` is stable.
Error unusable(std::string code, const std::string& provider, std::string detail);
// The model, or a filter around it, did not want to (kDeclined).
Error declined();
// An answer that began and broke off, for whatever reason.
Error cut_off(std::exception_ptr failure, const std::string& provider);

}  // namespace odeon::ai
