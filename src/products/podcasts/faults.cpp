#include "products/podcasts/faults.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "base/text.hpp"

namespace odeon::podcasts {
namespace {

// RFC 5646, as far as feeds use it: "en", "pt-BR", "zh-Hant".
bool is_language(std::string_view tag) {
  bool first = true;
  for (const auto part : text::split(tag, '-')) {
    const bool fits = first ? part.size() == 2 || part.size() == 3 : part.size() >= 2 && part.size() <= 8;
    const bool letters = std::ranges::all_of(
        part, [&](unsigned char c) { return std::isalpha(c) != 0 || (!first && std::isdigit(c) != 0); });
    if (!fits || !letters) return false;
    first = false;
  }
  return true;
}

}  // namespace

Error fault_at(std::string field, std::string message) {
  Error fault(Fault::invalid, "VALIDATION_ERROR", message);
  return fault.with_fields({{std::move(field), "VALIDATION_ERROR", std::move(message)}});
}

Error no_such_podcast() {
  return Error(Fault::not_found, "PODCAST_NOT_FOUND", "There is no such podcast.");
}

Error no_such_episode() {
  return Error(Fault::not_found, "EPISODE_NOT_FOUND", "There is no such episode.");
}

Error no_more_podcasts(const billing::Refusal& refusal) {
  return refusal.error("PODCAST_LIMIT_REACHED", "Your plan has no room for another podcast. Take a larger plan.");
}

Error storage_is_full(const billing::Refusal& refusal) {
  return storage_is_full().with_upgrade_url(refusal.upgrade_url);
}

Error storage_is_full() {
  return Error(Fault::forbidden, "STORAGE_LIMIT_REACHED",
               "Your plan's storage is full. Delete what you no longer need, or take a larger plan.");
}

std::string words_of(std::string field, std::string_view text) {
  const auto words = text::trim(text);
  if (words.empty()) throw fault_at(std::move(field), "This must have words.");
  return std::string(words);
}

void check_url(std::string field, std::string_view url) {
  const auto parsed = boost::urls::parse_uri({url.data(), url.size()});
  const bool is_web =
      parsed && (parsed->scheme_id() == boost::urls::scheme::https || parsed->scheme_id() == boost::urls::scheme::http);
  if (!is_web || parsed->encoded_host().empty())
    throw fault_at(std::move(field), "This must be a web address: https://…");
}

void check_language(std::string field, std::string_view tag) {
  if (!is_language(tag)) throw fault_at(std::move(field), "This must be a language as in “en” or “pt-BR”.");
}

}  // namespace odeon::podcasts
