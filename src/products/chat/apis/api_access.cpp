#include "products/chat/apis/api_access.hpp"

#include "products/chat/terms.hpp"

namespace odeon::chat {

Task<ai::Payer> ApiAccess::member(std::string user_id) {
  const auto entitled = co_await subscriptions_.recent(user_id, std::string(kProduct));
  if (!entitled.plan->has("api_access"))
    throw Error(Fault::forbidden, "UPGRADE_REQUIRED", "The API is part of the plan ULTRA.")
        .with_upgrade_url(subscriptions_.plans_of(kProduct).upgrade_url);
  co_return ai::Payer{.user_id = std::move(user_id), .product = std::string(kProduct), .tier = entitled.plan->name};
}

Task<ai::Payer> ApiAccess::payer(const http::Caller& caller) {
  return caller.scopes.empty() ? agreed(caller) : member(caller.user_id);
}

Task<ai::Payer> ApiAccess::agreed(http::Caller caller) {
  std::string user_id = caller.user_id;
  co_await require_terms(database_, clock_, std::move(caller));
  co_return co_await member(std::move(user_id));
}

http::Response whole_answer(std::string body, std::string_view content_type) {
  http::Response response;
  response.headers.add("Content-Type", std::string(content_type));
  response.body = std::move(body);
  return response;
}

}  // namespace odeon::chat
