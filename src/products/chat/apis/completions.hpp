// The public APIs: every model behind the gateway, for programs that speak OpenAI's chat completions or Anthropic's
// Messages. Part of the plans with the feature api_access.
#pragma once

#include "engine/ai/gateway.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "products/chat/apis/anthropic_api.hpp"
#include "products/chat/apis/api_access.hpp"
#include "products/chat/apis/openai_api.hpp"

namespace odeon::chat {

// One shape for the clients of both.
struct ModelShown {
  std::string id;
  std::string object = "model";
  std::string type = "model";
  std::string display_name;
  std::int64_t created = 0;  // nobody knows
  Instant created_at;        // neither
  std::string owned_by;      // who sells it
  Nullable<std::int64_t> max_input_tokens, max_tokens;
};
BOOST_DESCRIBE_STRUCT(ModelShown, (),
                      (id, object, type, display_name, created, created_at, owned_by, max_input_tokens, max_tokens))

struct ModelsShown {
  std::string object = "list";
  std::vector<ModelShown> data;
  bool has_more = false;
  Nullable<std::string> first_id, last_id;
};
BOOST_DESCRIBE_STRUCT(ModelsShown, (), (object, data, has_more, first_id, last_id))

struct ModelRequest {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(ModelRequest, (), (id))

struct TokenCount {
  std::int64_t input_tokens = 0;
};
BOOST_DESCRIBE_STRUCT(TokenCount, (), (input_tokens))

using MessageRequest = http::Raw<"anthropic-version">;

inline constexpr std::uint64_t kLongestQuestion = 32 * 1024 * 1024;  // pictures come in it

inline constexpr Endpoint<Nothing, ModelsShown> list_models{{.method = Method::get,
                                                             .path = "/v1/models",
                                                             .summary = "The models that can be asked",
                                                             .auth = Auth::user,
                                                             .rate = kCalling}};
inline constexpr Endpoint<ModelRequest, ModelShown> show_model{{.method = Method::get,
                                                                .path = "/v1/models/{id...}",
                                                                .summary = "One of the models",
                                                                .auth = Auth::user,
                                                                .rate = kCalling}};
inline constexpr Endpoint<ChatCompletionRequest, http::Response> complete_chat{
    {.method = Method::post,
     .path = "/v1/chat/completions",
     .summary = "OpenAI's chat completions",
     .description = "A `chat.completion`, or with `stream` its chunks as server-sent events that end with `[DONE]`.",
     .auth = Auth::user,
     .rate = kCalling,
     .max_body = kLongestQuestion}};
inline constexpr Endpoint<MessageRequest, http::Response> create_message{
    {.method = Method::post,
     .path = "/v1/messages",
     .summary = "Anthropic's Messages",
     .description = "A `message`, or with `stream` its events from `message_start` to `message_stop`.",
     .auth = Auth::user,
     .rate = kCalling,
     .max_body = kLongestQuestion}};
inline constexpr Endpoint<MessageRequest, TokenCount> count_tokens{{.method = Method::post,
                                                                    .path = "/v1/messages/count_tokens",
                                                                    .summary = "How long a message is, as a guess",
                                                                    .auth = Auth::user,
                                                                    .rate = kCalling,
                                                                    .max_body = kLongestQuestion}};

class Completions {
 public:
  // The gateway has all its models.
  Completions(ai::Gateway& gateway, database::Database& database, billing::Subscriptions& subscriptions,
              const Clock& clock);

  Task<ModelsShown> models(http::Caller caller);
  Task<ModelShown> model(http::Caller caller, ModelRequest request);
  Task<http::Response> complete(http::Caller caller, ChatCompletionRequest request);
  Task<http::Response> message(http::Caller caller, MessageRequest request);
  Task<TokenCount> count(http::Caller caller, MessageRequest request);

  void mount(http::Api& api);

 private:
  struct Ready {
    ai::TextRequest request;
    AnswerLabel label;
  };
  // All that does not depend on the API by which the question came. `id` is the answer's.
  Ready prepare(http::Caller&& caller, ai::Payer&& payer, Question&& question, std::string id) const;
  Task<http::Response> stream(ai::TextRequest request, std::unique_ptr<AnswerTeller> teller, std::string comment);

  ai::Gateway& gateway_;
  ApiAccess access_;
  const Clock& clock_;
  const OfferedModels models_;               // to talk to
  const std::vector<OfferedModels> others_;  // the other endpoints of /v1 ask these
};

}  // namespace odeon::chat
