#include "server/letters.hpp"

namespace odeon::server {
namespace {

constexpr std::string_view kProduct = "Odeon";
constexpr std::string_view kSupabaseProduct = "briefings";

std::string link_of(const identity::ProofLetter& letter, const std::string& base_url) {
  const bool recovers = letter.purpose == identity::Purpose::recover;
  if (letter.product == kSupabaseProduct)
    return fmt::format("{}/auth/v1/verify?type={}&token_hash={}", base_url, recovers ? "recovery" : "signup",
                       letter.token);
  return fmt::format("{}/{}/auth/confirm?purpose={}&token={}", base_url, letter.product,
                     json::enum_name(letter.purpose), letter.token);
}

}  // namespace

notify::MailOrder mail_of(identity::ProofLetter letter, const std::string& base_url) {
  const bool recovers = letter.purpose == identity::Purpose::recover;
  const auto which = recovers ? notify::MailTemplate::reset_password : notify::MailTemplate::verify_address;
  return {.user_id = letter.account_id,
          .to = {.address = letter.mail},
          .content = notify::render(which, {{"product", std::string(kProduct)},
                                            {"link", link_of(letter, base_url)},
                                            {"code", letter.code},
                                            {"valid_for", recovers ? "one hour" : "24 hours"}}),
          .key = letter.token};
}

}  // namespace odeon::server
