#include "engine/billing/jws.hpp"

#include "engine/identity/base64url.hpp"
#include "engine/identity/strict_json.hpp"

namespace odeon::billing {
namespace {

constexpr std::size_t kMaxBytes = 128 * 1024;

std::optional<json::object> object_of(std::string_view part) {
  const auto bytes = identity::from_base64url(part);
  return bytes ? identity::parse_strictly(*bytes) : std::nullopt;
}

}  // namespace

std::optional<Jws> read_jws(std::string_view text) {
  if (text.size() > kMaxBytes) return std::nullopt;
  const auto parts = text::split(text, '.');
  if (parts.size() != 3) return std::nullopt;
  auto header = object_of(parts[0]), payload = object_of(parts[1]);
  auto signature = identity::from_base64url(parts[2]);
  if (!header || !payload || !signature) return std::nullopt;
  for (const char* name : {"crit", "b64", "zip"})
    if (header->contains(name)) return std::nullopt;
  return Jws{std::move(*header), std::move(*payload),
             std::string(text.substr(0, parts[0].size() + 1 + parts[1].size())), std::move(*signature)};
}

}  // namespace odeon::billing
