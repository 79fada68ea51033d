// How pictures begin, which is enough to tell what they are.
#pragma once

#include <string>

namespace odeon::ai {

inline const std::string kPng = "\x89PNG\r\n", kJpeg = "\xFF\xD8\xFF\xE0";

}  // namespace odeon::ai
