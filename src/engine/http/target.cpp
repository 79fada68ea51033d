#include "engine/http/target.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace odeon::http {
namespace {

std::optional<std::string> decode(std::string_view part, bool plus_is_space) {
  if (!part.contains('%') && !(plus_is_space && part.contains('+'))) return std::string(part);
  return text::percent_decode(part, plus_is_space);
}

}  // namespace

std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> list;
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view field = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
    if (field.empty()) continue;
    const std::size_t equals = field.find('=');
    auto name = decode(field.substr(0, equals), true);
    auto value = decode(equals == std::string_view::npos ? std::string_view() : field.substr(equals + 1), true);
    if (!name || !value) return std::nullopt;
    list.emplace_back(std::move(*name), std::move(*value));
  }
  return list;
}

std::optional<Target> parse_target(std::string_view target) {
  if (text::has_control(target) || target.contains(' ') || target.contains('#')) return std::nullopt;
  Target out;
  if (target == "*") {
    out.path = "/";
    return out;
  }
  if (!target.starts_with('/')) {
    const std::size_t colon = target.find("://");
    if (colon == std::string_view::npos) return std::nullopt;
    const std::string_view scheme = target.substr(0, colon);
    if (!text::equals_ignoring_case(scheme, "http") && !text::equals_ignoring_case(scheme, "https"))
      return std::nullopt;
    target.remove_prefix(colon + 3);
    const std::size_t end = std::min(target.find_first_of("/?"), target.size());
    out.authority = target.substr(0, end);
    if (out.authority.empty() || out.authority.contains('@')) return std::nullopt;
    target.remove_prefix(end);
  }
  const std::size_t mark = target.find('?');
  auto path = decode(target.substr(0, mark), false);
  if (!path || path->contains('\0')) return std::nullopt;
  out.path = path->empty() ? "/" : std::move(*path);
  if (mark != std::string_view::npos) {
    auto query = parse_query(target.substr(mark + 1));
    if (!query) return std::nullopt;
    out.query = std::move(*query);
  }
  return out;
}

}  // namespace odeon::http
