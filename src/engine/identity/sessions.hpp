// Sessions: a person's sign-in on one device, for one product. As the product's policy says, a session has one
// opaque token for as long as it is used, or gives short-lived access tokens and one refresh token at a time.
// Using a refresh token replaces it. Who uses one a second time after a short grace is taken for a thief, and the
// session ends for both.
#pragma once

#include <expected>

#include "base/log.hpp"
#include "engine/database/database.hpp"
#include "engine/identity/access_tokens.hpp"
#include "engine/identity/liveness.hpp"
#include "engine/identity/policies.hpp"

namespace odeon::identity {

struct SessionOptions {
  // For the client that did not hear the answer, or asked twice at once: it gets the same successor again.
  std::chrono::seconds reuse_grace{30};
  TokenPolicies policies;
};

struct SessionTokens {
  std::string session_id;
  std::string access_token;
  std::int64_t expires_in = 0;  // seconds
  Instant expires_at;
  std::string refresh_token;  // empty where the access token is opaque
  Instant refresh_until;      // when that is no longer good; likewise
};

enum class RefreshFault {
  unknown,       // no such token, or not of this product
  already_used,  // the session has been ended for it
  session_over,  // signed out, idle for too long, or the person is suspended
};

enum class SignOut { local, others, global };
BOOST_DESCRIBE_ENUM(SignOut, local, others, global)

// What an audit trail keeps: account_created, signed_in, sign_in_failed and the others of docs/operations.md.
struct Witnessed {
  std::string account_id;  // empty: of nobody here
  std::string product;     // empty where it concerns all
  std::string action;
  json::object details{};
};

// Told in the transaction that makes it so, if there is one.
using Witness = std::function<Task<void>(database::Executor& executor, Witnessed seen)>;

// Thread-safe.
class Sessions {
 public:
  Sessions(database::Database& database, AccessTokens& access, const Clock& clock, Log& log, SessionOptions options);

  // Before first use.
  void witnessed_by(Witness witness) { witness_ = std::move(witness); }
  Task<void> witness(database::Executor& executor, Witnessed seen);

  const TokenPolicy& policy_of(std::string_view product) const { return options_.policies.of(product); }

  Task<SessionTokens> start(Account account, std::string product);

  struct Refreshed {
    SessionTokens tokens;
    Account account;
  };
  Task<std::expected<Refreshed, RefreshFault>> refresh(std::string refresh_token, std::string product);

  // Ends this session, the person's others of its product, or both. What has ended stays so.
  Task<void> sign_out(std::string session_id, SignOut scope);
  // All sessions of the account in every product, but `except` (empty: none).
  Task<void> end_all(std::string account_id, std::string except);

  struct Shown {
    std::string id;
    std::string product;
    Instant created_at;
    Instant refreshed_at;
    std::optional<Instant> ended_at;
    BOOST_DESCRIBE_CLASS(Shown, (), (id, product, created_at, refreshed_at, ended_at), (), ())
  };
  // All that are still known of the account, the oldest first: for operators.
  Task<std::vector<Shown>> list(std::string account_id);

  // Ends that session of the account. False if they have none of that id that still lives.
  Task<bool> end(std::string account_id, std::string session_id);

  // Whom the session stands for; nothing once it is over. An end is felt at once on this node, within a
  // second on the others. Of a session with an opaque token this is its use.
  Task<std::shared_ptr<const Person>> person(std::string session_id);
  // When the session is over, unless it is refreshed or used; nothing if it is.
  Task<std::optional<Instant>> end_of(std::string session_id);

  static bool looks_opaque(std::string_view token) { return token.starts_with("session_"); }
  struct Opened {
    std::string session_id;
    std::string account_id;
    std::string product;
  };
  // Whose opaque token it is; ask `person` whether they may still come.
  Task<std::optional<Opened>> opened_by(std::string token);

  // Deletes what has been over for a month. Returns how many sessions.
  Task<std::int64_t> prune();

 private:
  Task<SessionTokens> tokens_for(Account account, std::string session_id, std::string product, Instant signed_in_at,
                                 std::string refresh_token);
  struct Step {
    std::string session_id;
    std::string token;  // in force now
  };
  Task<std::optional<Person>> look_up(std::string session_id);
  Task<std::optional<Step>> rotate(database::Transaction& tx, std::string token);
  Task<std::expected<Step, RefreshFault>> repeat(database::Transaction& tx, std::string token);
  struct Rotation {
    Step step;  // without a token: the session was ended
    Instant signed_in_at;
    Account account;
  };
  Task<std::expected<Rotation, RefreshFault>> turn(database::Transaction& tx, std::string token, std::string product);
  Task<std::expected<Rotation, RefreshFault>> rotation(database::Transaction& tx, Step step);

  database::Database& database_;
  AccessTokens& access_;
  const Clock& clock_;
  Log& log_;
  SessionOptions options_;
  Witness witness_;
  Liveness living_{database_};
};

}  // namespace odeon::identity
