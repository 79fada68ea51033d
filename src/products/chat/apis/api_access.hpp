// What all calls of the public APIs have in common: whose they are, and how they are answered.
#pragma once

#include "engine/ai/usage.hpp"
#include "engine/billing/subscriptions.hpp"
#include "engine/http/services.hpp"
#include "products/chat/chat.hpp"
#include "products/chat/unanswered.hpp"

namespace odeon::chat {

inline constexpr http::Rate kCalling{1'200, http::per_minute};

// As thread-safe as what it is given, which outlives it.
class ApiAccess {
 public:
  ApiAccess(database::Database& database, billing::Subscriptions& subscriptions, const Clock& clock)
      : database_(database), subscriptions_(subscriptions), clock_(clock) {}
  // Whose call it is. Throws Error{forbidden} where their plan has no API.
  Task<ai::Payer> member(std::string user_id);
  // The same for a call that tells a model something: also forbidden where a person has not agreed to the terms.
  Task<ai::Payer> payer(const http::Caller& caller);

 private:
  // A person, by a session: a program with a key is asked nothing, and has no frame and no copy for it.
  Task<ai::Payer> agreed(http::Caller caller);

  database::Database& database_;
  billing::Subscriptions& subscriptions_;
  const Clock& clock_;
};

// What the gateway's `task` brings, or what a program is told instead. `input_at` is the field of what may be too long.
template <class T>
Task<T> answer_of(Task<T> task, const char* input_at) {
  try {
    co_return co_await std::move(task);
  } catch (...) {
    throw_unanswered(std::current_exception(), input_at);
  }
}

http::Response whole_answer(std::string body, std::string_view content_type = "application/json");

}  // namespace odeon::chat
