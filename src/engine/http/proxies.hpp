// Who the client is when proxies stand in between. Their word counts only if they are known.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/address.hpp>

#include "engine/http/message.hpp"

namespace odeon::http {

class TrustedProxies {
 public:
  // Addresses ("10.0.0.1", "::1") and networks ("10.0.0.0/8"). Throws Error for anything else.
  explicit TrustedProxies(const std::vector<std::string>& list);
  bool contains(const boost::asio::ip::address& address) const;
  // For a request from a trusted peer: sets `remote` to the last address in X-Forwarded-For that is no
  // proxy of ours, and `scheme` by X-Forwarded-Proto.
  void apply(Request& request) const;

 private:
  struct Network {
    boost::asio::ip::address_v6 prefix;
    unsigned bits;
  };
  std::vector<Network> networks_;
};

}  // namespace odeon::http
