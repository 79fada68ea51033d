// The devices that a listener's briefings are announced on.
#pragma once

#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "engine/notify/push.hpp"
#include "products/briefings/briefings.hpp"

namespace odeon::briefings {

enum class Platform { ios, android, web };
BOOST_DESCRIBE_ENUM(Platform, ios, android, web)

struct PushToken {
  Text<1, 200> token;  // ExponentPushToken[…]
  std::optional<Platform> platform;
};
BOOST_DESCRIBE_STRUCT(PushToken, (), (token, platform))

struct PushTokenRequest {
  std::string token;
};
BOOST_DESCRIBE_STRUCT(PushTokenRequest, (), (token))

inline constexpr Endpoint<PushToken, http::Created<PushToken>> add_push_token{
    {.method = Method::post,
     .path = "/api/push-tokens",
     .summary = "Announce your briefings on this device",
     .description = "A token of Expo. Sent again, it says that the device is still yours; one that was somebody "
                    "else's becomes yours.",
     .auth = Auth::user,
     .rate = {60, http::per_minute}}};
inline constexpr Endpoint<PushTokenRequest, http::NoContent> remove_push_token{
    {.method = Method::delete_,
     .path = "/api/push-tokens/{token}",
     .summary = "Announce nothing on this device any more",
     .auth = Auth::user,
     .rate = {60, http::per_minute}}};

class Devices {
 public:
  explicit Devices(notify::Push& push) : push_(push) {}

  Task<http::Created<PushToken>> add(http::Caller caller, PushToken request);
  Task<http::NoContent> remove(http::Caller caller, PushTokenRequest request);

  void mount(http::Api& api);

  // Announces a briefing of one's own, in the transaction that makes it ready; once however often it is called.
  Task<void> briefing_ready(database::Transaction& transaction, std::string user_id, std::string briefing_id);

 private:
  notify::Push& push_;
};

}  // namespace odeon::briefings
