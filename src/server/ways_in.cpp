#include "server/ways_in.hpp"

#include "server/rooms.hpp"

namespace odeon::server {

WaysIn::WaysIn(House::Rooms& rooms, identity::DoorPolicy policy, std::span<const std::string_view> events,
               std::string_view oauth_callbacks)
    : door(rooms.people.accounts, rooms.people.sessions, rooms.people.proofs, policy),
      mails(door),
      oauth(
          rooms.people.oauth, door, rooms.people.sessions, rooms.people.cookies, rooms.clock,
          {.callbacks = oauth_callbacks, .app_url = rooms.settings.app_url, .origins = rooms.settings.allowed_origins}),
      shop(rooms.till.payments, policy.product, rooms.settings.app_url),
      keys(policy.product, rooms.people.keys, rooms.subscriptions),
      webhooks(policy.product, events, rooms.webhooks),
      privacy(policy.product, rooms.privacy->exports, rooms.privacy->monthly, rooms.privacy->erasures,
              rooms.privacy->consents, rooms.privacy->audit, *rooms.database, rooms.clock) {}

void WaysIn::mount(http::Api& api, privacy::Leaving leaving) {
  mails.mount(api);
  oauth.mount(api);
  keys.mount(api);
  webhooks.mount(api);
  privacy.mount(api, leaving);
}

}  // namespace odeon::server
