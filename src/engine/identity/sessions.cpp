#include "engine/identity/sessions.hpp"

#include "base/ids.hpp"
#include "engine/identity/refresh_tokens.hpp"
#include "engine/identity/store.hpp"

namespace odeon::identity {
namespace {

// How often a session can have been refreshed within the grace.
constexpr int kMaxSteps = 16;

}  // namespace

Sessions::Sessions(database::Database& database, AccessTokens& access, const Clock& clock, Log& log,
                   SessionOptions options)
    : database_(database), access_(access), clock_(clock), log_(log), options_(options) {}

Task<SessionTokens> Sessions::start(Account account, std::string product) {
  const Instant now = clock_.now();
  const std::string id = new_uuid(clock_), token = refresh_tokens::make();
  auto tx = co_await database_.begin();
  co_await store::insert_session(*tx, {id, account.id, product, now, now, std::nullopt});
  co_await store::insert_token(*tx, refresh_tokens::hash(token), id, now);
  co_await store::note_sign_in(*tx, account.id, now);
  co_await witness(*tx, account.id, product, "signed_in");
  co_await tx->commit();
  co_return co_await tokens_for(std::move(account), {id, std::move(product), now}, token);
}

Task<void> Sessions::witness(database::Executor& executor, std::string account_id, std::string product,
                             std::string action) {
  if (witness_) co_await witness_(executor, std::move(account_id), std::move(product), std::move(action));
}

Task<SessionTokens> Sessions::tokens_for(Account account, AccessTokens::Session session, std::string refresh_token) {
  const auto lifetime = access_.options().lifetime;
  SessionTokens tokens{.session_id = session.id,
                       .expires_in = lifetime.count(),
                       .expires_at = clock_.now() + lifetime,
                       .refresh_token = std::move(refresh_token)};
  tokens.access_token = co_await access_.write(std::move(account), std::move(session));
  co_return tokens;
}

// The first use of a token; nothing if it was used before or never was.
Task<std::optional<Sessions::Step>> Sessions::rotate(database::Transaction& tx, std::string token) {
  const Instant now = clock_.now();
  const std::string salt = refresh_tokens::make_salt();
  const auto session_id = co_await store::use_token(tx, refresh_tokens::hash(token), salt, now);
  if (!session_id) co_return std::nullopt;
  const std::string next = refresh_tokens::successor(token, salt);
  co_await store::insert_token(tx, refresh_tokens::hash(next), *session_id, now);
  co_await store::note_refresh(tx, *session_id, now);
  co_return Step{*session_id, next};
}

// A further use: within the grace it leads to the token that is in force now.
Task<std::expected<Sessions::Step, RefreshFault>> Sessions::repeat(database::Transaction& tx, std::string token) {
  const Instant now = clock_.now();
  auto row = co_await store::token(tx, refresh_tokens::hash(token));
  if (!row) co_return std::unexpected(RefreshFault::unknown);
  if (row->used_at && now - *row->used_at > options_.reuse_grace) {
    const auto ended = co_await store::end_session(tx, row->session_id, now);
    if (ended.empty()) co_return std::unexpected(RefreshFault::session_over);
    if (const auto session = co_await store::session(tx, row->session_id))
      co_await witness(tx, session->account_id, session->product, "refresh_token_reused");
    co_await tx.commit();
    living_.forget(row->session_id);
    log_.warning("identity.refresh_token_reused", {{"session", row->session_id}});
    co_return std::unexpected(RefreshFault::already_used);
  }
  for (int step = 0; row && row->used_at && row->salt && step < kMaxSteps; ++step) {
    token = refresh_tokens::successor(token, *row->salt);
    row = co_await store::token(tx, refresh_tokens::hash(token));
  }
  if (!row || row->used_at) co_return std::unexpected(RefreshFault::session_over);
  co_return Step{row->session_id, token};
}

Task<std::expected<Sessions::Refreshed, RefreshFault>> Sessions::refresh(std::string refresh_token,
                                                                         std::string product) {
  if (!refresh_tokens::is_one(refresh_token)) co_return std::unexpected(RefreshFault::unknown);
  // Before the rotation, which counts as a sign of life.
  const auto before = co_await store::session_of_token(database_, refresh_tokens::hash(refresh_token));
  if (!before || before->product != product) co_return std::unexpected(RefreshFault::unknown);
  if (before->refreshed_at <= clock_.now() - options_.idle) co_return std::unexpected(RefreshFault::session_over);

  // All in one transaction: what another call for the same token has done but not yet committed is seen here
  // alone.
  auto tx = co_await database_.begin();
  auto step = co_await rotate(*tx, refresh_token);
  if (!step) {
    const auto repeated = co_await repeat(*tx, std::move(refresh_token));
    if (!repeated) co_return std::unexpected(repeated.error());
    step = *repeated;
  }
  const auto session = co_await store::session(*tx, step->session_id);
  auto account = session ? co_await store::account(*tx, session->account_id) : std::nullopt;
  if (!account || session->ended_at || account->suspended_at) co_return std::unexpected(RefreshFault::session_over);
  co_await tx->commit();
  auto tokens = co_await tokens_for(*account, {session->id, product, session->created_at}, step->token);
  co_return Refreshed{std::move(tokens), std::move(*account)};
}

Task<void> Sessions::sign_out(std::string session_id, SignOut scope) {
  const auto session = co_await store::session(database_, session_id);
  if (!session) co_return;
  const Instant now = clock_.now();
  std::vector<std::string> ended;
  auto tx = co_await database_.begin(database::Isolation::statement);
  if (scope == SignOut::local)
    ended = co_await store::end_session(*tx, session_id, now);
  else
    ended = co_await store::end_sessions(*tx, session->account_id, session->product,
                                         scope == SignOut::others ? session_id : "", now);
  if (!ended.empty()) co_await witness(*tx, session->account_id, session->product, "signed_out");
  co_await tx->commit();
  for (const auto& id : ended) living_.forget(id);
}

Task<void> Sessions::end_all(std::string account_id, std::string except) {
  for (const auto& id :
       co_await store::end_sessions(database_, std::move(account_id), "", std::move(except), clock_.now()))
    living_.forget(id);
}

Task<bool> Sessions::end(std::string account_id, std::string session_id) {
  const auto session = co_await store::session(database_, session_id);
  if (!session || session->account_id != account_id) co_return false;
  const auto ended = co_await store::end_session(database_, session_id, clock_.now());
  living_.forget(session_id);
  co_return !ended.empty();
}

Task<std::vector<Sessions::Shown>> Sessions::list(std::string account_id) {
  std::vector<Shown> sessions;
  for (auto& row : co_await store::sessions_of(database_, std::move(account_id), ""))
    sessions.push_back({std::move(row.id), std::move(row.product), row.created_at, row.refreshed_at, row.ended_at});
  co_return sessions;
}

Task<std::optional<Person>> Sessions::person(std::string session_id) {
  const Instant now = clock_.now();
  auto look = [&database = database_, session_id, idle_since = now - options_.idle](this auto) {
    return store::person_of_session(database, session_id, idle_since);
  };
  co_return co_await living_.person(session_id, now, look);
}

Task<std::int64_t> Sessions::prune() {
  auto tx = co_await database_.begin();
  const auto pruned = co_await store::prune_sessions(*tx, clock_.now() - options_.idle);
  co_await tx->commit();
  co_return pruned;
}

}  // namespace odeon::identity
