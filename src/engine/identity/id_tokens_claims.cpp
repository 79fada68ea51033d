#include "engine/identity/id_tokens_claims.hpp"

#include "base/text.hpp"

namespace odeon::identity {
namespace {

constexpr std::size_t kMaxName = 100, kMaxAddress = 2048;

// Apple has written it as text.
bool says_yes(const json::object& claims, std::string_view name) {
  const auto* flag = claims.if_contains(name);
  return flag != nullptr &&
         ((flag->is_bool() && flag->get_bool()) || (flag->is_string() && flag->get_string() == "true"));
}

}  // namespace

std::string shown_name(std::string_view name) {
  std::string shown = text::collapse_spaces(name);
  std::erase_if(shown, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  return std::string(text::prefix(shown, kMaxName));
}

std::string shown_picture(std::string_view address) {
  return address.starts_with("https://") && address.size() <= kMaxAddress ? std::string(address) : std::string();
}

OutsideProfile profile_of(const json::object& claims, std::string issuer) {
  OutsideProfile profile;
  profile.person = {.issuer = std::move(issuer), .subject = std::string(jwt::text_claim(claims, "sub"))};
  if (const auto mail = jwt::text_claim(claims, "email"); !mail.empty()) {
    profile.person.mail = mail;
    profile.person.mail_verified = says_yes(claims, "email_verified");
  }
  const auto name = jwt::text_claim(claims, "name");
  profile.name = shown_name(name.empty() ? jwt::text_claim(claims, "preferred_username") : name);
  profile.picture = shown_picture(jwt::text_claim(claims, "picture"));
  return profile;
}

bool has_several_audiences(const json::object& claims) {
  const auto* audience = claims.if_contains("aud");
  return audience != nullptr && audience->is_array() && audience->get_array().size() > 1;
}

}  // namespace odeon::identity
