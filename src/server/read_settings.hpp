// The settings, read by subject: each part reports what is wrong to `config` and goes on.
#pragma once

#include "server/settings.hpp"

namespace odeon::server {

// Of addresses that start with http:// or https://, without a trailing slash.
std::string web_address(Config& config, std::string_view key, const std::string& variable, std::string fallback);
// "STRIPE_PRICE_BRIEFINGS_PRO_YEARLY" of the like; what no variable has in its name becomes "_".
std::string upper(std::string name);

// What `text` is, or what the file of that name holds: a key file of Google's. Throws Error{invalid} for neither.
identity::ServiceAccount service_account(std::string text);

void read_models(Config& config, Settings& settings);   // settings_models.cpp
void read_people(Config& config, Settings& settings);   // settings_people.cpp
void read_payment(Config& config, Settings& settings);  // settings_payment.cpp

}  // namespace odeon::server
