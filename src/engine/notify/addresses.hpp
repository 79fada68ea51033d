// Which addresses of the Internet are everybody's (IANA's special-purpose registries, RFC 6890): whom a stranger
// names as a receiver must be at one of them, so that no request of ours reaches what only we can reach.
#pragma once

#include <cstdint>
#include <span>

namespace odeon::notify {

// `address` is 4 bytes of IPv4 or 16 of IPv6, as on the wire; of any other size it is not public. False for what is
// loopback, private, link-local, shared (CGNAT), unique-local, multicast, unspecified, reserved, for documentation,
// a cloud's metadata service, and for IPv6 that stands for such an IPv4 address (mapped, NAT64, 6to4) or tunnels
// (Teredo). What a network of one's own translates under a prefix of its own cannot be known here.
bool is_public_address(std::span<const std::uint8_t> address);

}  // namespace odeon::notify
