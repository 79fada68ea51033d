#include "engine/identity/oauth_wire.hpp"

#include "base/text.hpp"
#include "engine/http/retry_after.hpp"
#include "engine/identity/strict_json.hpp"

namespace odeon::identity::oauth {
namespace {

constexpr std::size_t kMaxToken = 16 * 1024, kMaxForm = 4 * 1024, kMaxPerson = 255, kMaxMailAddress = 320;
constexpr std::chrono::seconds kPause{5}, kLongestPause{60};
constexpr std::int64_t kLongestLife = 10LL * 365 * 86400;  // seconds

// A member within members: "picture.data.url".
const json::value* value_at(const json::object& object, std::string_view path) {
  if (path.empty()) return nullptr;
  const auto dot = path.find('.');
  const auto* found = object.if_contains(path.substr(0, dot));
  if (found == nullptr || dot == std::string_view::npos) return found;
  return found->is_object() ? value_at(found->get_object(), path.substr(dot + 1)) : nullptr;
}

std::string text_at(const json::object& object, std::string_view path) {
  const auto* found = value_at(object, path);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

bool flag_at(const json::object& object, std::string_view path) {
  const auto* found = value_at(object, path);
  return found != nullptr && found->is_bool() && found->get_bool();
}

// Ids are text or numbers.
std::string id_at(const json::object& object, std::string_view path) {
  const auto* found = value_at(object, path);
  const auto number = found != nullptr ? json::as_integer(*found, json::Source::body) : std::nullopt;
  std::string id = number && *number > 0 ? std::to_string(*number) : text_at(object, path);
  if (id.empty() || id.size() > kMaxPerson) throw provider_fault("a profile without an id");
  return id;
}

// {"error": "name"} (RFC 6749), {"error": {"code": 100}} (Graph), or of a refusal {"message": "sentence"} (Twitch).
std::string fault_of(const json::object& answer, unsigned status) {
  if (auto name = text_at(answer, "error"); !name.empty()) return name;
  if (const auto* code = value_at(answer, "error.code"))
    if (const auto number = json::as_integer(*code, json::Source::body)) return std::to_string(*number);
  return status == 200 ? "" : text_at(answer, "message");
}

// Names of faults are few words; what may repeat what was sent is not logged.
std::string loggable(std::string_view name) {
  auto is_plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return name.size() <= 40 && std::ranges::all_of(name, is_plain) ? std::string(name) : "a fault of no known name";
}

std::vector<std::string> scopes_in(const json::object& answer) {
  std::vector<std::string> scopes;
  const auto* found = answer.if_contains("scope");
  auto add = [&](std::string_view list) {
    for (const auto part : text::split(text::replace_all(std::string(list), ",", " "), ' '))
      if (!part.empty()) scopes.emplace_back(part);
  };
  if (found != nullptr && found->is_string()) add(found->get_string());
  if (found != nullptr && found->is_array())
    for (const auto& scope : found->get_array())
      if (scope.is_string()) add(scope.get_string());
  return scopes;
}

}  // namespace

Error start_again(std::string detail) {
  return Error(Fault::invalid, "OAUTH_STATE_INVALID", "This sign-in is over or was begun elsewhere. Start again.")
      .with_detail(std::move(detail));
}
Error provider_fault(std::string detail) {
  return Error(Fault::upstream, "OAUTH_PROVIDER_FAULT", "This way of signing in has a fault. Use another one.")
      .with_detail(std::move(detail));
}
Error provider_away(std::string detail) {
  return Error(Fault::unavailable, "OAUTH_PROVIDER_AWAY", "This way of signing in is away just now. Try again soon.")
      .with_retry_after(kPause)
      .with_detail(std::move(detail));
}

Error refusal(std::string_view error) {
  // The latter is Apple's.
  if (error == "access_denied" || error == "user_cancelled_authorize")
    return Error(Fault::forbidden, "OAUTH_DENIED", "You did not agree to sign in this way.");
  if (error == "temporarily_unavailable" || error == "server_error") return provider_away(loggable(error));
  return provider_fault(loggable(error));
}

std::string encode_form(const Form& form) {
  std::string out;
  for (const auto& [name, value] : form) {
    if (!out.empty()) out += '&';
    out += text::percent_encode(name) + '=' + text::percent_encode(value);
  }
  return out;
}

json::value good(http::JsonAnswer answer, std::string_view wrong_code, Instant now) {
  const auto* object = answer.document.if_object();
  const std::string fault = object != nullptr ? fault_of(*object, answer.status) : "";
  const std::string detail = fmt::format("status {} {}", answer.status, loggable(fault));
  if (answer.status == 429 || answer.status >= 500) {
    const auto pause = http::read_retry_after(answer.retry_after, now).value_or(kPause);
    throw provider_away(detail).with_retry_after(std::clamp(pause, kPause, kLongestPause));
  }
  if (!wrong_code.empty() && fault == wrong_code) throw start_again("the provider refused the code");
  if (answer.status != 200 || !fault.empty() || answer.document.is_null()) throw provider_fault(detail);
  return std::move(answer.document);
}

json::object object_of(json::value answer) {
  if (!answer.is_object()) throw provider_fault("an answer that is no object");
  return std::move(answer.get_object());
}

OAuthTokens tokens_of(const json::object& answer, Instant now) {
  OAuthTokens tokens{.access = text_at(answer, "access_token"), .refresh = text_at(answer, "refresh_token")};
  if (tokens.access.empty() || tokens.access.size() > kMaxToken || tokens.refresh.size() > kMaxToken)
    throw provider_fault("no access token");
  if (!text::equals_ignoring_case(text_at(answer, "token_type"), "bearer"))
    throw provider_fault("a token of another type");
  if (const auto* life = answer.if_contains("expires_in")) {
    const auto seconds = json::as_integer(*life, json::Source::body);
    if (seconds && *seconds > 0) tokens.expires_at = now + std::chrono::seconds(std::min(*seconds, kLongestLife));
  }
  tokens.scopes = scopes_in(answer);
  return tokens;
}

std::string id_token_of(const json::object& answer) {
  std::string token = text_at(answer, "id_token");
  if (token.empty()) throw provider_fault("no ID token");
  return token;
}

OutsideProfile profile_of_api(const json::object& profile, const OAuthMembers& members, std::string issuer) {
  OutsideProfile out;
  out.person = {.issuer = std::move(issuer), .subject = id_at(profile, members.id)};
  if (std::string mail = text_at(profile, members.mail); !mail.empty() && mail.size() <= kMaxMailAddress) {
    out.person.mail = std::move(mail);
    out.person.mail_verified = flag_at(profile, members.mail_verified);
  }
  const std::string name = text_at(profile, members.name), picture = text_at(profile, members.picture);
  out.name = shown_name(name.empty() ? text_at(profile, members.other_name) : name);
  if (members.picture_address.empty())
    out.picture = shown_picture(picture);
  else if (!picture.empty())
    out.picture = fmt::format(fmt::runtime(members.picture_address), text::percent_encode(out.person.subject),
                              text::percent_encode(picture));
  return out;
}

std::optional<std::string> primary_mail(const json::value& mails) {
  if (!mails.is_array()) throw provider_fault("no list of mail addresses");
  for (const auto& mail : mails.get_array()) {
    const auto* object = mail.if_object();
    if (object == nullptr || !flag_at(*object, "primary") || !flag_at(*object, "verified")) continue;
    if (std::string address = text_at(*object, "email"); !address.empty() && address.size() <= kMaxMailAddress)
      return address;
  }
  return std::nullopt;
}

std::string name_of_form(std::string_view user) {
  const auto form = user.size() <= kMaxForm ? parse_strictly(user) : std::nullopt;
  if (!form) return "";
  return shown_name(text_at(*form, "name.firstName") + " " + text_at(*form, "name.lastName"));
}

}  // namespace odeon::identity::oauth
