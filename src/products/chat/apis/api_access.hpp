// What all calls of the public APIs have in common: whose they are, and what is told when no model answers.
#pragma once

#include "engine/ai/usage.hpp"
#include "engine/billing/subscriptions.hpp"
#include "products/chat/chat.hpp"

namespace odeon::chat {

inline constexpr http::Rate kCalling{1'200, http::per_minute};

// As thread-safe as what it is given.
class ApiAccess {
 public:
  explicit ApiAccess(billing::Subscriptions& subscriptions) : subscriptions_(subscriptions) {}
  // Who pays for a call. Throws Error{forbidden} where their plan has no API.
  Task<ai::Payer> payer(std::string user_id);

 private:
  billing::Subscriptions& subscriptions_;
};

// Whoever asked for one model has no use for which of its sellers failed how: that none could answer is
// Error{unavailable}. What was wrong with the request stays as it is.
[[noreturn]] void throw_unanswered(std::exception_ptr failure);

// What the gateway's `task` brings.
template <class T>
Task<T> answer_of(Task<T> task) {
  auto outcome = co_await settle(std::move(task));
  if (!outcome) throw_unanswered(outcome.error());
  co_return std::move(*outcome);
}

http::Response whole_answer(std::string body, std::string_view content_type = "application/json");

}  // namespace odeon::chat
