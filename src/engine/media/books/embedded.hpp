// What CMake turns into text (cmake/rooms.cmake).
#pragma once

#include <string_view>

namespace odeon::books::embedded {

extern const std::string_view book_css;

}  // namespace odeon::books::embedded
