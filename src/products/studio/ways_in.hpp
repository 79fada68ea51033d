// Mail, OAuth, API keys and webhooks at studio's own addresses.
#pragma once

#include "engine/billing/api_access.hpp"
#include "engine/identity/mail_endpoints.hpp"
#include "engine/identity/oauth_endpoints.hpp"
#include "products/studio/studio.hpp"

namespace odeon::studio {

inline constexpr billing::KeyRoutes kKeyRoutes = billing::key_routes("/api/v1/keys", "/api/v1/keys/{id}");

inline constexpr notify::WebhookRoutes kWebhookRoutes =
    notify::webhook_routes({.all = "/api/v1/webhook-endpoints",
                            .one = "/api/v1/webhook-endpoints/{id}",
                            .attempts = "/api/v1/webhook-endpoints/{id}/attempts",
                            .secret = "/api/v1/webhook-endpoints/{id}/secret",
                            .enable = "/api/v1/webhook-endpoints/{id}/enable",
                            .test = "/api/v1/webhook-endpoints/{id}/test"});

void mount(http::Api& api, identity::MailEndpoints& mails, identity::OAuthEndpoints& oauth);

}  // namespace odeon::studio
