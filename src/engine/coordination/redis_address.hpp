// Where a Redis server is and who asks.
#pragma once

#include <cstdint>
#include <string>

namespace odeon::coordination::redis {

struct Address {
  std::string host;
  std::uint16_t port = 6379;
  bool tls = false;
  std::string user;      // empty: the default user
  std::string password;  // empty: none is asked for
  int database = 0;
};

// Throws Error{invalid} that says what is wrong without repeating the password.
Address parse_address(const std::string& url);

}  // namespace odeon::coordination::redis
