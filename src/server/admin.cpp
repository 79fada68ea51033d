#include "server/admin.hpp"

#include <fstream>

#include "base/ids.hpp"
#include "base/text.hpp"
#include "server/rooms.hpp"

namespace odeon::server {
namespace {

constexpr std::int64_t kRecent = 20;

// An account in a list.
struct Line {
  std::string id;
  std::string email;
  bool verified = false;
  Instant created_at;
  std::optional<Instant> signed_in_at;
  std::optional<Instant> suspended_at;
};
BOOST_DESCRIBE_STRUCT(Line, (), (id, email, verified, created_at, signed_in_at, suspended_at))

struct Having {
  std::string product;
  std::string plan;
  billing::SubscriptionStatus status = billing::SubscriptionStatus::active;
  std::optional<Instant> expires_at;
  bool cancel_at_period_end = false;
};
BOOST_DESCRIBE_STRUCT(Having, (), (product, plan, status, expires_at, cancel_at_period_end))

// A line of a file of people.
struct Newcomer {
  std::string email;
  std::optional<std::string> password_hash;
  std::optional<bool> verified;
  std::optional<json::object> data;
};
BOOST_DESCRIBE_STRUCT(Newcomer, (), (email, password_hash, verified, data))

struct RefusedLine {
  std::int64_t line = 0;
  std::string why;
};
BOOST_DESCRIBE_STRUCT(RefusedLine, (), (line, why))

struct Arrivals {
  std::int64_t brought = 0;
  std::int64_t already_here = 0;
  std::vector<RefusedLine> refused;
};
BOOST_DESCRIBE_STRUCT(Arrivals, (), (brought, already_here, refused))

Answer done(const identity::Account& account, std::string_view member, json::value value) {
  return {json::object{{"id", account.id}, {"email", account.mail.value_or("")}, {member, std::move(value)}}, ""};
}

}  // namespace

Task<identity::Account> Admin::find(std::string who) {
  auto& accounts = rooms_.people.accounts;
  auto account = co_await (is_uuid(who) ? accounts.find(who) : accounts.find_by_mail(who));
  if (!account)
    throw Error(Fault::not_found, "NO_SUCH_PERSON",
                "Nobody here is " + who + ". `odeon admin users` lists everybody, by mail address and by id.");
  co_return *std::move(account);
}

Task<void> Admin::record(std::string user_id, std::string product, std::string action, json::object details) {
  details["by"] = kOperator;
  if (user_id.empty()) user_id = kOperator;
  co_await rooms_.privacy->audit.record(*rooms_.database, {.user_id = std::move(user_id),
                                                           .product = std::move(product),
                                                           .action = std::move(action),
                                                           .details = std::move(details)});
}

Task<Answer> Admin::users(std::string after, std::int64_t limit) {
  std::vector<Line> lines;
  for (auto& account : co_await rooms_.people.accounts.list(std::move(after), limit))
    lines.push_back({std::move(account.id), std::move(account.mail).value_or(""), account.mail_verified_at.has_value(),
                     account.created_at, account.signed_in_at, account.suspended_at});
  co_return Answer{shown(lines), ""};
}

Task<Answer> Admin::bring_users(std::string file) {
  std::ifstream lines(file);
  if (!lines) throw Error(Fault::not_found, "NO_SUCH_FILE", "There is no file " + file + " that can be read.");
  Arrivals all;
  std::int64_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (text::trim(line).empty()) continue;
    try {
      auto person = json::from<Newcomer>(line);
      auto& accounts = rooms_.people.accounts;
      const auto id = co_await accounts.bring({.mail = std::move(person.email),
                                               .mail_verified = person.verified.value_or(false),
                                               .password_hash = std::move(person.password_hash),
                                               .metadata = std::move(person.data).value_or(json::object())});
      if (!id) ++all.already_here;
      if (!id) continue;
      ++all.brought;
      co_await record(*id, "", "brought");
    } catch (const Error& error) {
      all.refused.push_back({number, error.message});
    }
  }
  co_return Answer{shown(all), ""};
}

Task<json::array> Admin::plans_of(std::string user_id) {
  std::vector<Having> plans;
  for (const auto& [product, of] : rooms_.plans.all()) {
    const auto entitlement = co_await rooms_.subscriptions.entitlement(user_id, product);
    plans.push_back({product, entitlement.plan->name, entitlement.status, entitlement.expires_at,
                     entitlement.cancel_at_period_end});
  }
  co_return shown(plans).as_array();
}

Task<Answer> Admin::user(std::string who) {
  const auto account = co_await find(std::move(who));
  json::object all = shown(account).as_object();
  all["plans"] = co_await plans_of(account.id);
  all["sessions"] = shown(co_await rooms_.people.sessions.list(account.id));
  all["links"] = shown(co_await rooms_.people.accounts.links(account.id));
  all["audit"] = shown(co_await rooms_.privacy->audit.of(account.id, "", kRecent));
  co_return Answer{std::move(all), ""};
}

Task<Answer> Admin::suspend(std::string who) {
  const auto account = co_await find(std::move(who));
  co_await rooms_.people.accounts.suspend(account.id);
  co_await record(account.id, "", "suspended");
  co_return done(account, "suspended", true);
}

Task<Answer> Admin::restore(std::string who) {
  const auto account = co_await find(std::move(who));
  co_await rooms_.privacy->erasures.withdraw(account.id);
  co_await rooms_.people.accounts.restore(account.id);
  co_await record(account.id, "", "restored");
  co_return done(account, "suspended", false);
}

Task<Answer> Admin::verify_mail(std::string who) {
  const auto account = co_await find(std::move(who));
  if (!co_await rooms_.people.accounts.mark_mail_verified(account.id))
    throw Error(Fault::conflict, "NO_MAIL", "This account has no mail address: its person came from elsewhere.");
  co_await record(account.id, "", "mail_verified");
  co_return done(account, "verified", true);
}

Task<Answer> Admin::sessions(std::string who) {
  const auto account = co_await find(std::move(who));
  co_return Answer{shown(co_await rooms_.people.sessions.list(account.id)), ""};
}

Task<Answer> Admin::sign_out(std::string who, std::string session) {
  const auto account = co_await find(std::move(who));
  auto& sessions = rooms_.people.sessions;
  if (session.empty()) {
    co_await sessions.end_all(account.id, "");
  } else if (!co_await sessions.end(account.id, session)) {
    throw Error(Fault::not_found, "NO_SUCH_SESSION",
                "They have no session " + session + " that still lives. `odeon admin sessions` lists theirs.");
  }
  co_await record(account.id, "", "signed_out", {{"session", session.empty() ? "all" : session}});
  co_return done(account, "signed_out", json::value(session.empty() ? "everywhere" : session));
}

Task<Answer> Admin::set_plan(std::string who, std::string product, std::string plan) {
  const auto account = co_await find(std::move(who));
  co_await rooms_.subscriptions.set_plan(account.id, product, plan);
  co_await record(account.id, product, "plan_given", {{"plan", plan}});
  Answer answer = done(account, "product", json::value(product));
  answer.value.as_object()["plan"] = plan;
  co_return answer;
}

Task<Answer> Admin::audit(std::string who, std::int64_t limit) {
  // Somebody who was erased is found by their id alone.
  std::string id = who;
  if (who != kOperator && who != kNobody && !is_uuid(who)) id = (co_await find(std::move(who))).id;
  co_return Answer{shown(co_await rooms_.privacy->audit.of(std::move(id), "", limit)), ""};
}

}  // namespace odeon::server
