#include "engine/identity/oauth_issuer.hpp"

#include "engine/identity/oauth_wire.hpp"

namespace odeon::identity {
namespace {

constexpr Micros kKeepFor = std::chrono::hours(1), kAskEvery = std::chrono::minutes(1);
// For the nodes that ask in the same moment.
constexpr std::chrono::milliseconds kShareFor{5'000};

struct Document {
  std::string issuer;
  std::string authorization_endpoint;
  std::string token_endpoint;
  std::string jwks_uri;
};
BOOST_DESCRIBE_STRUCT(Document, (), (issuer, authorization_endpoint, token_endpoint, jwks_uri))

}  // namespace

std::string without_slash(std::string address) {
  while (address.ends_with('/')) address.pop_back();
  return address;
}

OAuthIssuer::OAuthIssuer(std::string issuer, std::string other_name, Fetch fetch,
                         coordination::Coordination& coordination, const Clock& clock, Log& log)
    : issuer_(without_slash(std::move(issuer))),
      other_name_(std::move(other_name)),
      fetch_(std::move(fetch)),
      coordination_(coordination),
      clock_(clock),
      log_(log) {}

bool OAuthIssuer::is_called(std::string_view issuer) const {
  const std::string name = without_slash(std::string(issuer));
  return !name.empty() && (name == issuer_ || name == other_name_);
}

bool OAuthIssuer::should_ask() const {
  const Instant now = clock_.now();
  const std::lock_guard lock(mutex_);
  return !known_ || (now - known_since_ >= kKeepFor && now - tried_at_ >= kAskEvery);
}

Task<std::shared_ptr<const OAuthIssuer::Endpoints>> OAuthIssuer::endpoints() {
  if (should_ask()) co_await ask();
  const std::lock_guard lock(mutex_);
  co_return known_;
}

// Returns only if something is known now.
Task<void> OAuthIssuer::ask() {
  const Instant now = clock_.now();
  {
    const std::lock_guard lock(mutex_);
    tried_at_ = now;
  }
  const std::string url = issuer_ + "/.well-known/openid-configuration";
  auto fetch = [&fetch = fetch_, url](this auto) { return fetch(url); };
  // A client that leaves must not keep the others from the answer, nor use up the minute.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  const auto document = co_await settle(cached_or(coordination_, "identity.issuer|" + url, kShareFor, fetch));
  co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
  const std::lock_guard lock(mutex_);
  try {
    if (!document)
      throw Error(Fault::unavailable, "ISSUER_UNREACHABLE", "This way of signing in is away just now. Try again soon.")
          .with_retry_after(std::chrono::seconds(5))
          .with_detail(describe(document.error()));
    known_ = read(*document);
    known_since_ = now;
  } catch (const Error& error) {
    log_.warning("identity.issuer_unreachable", {{"issuer", issuer_}, {"reason", error.code}});
    if (!known_) throw;
  }
}

std::shared_ptr<const OAuthIssuer::Endpoints> OAuthIssuer::read(std::string_view document) const {
  Document said;
  try {
    said = json::from<Document>(document);
  } catch (const Error&) {
    throw oauth::provider_fault("its discovery document cannot be read");
  }
  if (!is_called(said.issuer)) throw oauth::provider_fault("its discovery document is another issuer's");
  // Who is asked in secret is not told to ask in public.
  const std::string_view scheme = issuer_.starts_with("http://") ? "http" : "https://";
  for (const auto* address : {&said.authorization_endpoint, &said.token_endpoint, &said.jwks_uri})
    if (!address->starts_with(scheme))
      throw oauth::provider_fault("its discovery document has an address of another kind");
  Endpoints found{.authorize = std::move(said.authorization_endpoint),
                  .token = std::move(said.token_endpoint),
                  .keys_address = said.jwks_uri};
  found.keys = known_ && known_->keys_address == said.jwks_uri
                   ? known_->keys
                   : std::make_shared<RemoteKeys>(std::move(said.jwks_uri), fetch_, coordination_, clock_, log_);
  return std::make_shared<const Endpoints>(std::move(found));
}

Task<void> OAuthIssuer::check(jwt::Token token, std::string audience) {
  if (token.algorithm == Algorithm::HS256) throw jwt::invalid_token("a secret's signature");
  if (!is_called(token.issuer)) throw jwt::invalid_token("another issuer");
  const auto found = co_await endpoints();
  const auto keys = co_await found->keys->keys_for(token.algorithm, token.key_id);
  jwt::check(token, *keys, {.issuer = token.issuer, .audience = std::move(audience)}, clock_.now());
}

}  // namespace odeon::identity
