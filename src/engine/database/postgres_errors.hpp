// What PostgreSQL's error codes mean to callers (its manual, appendix A).
#pragma once

#include <exception>
#include <string>
#include <string_view>

#include "base/error.hpp"

typedef struct pg_result PGresult;

namespace odeon::database::postgres {

Error unavailable(std::string detail);
std::exception_ptr failure_of(const PGresult* result, std::string_view sql);
// Whether the same may succeed when it is run again from the start of its transaction: it gave way to
// another, or what the server had prepared was out of date.
bool may_run_again(const PGresult* result);
bool was_cancelled(const PGresult* result);

}  // namespace odeon::database::postgres
