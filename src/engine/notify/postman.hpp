// What takes mails out of the house: the outside world as `Mail` sees it.
#pragma once

#include "base/task.hpp"
#include "engine/notify/letter.hpp"

namespace odeon::notify {

class Postman {
 public:
  virtual ~Postman() = default;
  // Hands `letter` over. Throws Error: with may_pass() if another attempt may do better, else it never will. What
  // it says and details names no address: servers' answers do, so they are told by their numbers.
  // Thread-safe.
  virtual Task<void> send(Letter letter) = 0;
};

}  // namespace odeon::notify
