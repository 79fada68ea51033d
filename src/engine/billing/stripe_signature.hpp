// Signatures as Stripe makes them (docs.stripe.com/webhooks/signature): `t=<unix seconds>,v1=<hex>[,v1=…]`, where
// v1 is HMAC-SHA256 over `<t>.<body>` and the key is the whole secret, `whsec_` included.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace odeon::billing {

// How far the stamp may be from now, to either side.
inline constexpr std::chrono::seconds kSignatureTolerance{300};

// Whether any v1 of `header` was made over exactly these bytes with any of `secrets` (several while one is
// rolled), lately. Other schemes are ignored. Takes the same time whichever of them is right.
bool is_signed(std::string_view header, std::string_view body, const std::vector<std::string>& secrets, Instant now);

std::string sign(std::string_view body, std::string_view secret, Instant at);

}  // namespace odeon::billing
