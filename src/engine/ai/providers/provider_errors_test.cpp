#include "engine/ai/providers/provider_errors.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/ai/text.hpp"

namespace odeon::ai {
namespace {

using namespace std::chrono_literals;

const Instant kNow = *parse_iso8601("2026-11-20T07:30:00Z");

struct Refusal {
  unsigned status;
  std::string body;
  Fault fault;
  std::string code;
  std::optional<std::chrono::seconds> wait = std::nullopt;
  std::string type = "";  // x-amzn-ErrorType
};

std::string anthropic_error(const char* type, const char* message, const char* details = "null") {
  return fmt::format(R"({{"type":"error","error":{{"type":"{}","message":"{}","details":{}}},"request_id":"req_1"}})",
                     type, message, details);
}

TEST(ProviderErrors, AreToldByStatusAndByName) {
  const std::vector<Refusal> refusals{
      // Anthropic
      {400, anthropic_error("invalid_request_error", "messages: at least one"), Fault::invalid,
       "MODEL_REJECTED_REQUEST"},
      {401, anthropic_error("authentication_error", "x"), Fault::unauthenticated, "PROVIDER_KEY"},
      {403, anthropic_error("permission_error", "x"), Fault::unauthenticated, "PROVIDER_KEY"},
      {404, anthropic_error("not_found_error", "x"), Fault::upstream, "PROVIDER_FAILED"},
      {413, anthropic_error("request_too_large", "x"), Fault::too_large, "MODEL_REJECTED_REQUEST"},
      {429, anthropic_error("rate_limit_error", "x"), Fault::rate_limited, "PROVIDER_LIMIT"},
      {500, anthropic_error("api_error", "x"), Fault::upstream, "PROVIDER_FAILED"},
      {529, anthropic_error("overloaded_error", "x"), Fault::unavailable, "PROVIDER_BUSY"},
      // Money that is used up has many names, and rests long under each.
      {429, anthropic_error("rate_limit_error", "x", R"({"error_code":"enforced_spend_limit_reached"})"),
       Fault::unavailable, "PROVIDER_SPENT", 1h},
      {402, anthropic_error("billing_error", "x"), Fault::unavailable, "PROVIDER_SPENT", 1h},
      {400, anthropic_error("invalid_request_error", "Your credit balance is too low to access the Anthropic API."),
       Fault::unavailable, "PROVIDER_SPENT", 1h},
      {400, anthropic_error("invalid_request_error", "You have reached your specified API usage limits."),
       Fault::unavailable, "PROVIDER_SPENT", 1h},
      {429, R"({"error":{"code":"insufficient_quota","type":"insufficient_quota"}})", Fault::unavailable,
       "PROVIDER_SPENT", 1h},
      {429, R"({"error":{"code":"credit_balance_exhausted","type":"insufficient_quota"}})", Fault::unavailable,
       "PROVIDER_SPENT", 1h},
      {402, "Insufficient Balance", Fault::unavailable, "PROVIDER_SPENT", 1h},
      // OpenAI says "invalid_request_error" of keys too: its status is right.
      {401, R"({"error":{"type":"invalid_request_error","code":"invalid_api_key"}})", Fault::unauthenticated,
       "PROVIDER_KEY"},
      // Google
      {400, R"({"error":{"code":400,"status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}})",
       Fault::unauthenticated, "PROVIDER_KEY"},
      {429, R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{},{"retryDelay":"34.07s"}]}})",
       Fault::rate_limited, "PROVIDER_LIMIT", 35s},
      // Filters stand before many models: another may answer.
      {400, R"({"error":{"code":"moderation_blocked","type":"image_generation_user_error"}})", Fault::upstream,
       kDeclined},
      {400, R"({"error":{"code":"content_policy_violation"}})", Fault::upstream, kDeclined},
      {403, R"({"error":{"code":403,"metadata":{"reasons":["x"],"flagged_input":"secret"}}})", Fault::upstream,
       kDeclined},
      {422, R"({"detail":[{"loc":["body","prompt"],"type":"content_policy_violation"}]})", Fault::upstream, kDeclined},
      // fal.ai
      {422, R"({"detail":[{"loc":["body","duration"],"type":"literal_error"}]})", Fault::invalid,
       "MODEL_REJECTED_REQUEST"},
      {403, R"({"detail":"User is locked. Reason: Exhausted balance."})", Fault::unavailable, "PROVIDER_SPENT", 1h},
      // AWS
      {429, R"({"message":"Too many tokens"})", Fault::rate_limited, "PROVIDER_LIMIT", std::nullopt,
       "ThrottlingException:http://internal.amazon.com/coral/com.amazon.bedrock/"},
      {400, R"({"message":"x"})", Fault::rate_limited, "PROVIDER_LIMIT", std::nullopt, "ServiceQuotaExceededException"},
      {400, R"({"message":"x"})", Fault::invalid, "MODEL_REJECTED_REQUEST", std::nullopt, "ValidationException"},
      {403, R"({"message":"x"})", Fault::unauthenticated, "PROVIDER_KEY", std::nullopt, "ExpiredTokenException"},
      {408, R"({"message":"x"})", Fault::timeout, "PROVIDER_TIMEOUT", std::nullopt, "ModelTimeoutException"},
      {424, R"({"message":"x"})", Fault::upstream, "PROVIDER_FAILED", std::nullopt, "ModelErrorException"},
      {503, "", Fault::unavailable, "PROVIDER_BUSY", std::nullopt, "ServiceUnavailableException"}};
  for (const auto& one : refusals) {
    http::Headers headers;
    if (!one.type.empty()) headers.set("x-amzn-ErrorType", one.type);
    const Error error = error_of_status(one.status, headers, one.body, "them", kNow);
    SCOPED_TRACE(one.body + one.type + " " + error.detail);
    EXPECT_EQ(error.fault, one.fault);
    EXPECT_EQ(error.code, one.code);
    EXPECT_EQ(error.retry_after, one.wait);
  }
}

