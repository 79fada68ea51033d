// How often a server that is away is tried.
#pragma once

#include <algorithm>
#include <chrono>
#include <random>

#include "base/crypto.hpp"

namespace odeon::coordination::redis {

class Retry {
 public:
  using Duration = std::chrono::steady_clock::duration;
  Retry(Duration first, Duration last) : first_(first), last_(last), next_(first) {
    const std::string seed = crypto::random_bytes(4);
    random_.seed(static_cast<unsigned char>(seed[0]) | static_cast<unsigned char>(seed[1]) << 8 |
                 static_cast<unsigned char>(seed[2]) << 16);
  }

  // How long to wait after a session that lasted for `lasted`. Nodes that lost the server together do not
  // come back together.
  Duration after(Duration lasted) {
    if (lasted > last_) next_ = first_;
    const Duration pause =
        next_ / 2 + Duration(std::uniform_int_distribution<Duration::rep>(0, next_.count() / 2)(random_));
    next_ = std::min(last_, next_ * 2);
    return pause;
  }

 private:
  Duration first_, last_, next_;
  std::minstd_rand random_;
};

}  // namespace odeon::coordination::redis
