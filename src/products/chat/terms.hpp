// Nobody's words go to a model before they agreed to the terms.
#pragma once

#include "engine/database/database.hpp"
#include "engine/http/services.hpp"

namespace odeon::chat {

// Throws Error{forbidden} for a person who has not agreed, or does no more. A program that calls by key is not asked:
// whoever gave it the key answers for it.
Task<void> require_terms(database::Database& database, const Clock& clock, http::Caller caller);

}  // namespace odeon::chat
