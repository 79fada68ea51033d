// The ways into one product, joined: what is the same in every product that has people of its own.
#pragma once

#include "engine/billing/shop.hpp"
#include "engine/identity/door.hpp"
#include "engine/identity/mail_endpoints.hpp"
#include "engine/identity/oauth_endpoints.hpp"
#include "engine/privacy/endpoints.hpp"
#include "server/house.hpp"

namespace odeon::server {

struct WaysIn {
  WaysIn(House::Rooms& rooms, identity::DoorPolicy policy, std::string_view oauth_callbacks = "/api/auth/oauth");

  identity::Door door;
  identity::MailEndpoints mails;
  identity::OAuthEndpoints oauth;
  billing::Storefront shop;
  privacy::Endpoints privacy;
};

}  // namespace odeon::server
