// The ways into one product, joined: what is the same in every product that has people of its own.
#pragma once

#include "engine/billing/api_access.hpp"
#include "engine/billing/shop.hpp"
#include "engine/identity/door.hpp"
#include "engine/identity/mail_endpoints.hpp"
#include "engine/identity/oauth_endpoints.hpp"
#include "engine/notify/webhook_endpoints.hpp"
#include "engine/privacy/endpoints.hpp"
#include "server/house.hpp"

namespace odeon::server {

struct WaysIn {
  // `events` are what the product tells people's programs of.
  WaysIn(House::Rooms& rooms, identity::DoorPolicy policy, std::span<const std::string_view> events,
         std::string_view oauth_callbacks = "/api/auth/oauth");

  // All but buying, at the addresses that most products have.
  void mount(http::Api& api, privacy::Leaving leaving = privacy::Leaving::shared);

  identity::Door door;
  identity::MailEndpoints mails;
  identity::OAuthEndpoints oauth;
  billing::Storefront shop;
  billing::ApiAccess keys;
  notify::WebhookDesk webhooks;
  privacy::Endpoints privacy;
};

}  // namespace odeon::server
