// Letters without their size, so that words are found however they are written. Pure.
#pragma once

#include <string>
#include <string_view>

namespace odeon::chat {

// Latin, Greek and Cyrillic letters become small ones; the Turkish i with and without its dot are one letter. Whatever
// else is in it, valid UTF-8 or not, stays.
std::string folded(std::string_view text);

}  // namespace odeon::chat
