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

// "stories" of the meter of that name; those that count in small units are told in the plans' larger ones.
std::string words_for(const billing::Meter& meter) {
  if (meter.name == "recording") return "minutes of recording";
  if (meter.name == "storage") return "gigabytes of storage";
  return text::replace_all(meter.name, "_", " ");
}

// Where larger plans are; an address that only the app knows is of no use in a mail.
std::string upgrade_link(const std::string& upgrade_url, const std::string& base_url) {
  if (upgrade_url.starts_with("https://") || upgrade_url.starts_with("http://")) return upgrade_url;
  return upgrade_url.starts_with('/') ? base_url + upgrade_url : base_url;
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

notify::MailOrder mail_of(billing::UsageWarning warning, const billing::ProductPlans& plans, std::string to,
                          const std::string& base_url) {
  const billing::Meter& meter = plans.meter(warning.meter);
  const bool is_reached = warning.percent >= 100;
  std::map<std::string, std::string> data{
      {"product", std::string(kProduct)},
      {"what", words_for(meter)},
      {"limit", std::to_string(warning.limit / meter.times)},
      {"renewal", warning.resets_at ? fmt::format("It begins anew on {}.", to_iso8601(*warning.resets_at).substr(0, 10))
                                    : "It does not begin anew by itself."},
      {"link", upgrade_link(plans.upgrade_url, base_url)}};
  if (!is_reached) data["used"] = std::to_string(warning.used / meter.times);
  const auto which = is_reached ? notify::MailTemplate::usage_reached : notify::MailTemplate::usage_warning;
  return {.user_id = warning.user_id, .to = {.address = std::move(to)}, .content = notify::render(which, data)};
}

notify::MailOrder mail_of(privacy::ExportOffer offer, std::string to, const std::string& base_url) {
  const std::string link = fmt::format("{}/{}/api/user/export/{}", base_url, offer.product, offer.token);
  return {.user_id = std::move(offer.user_id),
          .to = {.address = std::move(to)},
          .content = notify::render(notify::MailTemplate::export_ready,
                                    {{"product", fmt::format("{} ({})", kProduct, offer.product)},
                                     {"link", link},
                                     {"valid_for", fmt::format("{} days", privacy::kExportOffered.count())}}),
          .key = std::move(offer.key)};
}

notify::MailOrder mail_of(const privacy::Receipt& receipt, std::string to) {
  std::string of(kProduct);
  if (!receipt.product.empty()) of += " (" + receipt.product + ")";
  const Instant done = receipt.completed_at.value();
  return {.to = {.address = std::move(to)},
          .content =
              notify::render(notify::MailTemplate::erasure_receipt,
                             {{"product", of}, {"receipt", receipt.id}, {"erased_at", to_iso8601(done).substr(0, 10)}}),
          .key = "erased-" + receipt.id};
}

}  // namespace odeon::server
