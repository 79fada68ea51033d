// Identifiers that sort by the time they were made: UUID version 7 (RFC 9562), plain or behind a
// prefix (`hero_018f…`).
#pragma once

#include <string>
#include <string_view>

#include "base/time.hpp"

namespace odeon {

// Lower-case, with hyphens. Within one process, later calls give greater ids even in one millisecond.
std::string new_uuid(const Clock& clock);
// `prefix` + "_" + the 32 hexadecimal digits of a UUID.
std::string new_id(std::string_view prefix, const Clock& clock);
// Sorts before every UUID that is made from `when` on, and after those made before, but for few that ran ahead of
// the clock within their second: for deleting what is old by its key.
std::string first_uuid_of(Instant when);
bool is_uuid(std::string_view text);

}  // namespace odeon
