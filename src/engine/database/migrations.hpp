// Numbered migrations per module, applied in order under a lock at start; they refuse to run backwards.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/database/database.hpp"

namespace odeon::database {

// One step of a module's schema. `sql` may hold several statements; it runs in one transaction with
// the note that it ran. A step that was released is never edited: its checksum is kept and compared.
struct Migration {
  std::string module;  // "jobs", "briefings"
  int number = 0;      // 1, 2, 3 … without gaps
  std::string_view sql;
};

// Applies what is missing and returns how many steps ran. Throws Error{internal} when the database
// holds a step of one of these modules that `migrations` does not know (a newer binary ran here) or an
// edited one; modules that are not named are left alone. Numbers that are out of order: logic_error.
Task<int> migrate(Database& database, std::vector<Migration> migrations, const Clock& clock);

}  // namespace odeon::database
