// API keys that nobody needs any more, for operators.
#pragma once

#include "engine/database/database.hpp"

namespace odeon::identity {

// How many that are good were there before `since`, and have not been used from then on.
Task<std::int64_t> unused_keys(database::Executor& executor, Instant since, Instant now);

}  // namespace odeon::identity
