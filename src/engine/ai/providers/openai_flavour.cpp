#include "engine/ai/providers/openai_flavour.hpp"

#include <algorithm>

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace odeon::ai {
namespace {

constexpr std::size_t kShort = 40, kNine = 9;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_version(std::string_view segment) {
  return segment.size() >= 2 && segment[0] == 'v' && is_digit(segment[1]);
}

bool is_letter_or_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

std::string openai_base(std::string_view address) {
  while (address.ends_with('/')) address.remove_suffix(1);
  const std::size_t scheme = address.find("://");
  const std::size_t path = address.find('/', scheme == std::string_view::npos ? 0 : scheme + 3);
  const bool versioned =
      path != std::string_view::npos && std::ranges::any_of(text::split(address.substr(path), '/'), is_version);
  return std::string(address).append(versioned ? "" : "/v1");
}

std::string call_id_for(OpenAiFlavour::CallIds rule, std::string_view id) {
  switch (rule) {
    case OpenAiFlavour::CallIds::any:
      return std::string(id);
    case OpenAiFlavour::CallIds::short_ones:
      if (id.size() <= kShort) return std::string(id);
      return "call_" + crypto::sha256_hex(id).substr(0, kShort - 5);
    case OpenAiFlavour::CallIds::nine_letters:
      break;
  }
  if (id.size() == kNine && std::ranges::all_of(id, is_letter_or_digit)) return std::string(id);
  return crypto::sha256_hex(id).substr(0, kNine);
}

}  // namespace odeon::ai
