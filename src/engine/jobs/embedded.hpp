// Files of this folder that are part of the program.
#pragma once

#include <string_view>

namespace odeon::jobs::embedded {

extern const std::string_view schema_sql;
extern const std::string_view openings_sql;
extern const std::string_view traces_sql;
extern const std::string_view weights_sql;

}  // namespace odeon::jobs::embedded
