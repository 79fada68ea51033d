// A conversation, or one answer of it, for everybody who has the link: as it was when the link was made, nothing of who
// said it, until it is revoked or the conversation goes.
#pragma once

#include "engine/http/router.hpp"
#include "products/chat/conversations.hpp"

namespace odeon::chat {

struct ShareRequest {
  std::string id;
  std::optional<Text<1, 64>> message_id;  // only that message; else all that is shown of the conversation
};
BOOST_DESCRIBE_STRUCT(ShareRequest, (), (id, message_id))
struct ShareReply {
  std::string url;
  std::string token;  // shown once
};
BOOST_DESCRIBE_STRUCT(ShareReply, (), (url, token))

struct SharedRequest {
  Text<1, 100> token;
};
BOOST_DESCRIBE_STRUCT(SharedRequest, (), (token))
struct SharedMessage {
  Role role = Role::user;
  std::string text;
  std::optional<std::string> model;                     // of answers
  std::optional<std::vector<std::string>> attachments;  // their names and no more
  Instant created_at;
};
BOOST_DESCRIBE_STRUCT(SharedMessage, (), (role, text, model, attachments, created_at))
struct SharedReply {
  std::string title;  // of a conversation; empty for one message
  std::vector<SharedMessage> messages;
};
BOOST_DESCRIBE_STRUCT(SharedReply, (), (title, messages))

inline constexpr Endpoint<ShareRequest, http::WithHeaders<ShareReply>> share_conversation{
    {.method = Method::post,
     .path = "/api/conversations/{id}/share",
     .summary = "A public link to a conversation, or to one message of it",
     .description = "It shows what stands there now; what is said later is not in it.",
     .auth = Auth::user,
     .rate = {60, http::per_minute},
     .statuses = {201}}};
inline constexpr Endpoint<ConversationRequest, http::NoContent> unshare_conversation{
    {.method = Method::delete_,
     .path = "/api/conversations/{id}/share",
     .summary = "Revoke all links to a conversation",
     .auth = Auth::user,
     .rate = kChanging}};
inline constexpr Endpoint<SharedRequest, http::WithHeaders<SharedReply>> read_shared{
    {.method = Method::get,
     .path = "/api/shared/{token}",
     .summary = "What somebody shares, for everybody who has the link",
     .rate = {120, http::per_minute}}};
inline constexpr Endpoint<SharedRequest, http::NoContent> revoke_shared{{.method = Method::delete_,
                                                                         .path = "/api/shared/{token}",
                                                                         .summary = "Revoke one link of yours",
                                                                         .auth = Auth::user,
                                                                         .rate = kChanging}};

class Shares {
 public:
  Shares(database::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  Task<http::WithHeaders<ShareReply>> share(http::Caller caller, ShareRequest request);
  Task<http::NoContent> unshare(http::Caller caller, ConversationRequest request);
  Task<http::WithHeaders<SharedReply>> read(SharedRequest request);
  Task<http::NoContent> revoke(http::Caller caller, SharedRequest request);

  void mount(http::Api& api);

 private:
  database::Database& database_;
  const Clock& clock_;
};

}  // namespace odeon::chat
