// Proof that somebody reads their mail: to verify an address, or to set a new password. What is sent holds a
// link's token and a code of six digits, which are one secret: using either uses both.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "engine/coordination/coordination.hpp"
#include "engine/database/database.hpp"
#include "engine/identity/account.hpp"

namespace odeon::identity {

enum class Purpose { verify, recover };
BOOST_DESCRIBE_ENUM(Purpose, verify, recover)

// What is to be sent.
struct ProofLetter {
  std::string account_id;
  std::string mail;
  std::string product;  // that they were asked in
  Purpose purpose = Purpose::verify;
  std::string token;  // 43 characters of base64url
  std::string code;   // 6 digits
  Instant expires_at;
};
// Sends it, as a part of the transaction.
using Courier = std::function<Task<void>(database::Transaction& transaction, ProofLetter letter)>;

// Who has proven what.
struct Proven {
  std::string account_id;
  std::string mail;
  Purpose purpose = Purpose::verify;
};
BOOST_DESCRIBE_STRUCT(Proven, (), (account_id, mail, purpose))

// Thread-safe; what it is given outlives it.
class Proofs {
 public:
  static constexpr std::chrono::hours verify_lifetime{24};
  static constexpr std::chrono::hours recover_lifetime{1};
  static constexpr std::int64_t max_wrong_codes = 40;  // then a new one must be asked for

  // `secret` (32 bytes or more) keeps codes from whoever reads the database.
  Proofs(database::Database& database, coordination::Coordination& coordination, std::string secret,
         const Clock& clock);

  // Before first use. Without one nothing can be proven by mail.
  void sent_by(Courier courier) { courier_ = std::move(courier); }
  bool can_send() const { return courier_ != nullptr; }

  // What was sent before for the purpose is void. Throws Error{rate_limited} within one or two minutes of the last.
  Task<void> send(Account account, Purpose purpose, std::string product);
  // Does what `send` does, for an address that nobody has here, so that it takes as long; sends nothing.
  Task<void> pretend(std::string mail, Purpose purpose);

  // Uses it up. Nothing for one that is unknown, used, void or too old.
  Task<std::optional<Proven>> use(std::string token);
  // Likewise by the code. A wrong one counts.
  Task<std::optional<Proven>> use_code(std::string mail, Purpose purpose, std::string code);

  Task<std::int64_t> prune();

 private:
  Task<void> guard(std::string_view mail, Purpose purpose);
  std::string hash_of_code(std::string_view mail, Purpose purpose, std::string_view code) const;

  database::Database& database_;
  coordination::Coordination& coordination_;
  std::string secret_;
  const Clock& clock_;
  Courier courier_;
};

}  // namespace odeon::identity
