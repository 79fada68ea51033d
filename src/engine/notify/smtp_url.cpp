#include <boost/url.hpp>
#include <charconv>

#include "base/error.hpp"
#include "base/text.hpp"
#include "engine/notify/smtp.hpp"

namespace odeon::notify {
namespace {

namespace urls = boost::urls;

Error refused_url(std::string message) {
  return Error(Fault::invalid, "INVALID_SMTP_URL", std::move(message));
}

std::string decoded(const auto& encoded) {
  auto text = text::percent_decode({encoded.data(), encoded.size()});
  if (!text || std::ranges::any_of(*text, [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
    throw refused_url("has a user name or password with a broken escape");
  return std::move(*text);
}

bool is_loopback(const urls::url_view& url, std::string_view host) {
  if (url.host_type() == urls::host_type::ipv4) return url.host_ipv4_address().is_loopback();
  if (url.host_type() == urls::host_type::ipv6) return url.host_ipv6_address().is_loopback();
  return host == "localhost";
}

}  // namespace

SmtpOptions parse_smtp_url(std::string_view url) {
  const auto parsed = urls::parse_uri({url.data(), url.size()});
  if (!parsed) throw refused_url("must look like smtp://user:password@host:587");
  const bool implicit = parsed->scheme() == "smtps";
  if (!implicit && parsed->scheme() != "smtp") throw refused_url("must begin with smtp:// or smtps://");
  const auto encoded_host = parsed->encoded_host();
  const std::string host = text::to_lower({encoded_host.data(), encoded_host.size()});
  if (host.empty() || host.contains('%') || parsed->host_type() == urls::host_type::ipvfuture)
    throw refused_url("must name a host");

  SmtpOptions options{.host = host, .port = static_cast<std::uint16_t>(implicit ? 465 : 587)};
  if (parsed->has_port() && !parsed->port().empty()) {
    // Not by port_number(), to which 99999 is something else.
    const auto digits = parsed->port();
    const auto fault = std::from_chars(digits.data(), digits.data() + digits.size(), options.port).ec;
    if (fault != std::errc()) options.port = 0;
  }
  const auto path = parsed->encoded_path();
  // Boost 1.81 takes what follows the digits of a port for a path.
  if (options.port == 0 || (!path.empty() && path.front() != '/')) throw refused_url("has an unusable port");
  options.user = decoded(parsed->encoded_user());
  options.password = decoded(parsed->encoded_password());

  const auto encoded_query = parsed->encoded_query();
  const std::string_view query{encoded_query.data(), encoded_query.size()};
  if (!query.empty() && query != "tls=off" && query != "tls=required")
    throw refused_url("can end in ?tls=off or ?tls=required, and in nothing else");
  if (implicit && query == "tls=off") throw refused_url("cannot be smtps:// with tls=off");
  const bool bare = query == "tls=off" || (query.empty() && is_loopback(*parsed, host));
  options.tls = implicit ? SmtpOptions::Tls::implicit : bare ? SmtpOptions::Tls::none : SmtpOptions::Tls::starttls;
  return options;
}

}  // namespace odeon::notify
