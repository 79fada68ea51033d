#include "engine/privacy/consents.hpp"

#include "base/ids.hpp"
#include "engine/privacy/store.hpp"

namespace odeon::privacy {

Task<void> Consents::decide(database::Executor& executor, std::string user_id, std::string product, std::string purpose,
                            bool granted, std::string wording) {
  Consent consent{.purpose = std::move(purpose), .granted = granted, .wording = std::move(wording), .at = clock_.now()};
  return store::add_consent(executor, new_uuid(clock_), std::move(user_id), std::move(product), std::move(consent));
}

Task<std::vector<Consent>> Consents::current(std::string user_id, std::string product) {
  std::vector<Consent> holding;
  for (auto& consent : co_await store::consents_of(database_, std::move(user_id), std::move(product))) {
    if (!holding.empty() && holding.back().purpose == consent.purpose) holding.pop_back();
    holding.push_back(std::move(consent));
  }
  co_return holding;
}

Task<bool> Consents::granted(std::string user_id, std::string product, std::string purpose) {
  for (const auto& consent : co_await current(std::move(user_id), std::move(product)))
    if (consent.purpose == purpose) co_return consent.granted;
  co_return false;
}

}  // namespace odeon::privacy