TEST(ProviderErrors, SayWhatTheClientCanDo) {
  for (const auto& [status, body] :
       {std::pair(400, anthropic_error("invalid_request_error", "prompt is too long: 205000 tokens > 200000 maximum")),
        {400, R"({"message":"Input is too long for requested model."})"},
        {400, R"({"error":{"code":"context_length_exceeded"}})"},
        {400, R"({"error":{"code":400,"type":"exceed_context_size_error"}})"},
        {400, R"({"error":{"message":"This model's maximum context length is 4096 tokens. You asked for more."}})"},
        {400, R"({"error":{"code":400,"status":"INVALID_ARGUMENT","message":
          "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."}})"}}) {
    const Error error = error_of_status(static_cast<unsigned>(status), {}, body, "them", kNow);
    EXPECT_EQ(error.message, "The text is too long for this model.") << body;
    EXPECT_EQ(error.fault, Fault::invalid);
    EXPECT_EQ(error.code, kTooLong);
  }
}

TEST(ProviderErrors, WaitAsLongAsTheHeaderSays) {
  http::Headers headers;
  headers.set("retry-after", "7");
  EXPECT_EQ(error_of_status(429, headers, anthropic_error("rate_limit_error", "x"), "them", kNow).retry_after, 7s);
  // A key that is refused may be put right at any time.
  EXPECT_EQ(error_of_status(400, headers, "", "them", kNow).retry_after, std::nullopt);
}

TEST(ProviderErrors, InAnAnswerAreToldByName) {
  const std::vector<Refusal> refusals{
      {0, R"({"type":"overloaded_error","message":"Overloaded"})", Fault::unavailable, "PROVIDER_BUSY"},
      {0, R"({"type":"rate_limit_error"})", Fault::rate_limited, "PROVIDER_LIMIT"},
      {0, R"({"type":"rate_limit_error","details":{"error_code":"enforced_spend_limit_reached"}})", Fault::unavailable,
       "PROVIDER_SPENT", 1h},
      {0, R"({"type":"timeout_error"})", Fault::timeout, "PROVIDER_TIMEOUT"},
      {0, R"({"type":"invalid_request_error","code":"invalid_api_key"})", Fault::upstream, "PROVIDER_FAILED"},
      {0, R"({"code":"rate_limit_exceeded"})", Fault::rate_limited, "PROVIDER_LIMIT"},
      {0, R"({"code":503,"message":"x"})", Fault::unavailable, "PROVIDER_BUSY"},
      {0, R"({"code":200})", Fault::upstream, "PROVIDER_FAILED"},
      {0, R"("a text")", Fault::upstream, "PROVIDER_FAILED"},
      {0, "null", Fault::upstream, "PROVIDER_FAILED"}};
  for (const auto& one : refusals) {
    const Error error = error_in_answer(boost::json::parse(one.body), "them");
    SCOPED_TRACE(one.body);
    EXPECT_EQ(error.fault, one.fault);
    EXPECT_EQ(error.code, one.code);
    EXPECT_EQ(error.retry_after, one.wait);
  }
}

RC_GTEST_PROP(ProviderErrors, RepeatNothingThatTheProviderWrote, (const std::string& secret)) {
  const std::string body = boost::json::serialize(boost::json::object{
      {"error", {{"message", "secret " + secret}, {"type", "sk-" + secret}, {"code", secret + "1"}}}});
  for (const unsigned status : {400U, 401U, 402U, 429U, 500U}) {
    const Error error = error_of_status(status, {}, body, "them", kNow);
    RC_ASSERT(!error.message.contains("sk-") && !error.message.contains("secret"));
    RC_ASSERT(!error.detail.contains("sk-") && !error.detail.contains("secret"));
  }
}

}  // namespace
}  // namespace odeon::ai
