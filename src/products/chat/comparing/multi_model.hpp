// One question to several models side by side: each answer is passed on as it comes, whatever becomes of the others,
// and at the end stands what they have in common and in what they differ.
#pragma once

#include "products/chat/answers.hpp"
#include "products/chat/comparing/comparing.hpp"

namespace odeon::chat {

using ModelNames = List<Text<1, 100>, 2, 4>;

struct MultiModelRequest {
  Text<1, 100'000> text;
  std::optional<Text<1, 64>> conversation_id;
  std::optional<ModelNames> models;
  std::optional<ModelNames> compare_models;  // the same by another name
  std::optional<AttachmentIds> attachments;
  std::optional<bool> memory;
  std::optional<double> temperature;
};
BOOST_DESCRIBE_STRUCT(MultiModelRequest, (),
                      (text, conversation_id, models, compare_models, attachments, memory, temperature))

// The events: those of /api/chat, each with the model whose answer it is about, by its name in the catalogue.
struct LegMeta {
  std::string model;
  std::string conversation_id;
  std::string message_id;
  std::string user_message_id;
  std::string answered_by;  // the model, or odeon-offline where it is not set up
  std::string route_reason;
  std::vector<std::string> memories;
  bool cached = false;
};
BOOST_DESCRIBE_STRUCT(LegMeta, (),
                      (model, conversation_id, message_id, user_message_id, answered_by, route_reason, memories,
                       cached))
struct LegDelta {
  std::string model;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(LegDelta, (), (model, text))
struct LegUsage : UsageTold {
  std::string model;
};
BOOST_DESCRIBE_STRUCT(LegUsage, (UsageTold), (model))
struct LegDone : Done {
  std::string model;
};
BOOST_DESCRIBE_STRUCT(LegDone, (Done), (model))

// All of it as one object.
struct LegFault {
  std::string code;
  std::string message;
  std::optional<std::int64_t> retry_after;  // seconds
};
BOOST_DESCRIBE_STRUCT(LegFault, (), (code, message, retry_after))
struct LegReply {
  std::string model;
  std::optional<std::string> message_id;  // as the rest, unless there is an error
  std::optional<std::string> answered_by, route_reason;
  std::optional<bool> cached;
  std::optional<std::string> text;
  std::optional<UsageTold> usage;
  std::optional<std::string> finish;
  std::optional<LegFault> error;
};
BOOST_DESCRIBE_STRUCT(LegReply, (), (model, message_id, answered_by, route_reason, cached, text, usage, finish, error))
struct MultiModelReply {
  std::string conversation_id;
  std::string user_message_id;
  std::vector<std::string> memories;  // what all of them were given
  std::vector<LegReply> replies;      // in the order of the models
  std::optional<Comparison> comparison;
};
BOOST_DESCRIBE_STRUCT(MultiModelReply, (), (conversation_id, user_message_id, memories, replies, comparison))

inline constexpr Endpoint<MultiModelRequest, http::Response> multi_model{
    {.method = Method::post,
     .path = "/api/chat/multi-model",
     .summary = "One question to two to four models at once",
     .description =
         "Server-sent events as of `/api/chat`, each with the `model` that it is about, in the order in which they "
         "come; an `error` ends the answer of one model, not of the others. If two have answered, `comparison` "
         "(agreement, differences) follows; `done` without a model is the last. With `Accept: application/json` one "
         "object. Part of plans with the feature multi_model.",
     .auth = Auth::user,
     .rate = {20, http::per_minute}}};

// Thread-safe; what it is given outlives it.
class MultiModel {
 public:
  MultiModel(Asking& asking, Attachments& attachments, Recall& recall, Replies& replies, const Comparing& comparing,
             const ModelChoice& choice)
      : asking_(asking),
        attachments_(attachments),
        recall_(recall),
        replies_(replies),
        comparing_(comparing),
        choice_(choice) {}

  Task<http::Response> ask(http::Caller caller, MultiModelRequest request);

  void mount(http::Api& api);

 private:
  struct Leg;
  struct Race;
  // False if nobody answered.
  Task<bool> run(Race& race, http::BodyWriter& body);
  Task<void> run_leg(Leg& leg, http::BodyWriter& body);
  Task<MultiModelReply> finish(Race& race);
  static Error failure_of(const Race& race);
  static std::string fail(Leg& leg, std::exception_ptr failure);

  Asking& asking_;
  Attachments& attachments_;
  Recall& recall_;
  Replies& replies_;
  const Comparing& comparing_;
  const ModelChoice& choice_;
};

}  // namespace odeon::chat
