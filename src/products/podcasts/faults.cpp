#include "products/podcasts/faults.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "base/text.hpp"

namespace odeon::podcasts {

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

Error storage_is_full(const billing::Refusal& refusal) {
  return refusal.error("STORAGE_LIMIT_REACHED",
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

}  // namespace odeon::podcasts
