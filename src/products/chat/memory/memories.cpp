#include "products/chat/memory/memories.hpp"

#include "base/ids.hpp"
#include "base/nullable.hpp"
#include "engine/http/binding.hpp"
#include "products/chat/apis/question.hpp"
#include "products/chat/conversation_text.hpp"
#include "products/chat/memory/secrets.hpp"
#include "products/chat/terms.hpp"

namespace odeon::chat {
namespace {

constexpr const char* kInvalidMemory = "VALIDATION_ERROR";

Error no_such_memory() {
  return Error(Fault::not_found, "MEMORY_NOT_FOUND", "There is no such memory.");
}

std::string checked(std::string_view text) {
  std::string fact = tidied(text);
  if (fact.empty()) throw fault_at("text", kInvalidMemory, "There is nothing to remember.");
  if (holds_secret(fact))
    throw fault_at("text", kInvalidMemory, "Passwords, keys and numbers of cards are not kept here.");
  return fact;
}

}  // namespace

MemoryShown shown(MemoryRow row) {
  return {.id = std::move(row.id),
          .text = std::move(row.text),
          .topic = row.topic,
          .pinned = row.pinned,
          .confidence = row.confidence,
          .scope = row.bound ? MemoryPolicy::conversation : MemoryPolicy::everything,
          .conversation_id = or_null(std::move(row.conversation_id)),
          .message_id = or_null(std::move(row.message_id)),
          .replaces = or_null(std::move(row.replaces)),
          .created_at = row.created_at,
          .updated_at = row.updated_at,
          .last_used_at = or_null(row.last_used_at)};
}

void Memories::mount(http::Api& api) {
  http::mount(api, list_memories, &Memories::list, *this);
  http::mount(api, write_memory, &Memories::write, *this);
  http::mount(api, change_memory, &Memories::change, *this);
  http::mount(api, forget_memory, &Memories::forget, *this);
  http::mount(api, forget_memories, &Memories::forget_all, *this);
  http::mount(api, memories_used, &Memories::used, *this);
  http::mount(api, read_policy, &Memories::policy, *this);
  http::mount(api, choose_policy, &Memories::choose, *this);
}

Task<void> Memories::check_inspector(std::string user_id) {
  const auto entitlement = co_await subscriptions_.entitlement(std::move(user_id), std::string(kProduct));
  if (!entitlement.plan->has(kMemoryInspector))
    throw Error(Fault::forbidden, "UPGRADE_REQUIRED", "The Memory Inspector is part of the plan ULTRA.")
        .with_upgrade_url(subscriptions_.plans_of(kProduct).upgrade_url);
}

Task<MemoryList> Memories::list(http::Caller caller, ListMemories request) {
  std::pair<Instant, std::string> from{Instant::max(), ""};
  if (!request.cursor.empty()) {
    auto place = place_of(request.cursor);
    if (!place) throw fault_at("cursor", kInvalidMemory, "This must be the next_cursor of an earlier answer.");
    from = std::move(*place);
  }
  const std::int64_t limit = request.limit;
  auto rows = co_await store::memories(database_, caller.user_id, text::collapse_spaces(request.q), from.first,
                                       from.second, limit + 1);
  MemoryList list;
  if (std::ssize(rows) > limit) {
    rows.pop_back();
    list.next_cursor = cursor_of(rows.back().updated_at, rows.back().id);
  }
  for (auto& row : rows) list.memories.push_back(shown(std::move(row)));
  co_return list;
}

Task<http::Created<MemoryShown>> Memories::write(http::Caller caller, WriteMemory request) {
  co_await require_terms(database_, clock_, caller);
  co_await check_inspector(caller.user_id);
  MemoryRow row{.id = new_uuid(clock_),
                .text = checked(request.text),
                .confidence = kCertain,
                .pinned = request.pinned.value_or(false),
                .created_at = clock_.now(),
                .updated_at = clock_.now()};
  auto tx = co_await database_.begin(database::Isolation::statement);
  co_await store::hold_memories(*tx, caller.user_id);
  if (co_await store::count_memories(*tx, caller.user_id) >= kMostMemories)
    throw Error(Fault::conflict, "MEMORY_FULL", "Nothing more can be remembered. Forget something first.");
  co_await store::add(*tx, caller.user_id, row);
  co_await index_.enqueue(*tx, caller.user_id, caller.trace);
  co_await tx->commit();
  co_return http::Created<MemoryShown>{shown(std::move(row))};
}

Task<MemoryShown> Memories::change(http::Caller caller, ChangeMemory request) {
  co_await require_terms(database_, clock_, caller);
  co_await check_inspector(caller.user_id);
  auto tx = co_await database_.begin(database::Isolation::statement);
  co_await store::hold_memories(*tx, caller.user_id);
  auto row = co_await store::memory(*tx, caller.user_id, request.id);
  if (!row) throw no_such_memory();
  if (request.pinned) row->pinned = *request.pinned;
  if (request.text) {
    // Now it is what its owner wrote, wherever it came from.
    row->text = checked(*request.text);
    row->confidence = kCertain;
    row->updated_at = clock_.now();
    co_await index_.enqueue(*tx, caller.user_id, caller.trace);
  }
  co_await store::change(*tx, caller.user_id, *row);
  co_await tx->commit();
  co_return shown(std::move(*row));
}

Task<http::NoContent> Memories::forget(http::Caller caller, MemoryRequest request) {
  auto tx = co_await database_.begin(database::Isolation::statement);
  co_await store::hold_memories(*tx, caller.user_id);
  if (!co_await store::remove_memory(*tx, caller.user_id, request.id)) throw no_such_memory();
  co_await tx->commit();
  co_return http::NoContent{};
}

Task<http::NoContent> Memories::forget_all(http::Caller caller) {
  auto tx = co_await database_.begin(database::Isolation::statement);
  co_await store::hold_memories(*tx, caller.user_id);
  co_await store::remove_memories(*tx, caller.user_id);
  co_await store::forget_until(*tx, caller.user_id, clock_.now());
  co_await tx->commit();
  co_return http::NoContent{};
}

Task<MemoriesUsed> Memories::used(http::Caller caller, MemoryRequest request) {
  co_await check_inspector(caller.user_id);
  if (!co_await store::message(database_, caller.user_id, request.id))
    throw Error(Fault::not_found, "MESSAGE_NOT_FOUND", "There is no such message.");
  MemoriesUsed used;
  for (auto& row : co_await store::used_by(database_, caller.user_id, request.id))
    used.memories.push_back(shown(std::move(row)));
  co_return used;
}

Task<PolicyReply> Memories::policy(http::Caller caller, ReadPolicy request) {
  const std::string conversation_id = request.conversation_id.value_or("");
  if (request.conversation_id) co_await own_conversation(database_, caller.user_id, conversation_id);
  const auto chosen = co_await store::policies(database_, caller.user_id, conversation_id);
  const auto entitlement = co_await subscriptions_.entitlement(caller.user_id, std::string(kProduct));
  const auto& here = request.conversation_id ? chosen.conversation : chosen.person;
  co_return PolicyReply{.policy = here.value_or(chosen.person.value_or(MemoryPolicy::everything)),
                        .is_default = !here,
                        .conversation_id = request.conversation_id,
                        .effective = policy_of(chosen, *entitlement.plan)};
}

Task<PolicyReply> Memories::choose(http::Caller caller, ChoosePolicy request) {
  if (!request.conversation_id)
    co_await store::choose_policy(database_, caller.user_id, request.policy);
  else if (!co_await store::choose_policy(database_, caller.user_id, *request.conversation_id, request.policy))
    throw no_such_conversation();
  co_return co_await policy(std::move(caller), {std::move(request.conversation_id)});
}

}  // namespace odeon::chat
