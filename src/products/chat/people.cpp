#include "products/chat/people.hpp"

#include "base/nullable.hpp"
#include "engine/http/binding.hpp"
#include "products/chat/payment.hpp"

namespace odeon::chat {
namespace {

constexpr std::string_view kTermsShown = "unnamed";  // by a client that does not say which

// "Bearer …"; nothing else is a token.
std::string token_of(const http::Headers& headers) {
  const std::string_view field = text::trim(headers.get("Authorization"));
  const auto space = field.find(' ');
  if (space == std::string_view::npos || !text::equals_ignoring_case(field.substr(0, space), "Bearer"))
    throw Error(Fault::unauthenticated, "UNAUTHENTICATED", "Send an ID token as Authorization: Bearer.");
  return std::string(text::trim(field.substr(space)));
}

std::string wording_of(const std::optional<Text<1, 60>>& terms_version) {
  return std::string(terms_version ? std::string_view(*terms_version) : kTermsShown);
}

}  // namespace

void People::mount(http::Api& api) {
  http::mount(api, verify_id_token, &People::verify, *this);
  http::mount(api, signup, &People::sign_up, *this);
  http::mount(api, login, &People::sign_in, *this);
  http::mount(api, refresh, &People::renew, *this);
  http::mount(api, logout, &People::sign_out, *this);
  http::mount(api, me, &People::who, *this);
}

Task<User> People::user_of(identity::Account account) {
  const auto entitled = co_await rooms_.subscriptions.entitlement(account.id, std::string(kProduct));
  co_return User{.id = account.id,
                 .email = account.mail.value_or(""),
                 .name = or_null(identity::name_of(account)),
                 .email_verified = account.mail_verified_at.has_value(),
                 .tier = tier_of(*entitled.plan),
                 .subscription_status = status_of(entitled),
                 .trial_or_period_ends_at = or_null(entitled.expires_at),
                 .created_at = account.created_at};
}

Task<WithHeaders<SessionReply>> People::reply(identity::SignedIn in, unsigned status) {
  WithHeaders<SessionReply> reply{.value = {.sessionToken = std::move(in.tokens.access_token),
                                            .refreshToken = std::move(in.tokens.refresh_token),
                                            .expiresIn = in.tokens.expires_in,
                                            .user = co_await user_of(std::move(in.account))},
                                  .status = status};
  reply.headers.add("Cache-Control", "no-store");
  co_return reply;
}

Task<void> People::begin(identity::Account account) {
  auto transaction = co_await rooms_.database.begin(database::Isolation::statement);
  co_await rooms_.subscriptions.begin_trial(*transaction, account.id, std::string(kProduct));
  co_await transaction->commit();
}

Task<WithHeaders<SessionReply>> People::welcome(identity::SignedIn in, unsigned status) {
  co_await begin(in.account);
  co_return co_await reply(std::move(in), status);
}

Task<WithHeaders<SessionReply>> People::verify(VerifyRequest request) {
  Verification said;
  if (!text::trim(request.body).empty()) said = json::from<Verification>(request.body);
  auto claims = co_await rooms_.id_tokens.check(token_of(request.headers));
  auto in = co_await rooms_.door.admit(std::move(claims.person), std::move(claims.name), std::move(claims.picture));
  co_await decide(in.account.id, {said.consent, said.voice_consent, wording_of(said.terms_version)});
  co_return co_await welcome(std::move(in), 200);
}

Task<WithHeaders<SessionReply>> People::sign_up(http::Caller caller, SignupRequest request) {
  if (!request.consent)
    throw Error(Fault::invalid, "CONSENT_REQUIRED", "Agree to the terms to sign up.")
        .with_fields({{"consent", "required", "Agree to the terms to sign up."}});
  json::object metadata;
  if (!request.name.empty()) metadata["name"] = std::string(request.name);
  auto in = co_await rooms_.door.sign_up({.mail = request.email,
                                          .password = request.password,
                                          .metadata = std::move(metadata),
                                          .address = caller.address});
  co_await decide(in.account.id, {true, request.voice_consent, wording_of(request.terms_version)});
  co_return co_await welcome(std::move(in), 201);
}

Task<void> People::decide(std::string user_id, Decisions decisions) {
  if (!decisions.terms && !decisions.voice) co_return;
  auto transaction = co_await rooms_.database.begin(database::Isolation::statement);
  if (decisions.terms)
    co_await agree(*transaction, user_id, std::string(kTermsConsent), *decisions.terms, decisions.wording);
  if (decisions.voice)
    co_await agree(*transaction, user_id, std::string(kVoiceConsent), *decisions.voice, decisions.wording);
  co_await transaction->commit();
}

Task<void> People::agree(database::Transaction& transaction, std::string user_id, std::string purpose, bool granted,
                         std::string wording) {
  const std::string product(kProduct);
  co_await rooms_.consents.decide(transaction, user_id, product, purpose, granted, wording);
  co_await rooms_.audit.record(transaction, {.user_id = user_id,
                                             .product = product,
                                             .action = granted ? "consented" : "consent_withdrawn",
                                             .details = {{"purpose", purpose}, {"wording", wording}}});
}

Task<WithHeaders<SessionReply>> People::sign_in(http::Caller caller, LoginRequest request) {
  co_return co_await welcome(co_await rooms_.door.sign_in(request.email, request.password, caller.address), 200);
}

Task<WithHeaders<SessionReply>> People::renew(RefreshRequest request) {
  co_return co_await reply(co_await rooms_.door.refresh(request.refreshToken), 200);
}

Task<Success> People::sign_out(http::Caller caller) {
  co_await rooms_.door.sign_out(caller.session_id);
  co_return Success{};
}

Task<UserReply> People::who(http::Caller caller) {
  auto account = co_await rooms_.door.account_of(caller.user_id);
  co_return UserReply{co_await user_of(std::move(account))};
}

}  // namespace odeon::chat
