// Mail and OAuth at studio's own addresses.
#pragma once

#include "engine/identity/mail_endpoints.hpp"
#include "engine/identity/oauth_endpoints.hpp"
#include "products/studio/studio.hpp"

namespace odeon::studio {

void mount(http::Api& api, identity::MailEndpoints& mails, identity::OAuthEndpoints& oauth);

}  // namespace odeon::studio
