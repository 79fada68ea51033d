// What a call fails with.
#pragma once

#include "engine/ai/text.hpp"

namespace odeon::ai {

// The failure of `fn`, and what it used.
template <class Fn>
FailedAfterUse failure_with_use(Fn fn) {
  try {
    fn();
  } catch (const FailedAfterUse& error) {
    return error;
  } catch (const Error& error) {
    return {error, {}};
  }
  throw std::logic_error("it did not fail");
}

}  // namespace odeon::ai
