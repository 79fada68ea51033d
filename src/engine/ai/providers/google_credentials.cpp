#include "engine/ai/providers/google_credentials.hpp"

namespace odeon::ai {
namespace {

constexpr const char* kScope = "https://www.googleapis.com/auth/cloud-platform";
constexpr std::chrono::seconds kTime{10};

}  // namespace

GoogleCredentials::GoogleCredentials(http::Client& client, const Clock& clock, identity::ServiceAccount account)
    : access_(client, clock, std::move(account), kScope, kTime,
              Error(Fault::unavailable, "PROVIDER_KEY", "Google gives our service account no access at the moment.")) {}

Task<void> GoogleCredentials::add_to(http::ClientRequest& request) {
  const std::string token = co_await access_.token();
  request.headers.set("Authorization", "Bearer " + token);
  const std::lock_guard lock(mutex_);
  given_ = token;
}

void GoogleCredentials::refused() {
  std::string token;
  {
    const std::lock_guard lock(mutex_);
    token = given_;
  }
  access_.drop(token);
}

}  // namespace odeon::ai
