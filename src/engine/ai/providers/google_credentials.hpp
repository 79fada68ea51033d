// Google's APIs as a service account: Vertex AI, and speech in the cloud.
#pragma once

#include <mutex>

#include "engine/ai/providers/credentials.hpp"
#include "engine/identity/google_access.hpp"

namespace odeon::ai {

class GoogleCredentials final : public Credentials {
 public:
  // `client` and `clock` outlive it.
  GoogleCredentials(http::Client& client, const Clock& clock, identity::ServiceAccount account);
  Task<void> add_to(http::ClientRequest& request) override;
  void refused() override;

 private:
  identity::GoogleAccess access_;
  std::mutex mutex_;
  std::string given_;  // the last token
};

}  // namespace odeon::ai
