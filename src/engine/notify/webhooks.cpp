// What owners do with their endpoints; webhooks_deliver.cpp tells them of events.
#include "engine/notify/webhooks.hpp"

#include <boost/asio/ip/address.hpp>

#include "base/ids.hpp"
#include "engine/http/client_target.hpp"
#include "engine/notify/addresses.hpp"
#include "engine/notify/signatures.hpp"
#include "engine/notify/store_webhooks.hpp"

namespace odeon::notify {
namespace {

constexpr std::size_t kLongestUrl = 2000, kMaxTypes = 50, kMaxType = 100;
constexpr std::uint16_t kFirstFreePort = 1024;

Error refused_webhook(std::string path, std::string code, std::string message) {
  return Error(Fault::invalid, "INVALID_WEBHOOK", message)
      .with_fields({{std::move(path), std::move(code), std::move(message)}});
}

// A name is looked up only when it is connected to; an address can be told at once.
bool is_private_literal(const std::string& host) {
  boost::system::error_code not_an_address;
  const auto address = asio::ip::make_address(host, not_an_address);
  if (not_an_address) return host == "localhost" || host.ends_with(".localhost");
  return address.is_v4() ? !is_public_address(address.to_v4().to_bytes())
                         : !is_public_address(address.to_v6().to_bytes());
}

void check_url(const std::string& url, bool allow_private) {
  if (url.size() > kLongestUrl) throw refused_webhook("url", "too_long", "The address is too long.");
  http::client::Target target;
  try {
    target = http::client::parse_target(url);
  } catch (const Error& error) {
    throw refused_webhook("url", "url", error.message);
  }
  if (allow_private) return;
  if (target.port != 80 && target.port != 443 && target.port < kFirstFreePort)
    throw refused_webhook("url", "not_allowed", "The port must be 80, 443 or above 1023.");
  if (is_private_literal(target.host))
    throw refused_webhook("url", "not_allowed", "The address must be one that everybody on the Internet can reach.");
}

void check_types(const std::vector<std::string>& types) {
  auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
  };
  auto fits = [&](const std::string& type) {
    return !type.empty() && type.size() <= kMaxType && std::ranges::all_of(type, is_plain);
  };
  if (types.size() > kMaxTypes || !std::ranges::all_of(types, fits))
    throw refused_webhook("events", "not_allowed", "The types of events must look like briefing.ready.");
}

WebhookEndpoint endpoint_of(store::EndpointRow row) {
  return {.id = std::move(row.id),
          .owner = std::move(row.owner),
          .product = std::move(row.product),
          .url = std::move(row.url),
          .events = json::from<std::vector<std::string>>(row.events),
          .created_at = row.created_at,
          .disabled_at = row.disabled_at,
          .disabled_because = std::move(row.disabled_because)};
}

}  // namespace

Webhooks::Webhooks(database::Database& database, jobs::Queue& queue, const Clock& clock, Log& log, Metrics& metrics,
                   WebhookOptions options)
    : database_(database),
      queue_(queue),
      clock_(clock),
      log_(log),
      metrics_(metrics),
      options_(std::move(options)),
      client_({.first_byte_time = options_.time,
               .idle_time = std::chrono::seconds(5),
               .max_idle_per_origin = 2,
               .authorities_file = options_.authorities_file,
               .may_connect = options_.allow_private ? http::AddressFilter() : is_public_address}) {}

Task<CreatedEndpoint> Webhooks::create(NewEndpoint endpoint) {
  check_url(endpoint.url, options_.allow_private);
  check_types(endpoint.events);
  std::string secret = new_webhook_secret();
  store::EndpointRow row{.id = new_id("whe", clock_),
                         .owner = std::move(endpoint.owner),
                         .product = std::move(endpoint.product),
                         .url = std::move(endpoint.url),
                         .events = json::write(endpoint.events),
                         .secret = options_.seal ? options_.seal(secret) : secret,
                         .created_at = clock_.now()};
  auto transaction = co_await database_.begin();
  const auto others = co_await store::endpoints_of(*transaction, row.owner, row.product);
  if (others.size() >= max_endpoints)
    throw Error(Fault::conflict, "TOO_MANY_WEBHOOKS", "Remove an endpoint before you add another.");
  co_await store::add_endpoint(*transaction, row);
  co_await transaction->commit();
  co_return CreatedEndpoint{endpoint_of(std::move(row)), std::move(secret)};
}

Task<std::vector<WebhookEndpoint>> Webhooks::list(std::string owner, std::string product) {
  std::vector<WebhookEndpoint> endpoints;
  for (auto& row : co_await store::endpoints_of(database_, std::move(owner), std::move(product)))
    endpoints.push_back(endpoint_of(std::move(row)));
  co_return endpoints;
}

Task<std::vector<WebhookAttempt>> Webhooks::attempts(std::string owner, std::string id) {
  return store::attempts_of(database_, std::move(owner), std::move(id), kept_attempts);
}

Task<std::optional<std::string>> Webhooks::roll_secret(std::string owner, std::string id) {
  std::string secret = new_webhook_secret();
  auto transaction = co_await database_.begin();
  auto row = co_await store::find_endpoint(*transaction, std::move(id));
  if (!row || row->owner != owner) co_return std::nullopt;
  row->old_secret = std::move(row->secret);
  row->old_secret_until = clock_.now() + options_.old_secret_life;
  row->secret = options_.seal ? options_.seal(secret) : secret;
  co_await store::set_secrets(*transaction, std::move(*row));
  co_await transaction->commit();
  co_return secret;
}

Task<bool> Webhooks::enable(std::string owner, std::string id) {
  return store::enable_endpoint(database_, std::move(owner), std::move(id));
}

Task<bool> Webhooks::remove(std::string owner, std::string id) {
  auto transaction = co_await database_.begin();
  const bool removed = co_await store::remove_endpoint(*transaction, std::move(owner), std::move(id));
  co_await transaction->commit();
  co_return removed;
}

}  // namespace odeon::notify
