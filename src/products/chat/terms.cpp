#include "products/chat/terms.hpp"

#include <algorithm>

#include "engine/privacy/consents.hpp"
#include "products/chat/chat.hpp"

namespace odeon::chat {

Task<void> require_terms(database::Database& database, const Clock& clock, http::Caller caller) {
  if (!caller.scopes.empty()) co_return;
  privacy::Consents consents(database, clock);
  if (co_await consents.granted(std::move(caller.user_id), std::string(kProduct), std::string(kTermsConsent)))
    co_return;
  throw Error(Fault::forbidden, "CONSENT_REQUIRED",
              "Agree to the terms first: PUT /api/user/consents with purpose \"terms\", granted true and as wording "
              "the version that you were shown.");
}

Task<bool> terms_refused(database::Database& database, const Clock& clock, std::string user_id) {
  privacy::Consents consents(database, clock);
  const auto decided = co_await consents.current(std::move(user_id), std::string(kProduct));
  const auto terms = std::ranges::find(decided, kTermsConsent, &privacy::Consent::purpose);
  co_return terms != decided.end() && !terms->granted;
}

}  // namespace odeon::chat
