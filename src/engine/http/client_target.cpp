#include "engine/http/client_target.hpp"

#include <boost/url.hpp>

#include "base/error.hpp"
#include "base/text.hpp"

namespace odeon::http::client {
namespace {

namespace urls = boost::urls;

// Of addresses that are new each time, as those with a signature are, not all are kept.
constexpr std::size_t kMostKnown = 128, kLongestKnown = 256;

Error refused(std::string detail) {
  return Error(Fault::invalid, "INVALID_URL",
               "The address must be an http or https URL without user name and password.")
      .with_detail(std::move(detail));
}

std::string_view view(const auto& text) {
  return {text.data(), text.size()};
}

}  // namespace

Target parse_target(std::string_view url) {
  const auto parsed = urls::parse_uri({url.data(), url.size()});
  if (!parsed) throw refused("not an absolute URL");
  const urls::url_view& parts = *parsed;

  Target target;
  if (parts.scheme_id() == urls::scheme::https)
    target.tls = true;
  else if (parts.scheme_id() != urls::scheme::http)
    throw refused("neither http nor https");
  if (!parts.has_authority() || parts.encoded_host().empty()) throw refused("no host");
  if (parts.has_userinfo()) throw refused("has a user name or password");

  const std::uint16_t usual_port = target.tls ? 443 : 80;
  target.port = parts.has_port() && !parts.port().empty() ? parts.port_number() : usual_port;
  if (target.port == 0) throw refused("port out of range");

  std::string written = text::to_lower(view(parts.encoded_host()));
  if (parts.host_type() == urls::host_type::ipvfuture || written.contains('%')) throw refused("unusable host");
  target.host = written;
  if (parts.host_type() == urls::host_type::ipv6) target.host = written.substr(1, written.size() - 2);
  target.authority = target.port == usual_port ? written : fmt::format("{}:{}", written, target.port);
  target.origin = fmt::format("{}://{}:{}", target.tls ? "https" : "http", written, target.port);

  target.path = view(parts.encoded_path());
  // Boost 1.81 takes what follows the digits of a port for a path.
  if (!target.path.empty() && target.path.front() != '/') throw refused("port is not a number");
  if (target.path.empty()) target.path = "/";
  if (parts.has_query()) target.path.append("?").append(view(parts.encoded_query()));
  return target;
}

std::shared_ptr<const Target> KnownTargets::of(const std::string& url) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = known_.find(url); found != known_.end()) return found->second;
  }
  auto target = std::make_shared<const Target>(parse_target(url));
  if (url.size() > kLongestKnown) return target;
  const std::lock_guard lock(mutex_);
  if (known_.size() >= kMostKnown) known_.clear();
  return known_.emplace(url, std::move(target)).first->second;
}

std::optional<std::string> resolve_reference(std::string_view base, std::string_view reference) {
  const auto from = urls::parse_uri({base.data(), base.size()});
  const auto to = urls::parse_uri_reference({reference.data(), reference.size()});
  urls::url resolved;
  if (!from || !to || !urls::resolve(*from, *to, resolved)) return std::nullopt;
  resolved.remove_fragment();
  return std::string(view(resolved));
}

}  // namespace odeon::http::client
