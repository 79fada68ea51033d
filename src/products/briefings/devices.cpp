#include "products/briefings/devices.hpp"

#include "engine/http/binding.hpp"

namespace odeon::briefings {

void Devices::mount(http::Api& api) {
  http::mount(api, add_push_token, &Devices::add, *this);
  http::mount(api, remove_push_token, &Devices::remove, *this);
}

Task<http::Created<PushToken>> Devices::add(http::Caller caller, PushToken request) {
  co_await push_.add({.user_id = caller.user_id,
                      .product = std::string(kProduct),
                      .token = request.token,
                      .platform = std::string(request.platform ? json::enum_name(*request.platform) : "")});
  co_return http::Created<PushToken>{std::move(request)};
}

Task<http::NoContent> Devices::remove(http::Caller caller, PushTokenRequest request) {
  const bool removed = co_await push_.remove(
      {.user_id = caller.user_id, .product = std::string(kProduct), .token = std::move(request.token)});
  if (!removed) throw Error(Fault::not_found, "PUSH_TOKEN_NOT_FOUND", "This device was not announced to.");
  co_return http::NoContent{};
}

Task<void> Devices::briefing_ready(database::Transaction& transaction, std::string user_id, std::string briefing_id) {
  co_await push_.send(
      transaction,
      {.user_id = std::move(user_id),
       .product = std::string(kProduct),
       .message = {.title = "Your briefing is ready!", .body = "Tap to listen", .data = {{"briefing_id", briefing_id}}},
       .key = "briefings.ready:" + briefing_id});
}

}  // namespace odeon::briefings
