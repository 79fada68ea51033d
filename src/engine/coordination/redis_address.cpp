#include "engine/coordination/redis_address.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>

#include "base/error.hpp"

namespace odeon::coordination::redis {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw Error(Fault::invalid, "REDIS_URL", "The address of Redis " + why + ".");
}

int number_of(std::string_view digits, int most, const char* what) {
  int number = -1;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (fault != std::errc() || end != digits.data() + digits.size() || number < 0 || number > most)
    refuse(fmt::format("has no {} that is a number up to {}", what, most));
  return number;
}

}  // namespace

Address parse_address(const std::string& url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed) refuse("is not of the form redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE]");
  Address address;
  if (parsed->scheme() == "rediss")
    address.tls = true;
  else if (parsed->scheme() != "redis")
    refuse("must begin with redis:// or rediss://");
  if (parsed->has_query() || parsed->has_fragment()) refuse("has parts after the database that mean nothing");
  address.host = parsed->host_address();
  if (address.host.empty()) refuse("has no host");
  if (parsed->has_port() && !parsed->port().empty())
    address.port = static_cast<std::uint16_t>(number_of(parsed->port(), 65535, "port"));
  if (address.port == 0) refuse("has no port that can be reached");
  address.user = parsed->user();
  address.password = parsed->password();
  if (!address.user.empty() && address.password.empty()) refuse("names a user without a password");
  std::string path = parsed->path();
  if (path.starts_with('/')) path.erase(0, 1);
  if (!path.empty()) address.database = number_of(path, 65535, "database");
  return address;
}

}  // namespace odeon::coordination::redis
