// What the claims of an ID token say of a person (OpenID Connect Core 1.0 §5.1).
#pragma once

#include "engine/identity/accounts.hpp"
#include "engine/identity/jwt.hpp"

namespace odeon::identity {

struct OutsideProfile {
  OutsidePerson person;
  std::string name;     // to greet them by, at most 100 characters; or empty
  std::string picture;  // an address by https, or empty
};

// Of a token that was checked. `issuer` is what the account is linked by, whatever the token calls it.
OutsideProfile profile_of(const json::object& claims, std::string issuer);

// Then its `azp` must tell for which of them it was made.
bool has_several_audiences(const json::object& claims);

// As people may be shown: a name on one line and not endless, and no picture that would load in the open.
std::string shown_name(std::string_view name);
std::string shown_picture(std::string_view address);

}  // namespace odeon::identity
