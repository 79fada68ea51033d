#include "engine/ai/circuit.hpp"

#include <algorithm>

namespace odeon::ai {

std::optional<Circuit::Admission> Circuit::admit(Instant now) {
  if (!would_admit(now)) return std::nullopt;
  if (closed()) return Admission::call;
  probing_ = true;
  return Admission::probe;
}

void Circuit::succeeded(Admission admission) {
  if (admission == Admission::probe) {
    probing_ = false;
    open_until_.reset();
  }
  // A call from before the circuit opened proves nothing about now.
  if (closed()) failures_ = 0;
}

void Circuit::failed(Admission admission, Instant now, std::optional<std::chrono::seconds> retry_after) {
  if (admission == Admission::probe) probing_ = false;
  std::optional<Instant> until;
  if (retry_after && retry_after->count() > 0) {
    // Compared in seconds: a provider may say any number, and microseconds would overflow.
    const auto longest = std::chrono::floor<std::chrono::seconds>(rules_.longest);
    until = now + std::min(*retry_after, longest);
  } else if (admission == Admission::probe || (closed() && ++failures_ >= rules_.failures)) {
    until = now + rules_.rest;
  }
  if (!until) return;
  open_until_ = open_until_ ? std::max(*open_until_, *until) : *until;
  failures_ = 0;
}

void Circuit::abandoned(Admission admission) {
  if (admission == Admission::probe) probing_ = false;
}

Instant Circuit::next(Instant now) const {
  if (closed()) return now;
  return probing_ ? std::max(*open_until_, now + std::chrono::seconds(1)) : *open_until_;
}

}  // namespace odeon::ai
