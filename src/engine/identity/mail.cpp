#include "engine/identity/mail.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace odeon::identity {
namespace {

constexpr std::size_t kMaxMail = 254, kMaxLocal = 64, kMaxLabel = 63;

// Letters, digits and everything beyond ASCII (RFC 6531).
bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

bool is_local(std::string_view local) {
  if (local.empty() || local.size() > kMaxLocal || local.front() == '.' || local.back() == '.') return false;
  if (local.find("..") != std::string_view::npos) return false;
  return std::ranges::all_of(local,
                             [](char c) { return is_word(c) || std::string_view(".!#$%&'*+/=?^_`{|}~-").contains(c); });
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= kMaxLabel && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label, [](char c) { return is_word(c) || c == '-'; });
}

}  // namespace

std::optional<std::string> normal_mail(std::string_view mail) {
  std::string normal = text::to_lower(text::trim(mail));
  const auto at = normal.rfind('@');
  if (at == std::string::npos || normal.size() > kMaxMail || !text::is_utf8(normal)) return std::nullopt;
  const std::string_view whole = normal;
  if (!is_local(whole.substr(0, at)) || !std::ranges::all_of(text::split(whole.substr(at + 1), '.'), is_label))
    return std::nullopt;
  return normal;
}

}  // namespace odeon::identity
