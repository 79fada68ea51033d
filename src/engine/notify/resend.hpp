// Mail by Resend's HTTP API (resend.com/docs/api-reference/emails/send-email).
#pragma once

#include <string>

#include "engine/http/client.hpp"
#include "engine/notify/postman.hpp"

namespace odeon::notify {

struct ResendOptions {
  std::string base_url = "https://api.resend.com";  // without a trailing slash
  std::string key;
  std::chrono::milliseconds time{30'000};  // for one mail, all in all
};

// A letter that is sent again within a day, as after an answer that was lost, is delivered once: its id is the
// idempotency key.
class Resend final : public Postman {
 public:
  Resend(http::Client& client, const Clock& clock, ResendOptions options)
      : client_(client), clock_(clock), options_(std::move(options)) {}
  Task<void> send(Letter letter) override;

 private:
  Task<void> exchange(http::ClientRequest request);

  http::Client& client_;
  const Clock& clock_;
  ResendOptions options_;
};

}  // namespace odeon::notify
