// What operators do, while servers run. Each act answers with what there is to see of it. What changes something is
// in the audit trail: of the person it concerns, else under the name "operator".
#pragma once

#include <string>

#include "base/json.hpp"
#include "engine/identity/account.hpp"
#include "engine/jobs/queue.hpp"
#include "server/house.hpp"

namespace odeon::server {

// Whose audit trail has what operators did to nobody in particular, and what strangers tried.
inline constexpr std::string_view kOperator = "operator", kNobody = "nobody";

struct Answer {
  json::value value;
  std::string text;  // for people; empty: the value as a table
};

// As it is written for programs.
template <class T>
json::value shown(const T& item) {
  return json::parse(json::write(item));
}

enum class OldKeys { keep, drop };

enum class CostsBy { day, model, tier, user };
BOOST_DESCRIBE_ENUM(CostsBy, day, model, tier, user)

// `who` is a mail address or an account's id. Throws Error{not_found} for who or what is not there, and Error{conflict}
// or Error{invalid} that say what to do instead. Its house outlives it; one act at a time.
class Admin {
 public:
  explicit Admin(House::Rooms& rooms) : rooms_(rooms) {}

  // ---- people (admin.cpp) --------------------------------------------------------------------------

  // In the order of their coming, after the account `after`.
  Task<Answer> users(std::string after, std::int64_t limit);
  // The account, its plans, sessions and links, and the last of its audit trail.
  Task<Answer> user(std::string who);
  // A person for each line of JSON: `email`; `password_hash` (bcrypt or Argon2id), `verified` and `data` as they have
  // them. Who is here already stays as they are; lines that are faulty are named, with what is wrong.
  Task<Answer> bring_users(std::string file);
  Task<Answer> suspend(std::string who);
  // An erasure that waits is no more.
  Task<Answer> restore(std::string who);
  Task<Answer> verify_mail(std::string who);
  Task<Answer> sessions(std::string who);
  // Ends that session, or (empty) all of theirs.
  Task<Answer> sign_out(std::string who, std::string session);
  Task<Answer> set_plan(std::string who, std::string product, std::string plan);
  // The newest first. `who` may be kOperator or kNobody.
  Task<Answer> audit(std::string who, std::int64_t limit);

  // ---- work (admin_work.cpp) -----------------------------------------------------------------------

  Task<Answer> jobs(jobs::JobFilter filter);
  Task<Answer> job(std::string id);
  Task<Answer> retry_job(std::string id);
  Task<Answer> cancel_job(std::string id);
  // What listeners did on each of the last `days` days.
  Task<Answer> engagement(std::int64_t days);

  // ---- money (admin_costs.cpp) ---------------------------------------------------------------------

  // What there is to have, of one product or (empty) of all; prices in US cents, 0 where it is not sold for that
  // period.
  Task<Answer> plans(std::string product);

  // What models cost in the last `days` days (UTC, today included), of one product or (empty) of all: by day beside
  // what is earned, with a warning where the cost is above 70 % of that; by model; by tier, with the mean of a call; by
  // user, of those twenty who cost most.
  Task<Answer> costs(CostsBy by, std::string product, std::int64_t days);

  // ---- keys (admin_keys.cpp) -----------------------------------------------------------------------

  // Those that seal and how many values each does, in each room.
  Task<Answer> keys();
  // Seals everything by the first key, a new one where the keys are in the data folder, and adds a key that signs
  // tokens. OldKeys::drop removes those from the data folder that seal nothing any more.
  Task<Answer> rotate_keys(OldKeys old);

 private:
  Task<identity::Account> find(std::string who);
  Task<void> record(std::string user_id, std::string product, std::string action, json::object details = {});
  Task<json::array> plans_of(std::string user_id);

  House::Rooms& rooms_;
};

}  // namespace odeon::server
