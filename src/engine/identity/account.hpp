// A person as the rest of the house sees them.
#pragma once

#include <optional>
#include <string>

#include "base/json.hpp"

namespace odeon::identity {

struct Account {
  std::string id;                           // UUID, sorts by time
  std::optional<std::string> mail;          // normalised
  std::optional<Instant> mail_verified_at;  // set only by proof that they read it
  json::object metadata;                    // their own, as they set it: trust nothing in it
  Instant created_at;
  Instant updated_at;
  std::optional<Instant> signed_in_at;
  std::optional<Instant> suspended_at;
};
BOOST_DESCRIBE_STRUCT(Account, (),
                      (id, mail, mail_verified_at, metadata, created_at, updated_at, signed_in_at, suspended_at))

}  // namespace odeon::identity
