// What CMake turns into text (cmake/rooms.cmake).
#pragma once

#include <string_view>

namespace odeon::privacy::embedded {

extern const std::string_view schema_sql, schema_2_sql;

}  // namespace odeon::privacy::embedded
