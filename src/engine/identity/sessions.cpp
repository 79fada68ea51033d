#include "engine/identity/sessions.hpp"

#include "base/crypto.hpp"
#include "base/ids.hpp"
#include "engine/database/atomically.hpp"
#include "engine/identity/refresh_tokens.hpp"
#include "engine/identity/store.hpp"

namespace odeon::identity {
namespace {

// How often a session can have been refreshed within the grace.
constexpr int kMaxSteps = 16;
constexpr std::chrono::hours kNoteUse{24};  // between two notes that an opaque token is in use
constexpr std::chrono::days kKept{30};      // sessions that are over, so that their tokens are known for used
constexpr std::size_t kOpaqueBytes = 32;

}  // namespace

Sessions::Sessions(database::Database& database, AccessTokens& access, const Clock& clock, Log& log,
                   SessionOptions options)
    : database_(database), access_(access), clock_(clock), log_(log), options_(options) {}

Task<SessionTokens> Sessions::start(Account account, std::string product) {
  const Instant now = clock_.now();
  const TokenPolicy& policy = policy_of(product);
  const bool opaque = policy.form == AccessForm::opaque;
  const std::string id = new_uuid(clock_);
  const std::string token =
      opaque ? "session_" + crypto::to_hex(crypto::random_bytes(kOpaqueBytes)) : refresh_tokens::make();
  store::SessionRow row{.id = id,
                        .account_id = account.id,
                        .product = product,
                        .created_at = now,
                        .refreshed_at = now,
                        .ends_at = now + policy.idle};
  if (opaque) row.token_hash = refresh_tokens::hash(token);
  auto tx = co_await database_.begin();
  co_await store::insert_session(*tx, row);
  if (!opaque) co_await store::insert_token(*tx, refresh_tokens::hash(token), id, now);
  co_await store::note_sign_in(*tx, account.id, now);
  co_await witness(*tx, {account.id, product, "signed_in"});
  co_await tx->commit();
  if (opaque)
    co_return SessionTokens{
        .session_id = id, .access_token = token, .expires_in = policy.idle.count(), .expires_at = row.ends_at};
  co_return co_await tokens_for(std::move(account), id, std::move(product), now, token);
}

Task<void> Sessions::witness(database::Executor& executor, Witnessed seen) {
  if (witness_) co_await witness_(executor, std::move(seen));
}

Task<SessionTokens> Sessions::tokens_for(Account account, std::string session_id, std::string product,
                                         Instant signed_in_at, std::string refresh_token) {
  const TokenPolicy& policy = policy_of(product);
  const Instant now = clock_.now();
  SessionTokens tokens{.session_id = session_id,
                       .expires_in = policy.access.count(),
                       .expires_at = now + policy.access,
                       .refresh_token = std::move(refresh_token),
                       .refresh_until = now + policy.idle};
  tokens.access_token = co_await access_.write(
      std::move(account), {std::move(session_id), std::move(product), signed_in_at, tokens.expires_at});
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
  co_return Step{*session_id, next};
}

// A further use: within the grace it leads to the token that is in force now; later it ends the session, and leads to
// none.
Task<std::expected<Sessions::Step, RefreshFault>> Sessions::repeat(database::Transaction& tx, std::string token) {
  const Instant now = clock_.now();
  auto row = co_await store::token(tx, refresh_tokens::hash(token));
  if (!row) co_return std::unexpected(RefreshFault::unknown);
  if (row->used_at && now - *row->used_at > options_.reuse_grace) {
    if (!co_await store::end_session(tx, row->session_id, now)) co_return std::unexpected(RefreshFault::session_over);
    if (const auto session = co_await store::session(tx, row->session_id))
      co_await witness(tx, {session->account_id, session->product, "refresh_token_reused"});
    co_return Step{row->session_id, ""};
  }
  for (int step = 0; row && row->used_at && row->salt && step < kMaxSteps; ++step) {
    token = refresh_tokens::successor(token, *row->salt);
    row = co_await store::token(tx, refresh_tokens::hash(token));
  }
  if (!row || row->used_at) co_return std::unexpected(RefreshFault::session_over);
  co_return Step{row->session_id, token};
}

// All in one transaction: what another call for the same token has done but not yet committed is seen here alone.
Task<std::expected<Sessions::Rotation, RefreshFault>> Sessions::turn(database::Transaction& tx, std::string token,
                                                                     std::string product) {
  // Before the rotation, which counts as a sign of life.
  const auto before = co_await store::session_of_token(tx, refresh_tokens::hash(token));
  if (!before || before->product != product) co_return std::unexpected(RefreshFault::unknown);
  const Instant now = clock_.now();
  if (before->ends_at <= now) co_return std::unexpected(RefreshFault::session_over);

  if (const auto step = co_await rotate(tx, token)) {
    co_await store::note_refresh(tx, step->session_id, now, now + policy_of(product).idle);
    co_return co_await rotation(tx, *step);
  }
  const auto repeated = co_await repeat(tx, std::move(token));
  if (!repeated) co_return std::unexpected(repeated.error());
  if (repeated->token.empty()) co_return Rotation{.step = *repeated};
  co_return co_await rotation(tx, *repeated);
}

Task<std::expected<Sessions::Rotation, RefreshFault>> Sessions::rotation(database::Transaction& tx, Step step) {
  const auto session = co_await store::session(tx, step.session_id);
  auto account = session ? co_await store::account(tx, session->account_id) : std::nullopt;
  if (!account || session->ended_at || account->suspended_at) co_return std::unexpected(RefreshFault::session_over);
  co_return Rotation{std::move(step), session->created_at, std::move(*account)};
}

Task<std::expected<Sessions::Refreshed, RefreshFault>> Sessions::refresh(std::string refresh_token,
                                                                         std::string product) {
  if (!refresh_tokens::is_one(refresh_token)) co_return std::unexpected(RefreshFault::unknown);
  auto turned = co_await database::atomically(database_, database::Isolation::snapshot, [&](database::Transaction& tx) {
    return turn(tx, refresh_token, product);
  });
  if (!turned) co_return std::unexpected(turned.error());
  auto& [step, signed_in_at, account] = *turned;
  if (step.token.empty()) {
    living_.forget(step.session_id);
    log_.warning("identity.refresh_token_reused", {{"session", step.session_id}});
    co_return std::unexpected(RefreshFault::already_used);
  }
  auto tokens =
      co_await tokens_for(account, std::move(step.session_id), std::move(product), signed_in_at, std::move(step.token));
  co_return Refreshed{std::move(tokens), std::move(account)};
}

Task<void> Sessions::sign_out(std::string session_id, SignOut scope) {
  const auto session = co_await store::session(database_, session_id);
  if (!session) co_return;
  const Instant now = clock_.now();
  std::vector<std::string> ended;
  auto tx = co_await database_.begin(database::Isolation::statement);
  if (scope == SignOut::local) {
    if (co_await store::end_session(*tx, session_id, now)) ended = {session_id};
  } else {
    ended = co_await store::end_sessions(*tx, session->account_id, session->product,
                                         scope == SignOut::others ? session_id : "", now);
  }
  if (!ended.empty()) co_await witness(*tx, {session->account_id, session->product, "signed_out"});
  co_await tx->commit();
  for (const auto& id : ended) living_.forget(id);
}

Task<void> Sessions::end_all(std::string account_id, std::string except) {
  auto tx = co_await database_.begin(database::Isolation::statement);
  const auto ended = co_await store::end_sessions(*tx, std::move(account_id), "", std::move(except), clock_.now());
  co_await tx->commit();
  for (const auto& id : ended) living_.forget(id);
}

Task<bool> Sessions::end(std::string account_id, std::string session_id) {
  const auto session = co_await store::session(database_, session_id);
  if (!session || session->account_id != account_id) co_return false;
  auto tx = co_await database_.begin(database::Isolation::statement);
  const bool ended = co_await store::end_session(*tx, session_id, clock_.now());
  co_await tx->commit();
  living_.forget(session_id);
  co_return ended;
}

Task<std::vector<Sessions::Shown>> Sessions::list(std::string account_id) {
  std::vector<Shown> sessions;
  for (auto& row : co_await store::sessions_of(database_, std::move(account_id), ""))
    sessions.push_back({std::move(row.id), std::move(row.product), row.created_at, row.refreshed_at, row.ended_at});
  co_return sessions;
}

Task<std::shared_ptr<const Person>> Sessions::person(std::string session_id) {
  const Instant now = clock_.now();
  if (auto known = living_.recall(session_id, now)) co_return known;
  auto found = co_await look_up(session_id);
  co_return living_.remember(std::move(session_id), now, std::move(found));
}

Task<std::optional<Person>> Sessions::look_up(std::string session_id) {
  const Instant now = clock_.now();
  auto holder = co_await store::holder_of_session(database_, session_id, now);
  if (!holder) co_return std::nullopt;
  if (holder->is_opaque && now - holder->refreshed_at >= kNoteUse)
    co_await store::note_refresh(database_, session_id, now, now + policy_of(holder->person.product).idle);
  co_return std::move(holder->person);
}

Task<std::optional<Instant>> Sessions::end_of(std::string session_id) {
  const auto session = co_await store::session(database_, std::move(session_id));
  co_return session && !session->ended_at && session->ends_at > clock_.now() ? std::optional(session->ends_at)
                                                                             : std::nullopt;
}

Task<std::optional<Sessions::Opened>> Sessions::opened_by(std::string token) {
  auto session = co_await store::session_of_opaque_token(database_, refresh_tokens::hash(token));
  if (!session) co_return std::nullopt;
  co_return Opened{std::move(session->id), std::move(session->account_id), std::move(session->product)};
}

Task<std::int64_t> Sessions::prune() {
  auto tx = co_await database_.begin();
  const auto pruned = co_await store::prune_sessions(*tx, clock_.now() - kKept);
  co_await tx->commit();
  co_return pruned;
}

}  // namespace odeon::identity
