// How long the sign-ins of a product last and what they give: all that a product decides about tokens.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

namespace odeon::identity {

enum class AccessForm {
  jwt,     // short-lived, with a refresh token that is replaced at each use
  opaque,  // a secret that stands for the session itself, for as long as that is used
};

struct TokenPolicy {
  AccessForm form = AccessForm::jwt;
  std::chrono::seconds access{3600};      // how long a JWT is good
  std::chrono::seconds idle{30 * 86400};  // a session that was not refreshed (opaque: used) for so long is over
  bool by_cookie = false;                 // pages get and send the tokens as cookies (session_cookies.hpp)
};

class TokenPolicies {
 public:
  TokenPolicies() = default;
  explicit TokenPolicies(std::map<std::string, TokenPolicy, std::less<>> policies) : policies_(std::move(policies)) {}
  // The standard one of a product that names none.
  const TokenPolicy& of(std::string_view product) const {
    const auto found = policies_.find(product);
    return found == policies_.end() ? standard_ : found->second;
  }

 private:
  TokenPolicy standard_;
  std::map<std::string, TokenPolicy, std::less<>> policies_;
};

}  // namespace odeon::identity
