#include "products/chat/shares.hpp"

#include "base/crypto.hpp"
#include "engine/http/binding.hpp"
#include "products/chat/files/file_parts.hpp"
#include "products/chat/store_settings.hpp"
#include "products/chat/tree.hpp"

namespace odeon::chat {
namespace {

constexpr std::size_t kTokenBytes = 24;

std::string hash_of(std::string_view token) {
  return crypto::sha256_hex(token);
}

Error no_such_link() {
  return Error(Fault::not_found, "SHARE_NOT_FOUND", "Nothing is shared under this link.");
}

SharedMessage shared(const MessageRow& row) {
  SharedMessage message{.role = row.role, .text = row.text(), .created_at = row.created_at};
  if (row.role == Role::assistant) message.model = row.model;
  for (const auto& part : row.parts)
    if (is_file(part)) {
      if (!message.attachments) message.attachments.emplace();
      message.attachments->push_back(*part.name);
    }
  return message;
}

}  // namespace

void Shares::mount(http::Api& api) {
  http::mount(api, share_conversation, &Shares::share, *this);
  http::mount(api, unshare_conversation, &Shares::unshare, *this);
  http::mount(api, read_shared, &Shares::read, *this);
  http::mount(api, revoke_shared, &Shares::revoke, *this);
}

Task<http::WithHeaders<ShareReply>> Shares::share(http::Caller caller, ShareRequest request) {
  const std::string token = crypto::to_base64url(crypto::random_bytes(kTokenBytes));
  auto tx = co_await database_.begin(database::Isolation::statement);
  const auto row = co_await own_conversation(*tx, caller.user_id, request.id);
  if (request.message_id) {
    const auto message = co_await store::message(*tx, caller.user_id, *request.message_id);
    if (!message || message->conversation_id != row.id)
      throw Error(Fault::not_found, "MESSAGE_NOT_FOUND", "There is no such message.");
  }
  const std::string leaf = request.message_id ? std::string(*request.message_id) : row.leaf_id;
  co_await store::add_share(*tx, hash_of(token), {row.id, leaf, request.message_id.has_value(), ""}, clock_.now());
  co_await tx->commit();
  http::WithHeaders<ShareReply> reply{.value = {caller.base_url + "/api/shared/" + token, token}, .status = 201};
  reply.headers.add("Cache-Control", "no-store");
  co_return reply;
}

Task<http::NoContent> Shares::unshare(http::Caller caller, ConversationRequest request) {
  const auto row = co_await own_conversation(database_, caller.user_id, request.id);
  co_await store::remove_shares(database_, caller.user_id, row.id);
  co_return http::NoContent{};
}

Task<http::WithHeaders<SharedReply>> Shares::read(SharedRequest request) {
  const auto share = co_await store::share(database_, hash_of(request.token));
  if (!share) throw no_such_link();
  const auto messages = co_await store::messages(database_, share->conversation_id);
  auto path = Tree(messages).path(share->leaf_id);
  if (path.empty()) throw no_such_link();
  if (share->alone) path.erase(path.begin(), path.end() - 1);
  // The title tells of the whole.
  http::WithHeaders<SharedReply> reply{.value = {share->alone ? "" : share->title, {}}};
  for (const auto* message : path) reply.value.messages.push_back(shared(*message));
  // A link that is revoked must not live on somewhere.
  reply.headers.add("Cache-Control", "no-store");
  reply.headers.add("X-Robots-Tag", "noindex");
  co_return reply;
}

Task<http::NoContent> Shares::revoke(http::Caller caller, SharedRequest request) {
  if (co_await store::remove_share(database_, caller.user_id, hash_of(request.token)) == 0) throw no_such_link();
  co_return http::NoContent{};
}

}  // namespace odeon::chat
