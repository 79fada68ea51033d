#include "products/podcasts/names.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace odeon::podcasts {
namespace {

constexpr std::size_t kLongestSlug = 60;
// ead4c236-bf58-58c6-a2c6-a6b28d128cb6
constexpr std::string_view kFeeds = "\xea\xd4\xc2\x36\xbf\x58\x58\xc6\xa2\xc6\xa6\xb2\x8d\x12\x8c\xb6";

bool is_slug_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

}  // namespace

std::string slug_of(std::string_view title) {
  std::string slug;
  for (const char c : text::to_lower(title)) {
    if (slug.size() == kLongestSlug) break;
    if (is_slug_character(c)) {
      slug += c;
    } else if (!slug.empty() && slug.back() != '-' && c != '\'') {
      slug += '-';
    }
  }
  if (slug.ends_with('-')) slug.pop_back();
  return slug.empty() ? "podcast" : slug;
}

std::string podcast_guid(std::string_view feed_url) {
  if (const auto scheme = feed_url.find("://"); scheme != std::string_view::npos) feed_url.remove_prefix(scheme + 3);
  while (feed_url.ends_with('/')) feed_url.remove_suffix(1);
  std::string id = crypto::sha1(std::string(kFeeds) + std::string(feed_url)).substr(0, 16);
  id[6] = static_cast<char>((id[6] & 0x0F) | 0x50);
  id[8] = static_cast<char>((id[8] & 0x3F) | 0x80);
  std::string hex = crypto::to_hex(id);
  for (const std::size_t at : {8U, 13U, 18U, 23U}) hex.insert(at, 1, '-');
  return hex;
}

}  // namespace odeon::podcasts
