// What is never remembered, whoever says it: numbers of cards and accounts, passwords, keys. Pure.
#pragma once

#include <string_view>

namespace odeon::chat {

// Rather once too often than once too little.
bool holds_secret(std::string_view text);

}  // namespace odeon::chat
