// Who comes, and what they may ask about themselves.
#include "server/admin.hpp"
#include "server/letters.hpp"
#include "server/open.hpp"
#include "server/rooms.hpp"

namespace odeon::server {
namespace {

std::optional<std::string> set(const std::string& value) {
  return value.empty() ? std::nullopt : std::optional(value);
}

// What each product decides of its tokens.
identity::TokenPolicies token_policies() {
  return identity::TokenPolicies({{std::string(stories::kProduct), stories::kTokens},
                                  {std::string(chat::kProduct), chat::kTokens},
                                  {std::string(podcasts::kProduct), podcasts::kTokens},
                                  {std::string(studio::kProduct), studio::kTokens}});
}

Task<void> suspend(People& people, std::string user_id) {
  co_await people.accounts.suspend(std::move(user_id));
}

}  // namespace

People::People(House::Rooms& rooms)
    : passwords(rooms.hashing, {.memory = rooms.settings.password_memory}),
      access(*rooms.database, rooms.ring, rooms.clock, {.secret = set(rooms.settings.supabase_jwt_secret)}),
      sessions(*rooms.database, access, rooms.clock, rooms.log, {.policies = token_policies()}),
      accounts(*rooms.database, passwords, sessions, *rooms.coordination, rooms.clock, {}),
      keys(*rooms.database, rooms.clock),
      outside({.url = set(rooms.settings.supabase_url), .jwt_secret = set(rooms.settings.supabase_jwt_secret)},
              identity::fetch_by(rooms.client), *rooms.coordination, rooms.clock, rooms.log),
      oauth(*rooms.database, rooms.settings.oauth, rooms.client, *rooms.coordination, rooms.clock, rooms.log),
      id_tokens(rooms.settings.id_issuers, identity::fetch_by(rooms.client), *rooms.coordination, rooms.clock,
                rooms.log),
      cookies(shared_secret(*rooms.database, rooms.ring, "pages' requests", rooms.clock)),
      identity(access, sessions, accounts, keys, outside, cookies, rooms.clock, {}),
      proofs(*rooms.database, *rooms.coordination,
             shared_secret(*rooms.database, rooms.ring, "codes by mail", rooms.clock), rooms.clock),
      supabase(accounts, sessions, access, proofs, {}) {}

// Products forget first, then what they stand on; who knows the person's name goes last.
Privacy::Privacy(House::Rooms& rooms)
    : stories(*rooms.database, *rooms.storage),
      chat(*rooms.database, *rooms.storage),
      podcasts(*rooms.database, *rooms.storage),
      identity(*rooms.database),
      billing(*rooms.database, rooms.till.payments, rooms.clock),
      notify(*rooms.database),
      audit(*rooms.database, shared_secret(*rooms.database, rooms.ring, "audit trail", rooms.clock), rooms.clock),
      consents(*rooms.database, rooms.clock),
      exports(*rooms.storage, audit, consents,
              {&rooms.briefings->data, &stories, &chat, &podcasts, &notify, &billing, &identity}, rooms.heavy,
              rooms.clock),
      monthly(*rooms.database, shared_secret(*rooms.database, rooms.ring, "exports by mail", rooms.clock), rooms.clock),
      erasures(
          *rooms.database, rooms.queue, audit,
          {&rooms.briefings->data, &stories, &chat, &podcasts, &notify, &billing, &identity},
          [&people = rooms.people](std::string user_id) { return suspend(people, std::move(user_id)); }, rooms.clock),
      briefings("briefings", exports, monthly, erasures, consents, audit, *rooms.database, rooms.clock) {
  monthly.offered_by([&rooms](this auto, database::Transaction& transaction, privacy::ExportOffer offer) -> Task<void> {
    const auto account = co_await rooms.people.accounts.find(offer.user_id);
    if (!account || !account->mail || account->suspended_at) co_return;
    co_await rooms.mail.send(transaction, mail_of(std::move(offer), *account->mail, rooms.settings.link_base()));
  });
  erasures.on_waiting([this](std::string user_id) { return billing.end_contracts(std::move(user_id), ""); });
  erasures.sent_by([&mail = rooms.mail](this auto, database::Transaction& transaction, std::string to,
                                        privacy::Receipt receipt) -> Task<void> {
    const auto sent = co_await settle(mail.send(transaction, mail_of(receipt, std::move(to))));
    try {
      if (!sent) std::rethrow_exception(sent.error());
    } catch (const Error& error) {
      // An address that is none keeps nobody from being erased.
      if (error.fault != Fault::invalid) throw;
    }
  });
  const auto created = [&metrics = rooms.metrics](std::string_view way) {
    return metrics.counter("odeon_accounts_created_total", "People who signed up, by password or by an outside issuer.",
                           {{"way", std::string(way)}});
  };
  rooms.people.sessions.witnessed_by([this, by_password = created("password"), by_issuer = created("issuer")](
                                         database::Executor& executor, identity::Witnessed seen) mutable {
    if (seen.action == "account_created") (seen.details.contains("issuer") ? by_issuer : by_password).add();
    if (seen.account_id.empty()) seen.account_id = kNobody;
    return audit.record(executor, {.user_id = std::move(seen.account_id),
                                   .product = std::move(seen.product),
                                   .action = std::move(seen.action),
                                   .details = std::move(seen.details)});
  });
}

}  // namespace odeon::server
