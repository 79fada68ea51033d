// Who takes money.
#include "base/crypto.hpp"
#include "server/open.hpp"
#include "server/rooms.hpp"

namespace odeon::server {
Till::Till(House::Rooms& rooms)
    : payments(*rooms.database, rooms.queue, rooms.subscriptions, rooms.clock, rooms.log),
      rates(rooms.client, rooms.clock, {.base_url = rooms.settings.fx_base_url}),
      currencies(*rooms.database, rates, rooms.plans, rooms.clock, rooms.log),
      google_keys(billing::GooglePlayOptions::keys_url, identity::fetch_by(rooms.client), *rooms.coordination,
                  rooms.clock, rooms.log) {
  payments.price_by(currencies);
  if (!rooms.settings.polar.access_token.empty())
    payments.add(polar.emplace(rooms.client, rooms.clock, rooms.settings.polar));
  if (!rooms.settings.stripe.secret_key.empty())
    payments.add(stripe.emplace(rooms.client, rooms.clock, rooms.settings.stripe));
  if (rooms.settings.app_store) payments.add(app_store.emplace(rooms.client, rooms.clock, *rooms.settings.app_store));
  if (rooms.settings.google_play)
    payments.add(google_play.emplace(rooms.client, rooms.clock, *rooms.database, rooms.queue, google_keys,
                                     *rooms.settings.google_play));
  if (rooms.settings.has_sandbox()) {
    sandbox.emplace(*rooms.database, rooms.plans, rooms.clock,
                    crypto::to_hex(shared_secret(*rooms.database, rooms.ring, "sandbox payment", rooms.clock)));
    sandbox->on_event([&inbox = payments](this auto, std::string body, http::Headers headers) -> Task<void> {
      co_await inbox.receive(std::string(billing::Sandbox::provider_name), std::move(body), std::move(headers));
    });
    payments.add(*sandbox);
    pages.emplace(*sandbox);
  }
}

}  // namespace odeon::server
