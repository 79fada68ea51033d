// Money as clients see it.
#pragma once

#include <cstdint>

#include "engine/billing/plans.hpp"

namespace odeon::chat {

// US dollars of nano-dollars; −1 where there is no limit.
inline double dollars(std::int64_t nanos) {
  constexpr double kNanosInDollar = 1'000'000'000;
  return nanos == billing::kUnlimited ? -1 : static_cast<double>(nanos) / kNanosInDollar;
}

}  // namespace odeon::chat
