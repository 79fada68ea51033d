// Copies of an embedded database's file, taken while others write to it.
#pragma once

#include <string>

namespace odeon::database {

// Writes the database at `path`, as it is at one moment, into the new file `to`, and syncs that. Writers are not
// held up. Blocks. Throws Error when there is no database, or no room.
void copy_sqlite(const std::string& path, const std::string& to);

// Reads all of the database at `path`. Throws Error{invalid} that says what is broken in it. Blocks.
void check_sqlite(const std::string& path);

}  // namespace odeon::database
