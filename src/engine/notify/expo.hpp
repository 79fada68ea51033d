// Expo's push service (docs.expo.dev/push-notifications/sending-notifications), which hands messages on to
// Apple and Google.
#pragma once

#include <string>
#include <string_view>

#include "engine/http/json_call.hpp"
#include "engine/notify/carrier.hpp"

namespace odeon::notify {

struct ExpoOptions {
  std::string base_url = "https://exp.host";  // without a trailing slash
  std::string access_token;                   // empty: a project that asks for none
  std::chrono::milliseconds time{30'000};     // for one request, all in all
};

// "ExponentPushToken[…]", or "ExpoPushToken[…]" of newer clients.
bool is_expo_token(std::string_view token);

// Thread-safe. Devices of different Expo projects may be mixed.
class Expo final : public Carrier {
 public:
  Expo(http::Client& client, const Clock& clock, ExpoOptions options);

  Task<std::vector<Ticket>> send(PushMessage message, std::vector<std::string> tokens) override;
  Task<std::map<std::string, Ticket>> receipts(std::vector<std::string> ids) override;

 private:
  Task<http::JsonAnswer> post(std::string path, std::string body);
  json::value data_of(http::JsonAnswer answer) const;

  http::Client& client_;
  const Clock& clock_;
  ExpoOptions options_;
};

}  // namespace odeon::notify
