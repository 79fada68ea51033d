#include "engine/http/proxies.hpp"

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>
#include <charconv>

#include "base/error.hpp"
#include "base/text.hpp"

namespace odeon::http {
namespace {

namespace ip = boost::asio::ip;

// IPv4 as its mapped IPv6 address, so that one comparison serves both.
ip::address_v6 as_v6(const ip::address& address) {
  return address.is_v6() ? address.to_v6() : ip::make_address_v6(ip::v4_mapped, address.to_v4());
}

bool share_bits(const ip::address_v6& a, const ip::address_v6& b, unsigned bits) {
  const auto x = a.to_bytes(), y = b.to_bytes();
  for (unsigned i = 0; i < bits; ++i)
    if (((x[i / 8] ^ y[i / 8]) >> (7 - i % 8)) & 1) return false;
  return true;
}

}  // namespace

TrustedProxies::TrustedProxies(const std::vector<std::string>& list) {
  for (const auto& item : list) {
    const std::size_t slash = std::min(item.find('/'), item.size());
    boost::system::error_code failure;
    const auto address = ip::make_address(item.substr(0, slash), failure);
    const unsigned offset = !failure && address.is_v4() ? 96 : 0;
    unsigned bits = 128 - offset;
    if (slash < item.size()) {
      const char* end = item.data() + item.size();
      const auto [stop, fault] = std::from_chars(item.data() + slash + 1, end, bits);
      if (fault != std::errc() || stop != end || bits > 128 - offset) failure = boost::asio::error::invalid_argument;
    }
    if (failure) throw Error(Fault::invalid, "TRUSTED_PROXIES", "Not an address or a network: " + item);
    networks_.push_back({as_v6(address), bits + offset});
  }
}

bool TrustedProxies::contains(const ip::address& address) const {
  return std::any_of(networks_.begin(), networks_.end(), [wanted = as_v6(address)](const Network& network) {
    return share_bits(network.prefix, wanted, network.bits);
  });
}

void TrustedProxies::apply(Request& request) const {
  std::string list;
  for (const auto& [name, value] : request.headers)
    if (text::equals_ignoring_case(name, "x-forwarded-for")) list.append(list.empty() ? "" : ",").append(value);
  const auto hops = text::split(list, ',');
  for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
    boost::system::error_code failure;
    const auto address = ip::make_address(std::string(text::trim(*hop)), failure);
    if (failure) break;  // what comes before a broken entry cannot be believed
    request.remote = address.to_string();
    if (!contains(address)) break;
  }
  const std::string_view scheme = request.headers.get("x-forwarded-proto");
  if (text::equals_ignoring_case(scheme, "https")) request.scheme = "https";
  if (text::equals_ignoring_case(scheme, "http")) request.scheme = "http";
}

}  // namespace odeon::http
