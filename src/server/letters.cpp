#include "server/letters.hpp"

namespace odeon::server {
namespace {

constexpr std::string_view kProduct = "Odeon";

}  // namespace

notify::MailOrder mail_of(identity::ProofLetter letter, const std::string& base_url) {
  const bool recovers = letter.purpose == identity::Purpose::recover;
  const auto which = recovers ? notify::MailTemplate::reset_password : notify::MailTemplate::verify_address;
  return {.user_id = letter.account_id,
          .to = {.address = letter.mail},
          .content = notify::render(which, {{"product", std::string(kProduct)},
                                            {"link", fmt::format("{}/auth/v1/verify?type={}&token_hash={}", base_url,
                                                                 recovers ? "recovery" : "signup", letter.token)},
                                            {"code", letter.code},
                                            {"valid_for", recovers ? "one hour" : "24 hours"}}),
          .key = letter.token};
}

}  // namespace odeon::server
