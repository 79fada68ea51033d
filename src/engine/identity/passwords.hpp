// Passwords as Argon2id hashes in the PHC string format, by libsodium. Hashing takes tens of
// milliseconds and tens of megabytes by design, so it runs on a pool, a few at a time; a flood of
// sign-ins waits in line or is told to come back.
//
// People who were brought from elsewhere may have bcrypt hashes ($2a$, $2b$, $2y$): they are good for signing in once,
// and outdated then.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/identity/permits.hpp"

namespace odeon::identity {

// The smallest that OWASP's Password Storage Cheat Sheet recommends for Argon2id with two passes: about 20 ms.
struct PasswordOptions {
  unsigned long long operations = 2;
  std::size_t memory = 19ULL * 1024 * 1024;  // bytes, of each hash under way
  std::size_t at_once = 2;
  std::size_t max_waiting = 128;
};

// Thread-safe. Passwords are bytes; nobody normalises them.
class Passwords {
 public:
  Passwords(ThreadPool& pool, PasswordOptions options);

  // Whether `stored` is a hash that can be checked here, and checking it takes no longer than a second.
  static bool knows(std::string_view stored);

  // Throws Error{unavailable} when too many are waiting, as `check` does.
  Task<std::string> hash(std::string password);

  enum class Match {
    no,
    yes,
    outdated,  // yes, and the hash was made with other parameters: store a new one
  };
  // Without a stored hash (nobody has that name, or they have no password) the answer is no, after the same
  // time.
  Task<Match> check(std::string password, std::optional<std::string> stored);

 private:
  ThreadPool& pool_;
  PasswordOptions options_;
  std::string nobody_;  // a hash that no password has
  Permits permits_;
};

}  // namespace odeon::identity
