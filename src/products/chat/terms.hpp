// Nobody's words go to a model before they agreed to the terms, or after they no longer do.
#pragma once

#include "engine/database/database.hpp"
#include "engine/http/services.hpp"

namespace odeon::chat {

// Throws Error{forbidden} for a person who has not agreed, or does no more. A program that calls by key is not asked:
// whoever gave it the key answers for it.
Task<void> require_terms(database::Database& database, const Clock& clock, http::Caller caller);

// Whether the last that somebody decided is not to agree: what still waits for them is not begun. False for who never
// decided, as nothing waits for them but what a program asked for.
Task<bool> terms_refused(database::Database& database, const Clock& clock, std::string user_id);

}  // namespace odeon::chat
