#include "products/briefings/links.hpp"

#include <boost/url.hpp>
#include <filesystem>

#include "base/text.hpp"

namespace odeon::briefings {
namespace {

namespace urls = boost::urls;

constexpr std::size_t kLongestLink = 2048;

// Feeds hold addresses as people type them; what an address may not hold is escaped.
std::string escaped(std::string_view address) {
  constexpr std::string_view unsafe = " \"<>\\^`{|}";
  std::string out;
  for (std::size_t i = 0; i < address.size(); ++i) {
    const char c = address[i];
    const bool broken_escape = c == '%' && !text::percent_decode(address.substr(i, 3));
    if (static_cast<std::uint8_t>(c) <= 0x20 || static_cast<std::uint8_t>(c) >= 0x7F ||
        unsafe.find(c) != std::string_view::npos || broken_escape)
      out += text::percent_encode(std::string_view(&c, 1));
    else
      out += c;
  }
  return out;
}

std::optional<urls::url> parsed(std::string_view address) {
  if (address.size() > kLongestLink) return std::nullopt;
  const std::string clean = escaped(text::trim(address));
  const auto view = urls::parse_uri_reference(clean);
  if (!view) return std::nullopt;
  return urls::url(*view);
}

bool is_tracking(std::string_view parameter) {
  const std::string name = text::to_lower(parameter.substr(0, parameter.find('=')));
  for (std::string_view prefix : {"utm_", "at_", "ns_", "mc_", "pk_", "mtm_", "hsa_", "vero_"})
    if (name.starts_with(prefix)) return true;
  for (std::string_view tracker : {"fbclid", "gclid", "dclid", "msclkid", "yclid", "igshid", "cmpid", "ocid", "ftag",
                                   "smid", "guccounter", "partner", "ref", "icid"})
    if (name == tracker) return true;
  return false;
}

std::vector<std::string> kept_parameters(std::string_view query) {
  std::vector<std::string> kept;
  for (auto parameter : text::split(query, '&'))
    if (!parameter.empty() && !is_tracking(parameter)) kept.emplace_back(parameter);
  return kept;
}

}  // namespace

bool is_web_address(std::string_view source) {
  const std::string lower = text::to_lower(source.substr(0, 8));
  return lower.starts_with("http://") || lower.starts_with("https://");
}

std::string absolute_link(std::string_view base, std::string_view reference) {
  auto link = parsed(reference);
  if (!link || text::trim(reference).empty()) return {};
  if (!link->has_scheme()) {
    const auto root = parsed(base);
    urls::url resolved;
    if (!root || !root->has_scheme() || !urls::resolve(*root, *link, resolved)) return {};
    link = resolved;
  }
  if ((link->scheme() != "http" && link->scheme() != "https") || link->encoded_host().empty()) return {};
  link->remove_userinfo();
  if (link->has_query()) {
    const auto kept = kept_parameters(std::string(link->encoded_query()));
    if (kept.empty())
      link->remove_query();
    else
      link->set_encoded_query(text::join(kept, "&"));
  }
  link->normalize();
  std::string path(link->encoded_path());
  while (path.starts_with("/../")) path.erase(0, 3);  // nothing lies above the root
  link->set_encoded_path(path);
  return std::string(link->buffer());
}

std::string canonical_link(std::string_view address) {
  const auto link = parsed(absolute_link({}, address));
  if (!link || link->encoded_host().empty()) return {};
  std::string host = text::to_lower(std::string(link->encoded_host()));
  for (std::string_view prefix : {"www.", "m.", "amp."})
    if (host.starts_with(prefix)) host.erase(0, prefix.size());
  std::string path(link->encoded_path());
  while (path.ends_with('/')) path.pop_back();
  auto parameters = kept_parameters(std::string(link->encoded_query()));
  std::ranges::sort(parameters);
  return parameters.empty() ? host + path : host + path + "?" + text::join(parameters, "&");
}

std::string shown_address(std::string_view source) {
  if (!is_web_address(source)) return text::to_valid_utf8(std::filesystem::path(source).filename().string());
  auto link = parsed(source);
  if (!link) return "http address";
  link->remove_userinfo();
  link->remove_query();
  link->remove_fragment();
  return std::string(link->buffer());
}

std::string short_name(std::string_view source) {
  if (!is_web_address(source)) return text::to_valid_utf8(std::filesystem::path(source).stem().string());
  const auto link = parsed(source);
  return link && !link->encoded_host().empty() ? std::string(link->encoded_host()) : "a web address";
}

}  // namespace odeon::briefings
