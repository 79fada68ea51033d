#include "engine/notify/addresses.hpp"

#include <algorithm>
#include <array>

namespace odeon::notify {
namespace {

using Bytes = std::span<const std::uint8_t>;

template <std::size_t Size>
struct Block {
  std::array<std::uint8_t, Size> base;
  unsigned bits;

  bool holds(Bytes address) const {
    const unsigned whole = bits / 8, rest = bits % 8;
    if (!std::equal(base.begin(), base.begin() + whole, address.begin())) return false;
    return rest == 0 || (base[whole] ^ address[whole]) >> (8 - rest) == 0;
  }
};

constexpr Block<4> kNotPublic4[] = {
    {{0, 0, 0, 0}, 8},         // this network; 0.0.0.0 is this host to Linux
    {{10, 0, 0, 0}, 8},        // private
    {{100, 64, 0, 0}, 10},     // shared by carriers
    {{127, 0, 0, 0}, 8},       // loopback
    {{168, 63, 129, 16}, 32},  // Azure's host
    {{169, 254, 0, 0}, 16},    // link-local; metadata of clouds
    {{172, 16, 0, 0}, 12},     // private
    {{192, 0, 0, 0}, 24},      // protocols
    {{192, 0, 2, 0}, 24},      // documentation
    {{192, 88, 99, 0}, 24},    // relays of 6to4
    {{192, 168, 0, 0}, 16},    // private
    {{198, 18, 0, 0}, 15},     // benchmarks
    {{198, 51, 100, 0}, 24},   // documentation
    {{203, 0, 113, 0}, 24},    // documentation
    {{224, 0, 0, 0}, 4},       // multicast
    {{240, 0, 0, 0}, 4},       // reserved, broadcast
};

// All that is public begins with 001, but for addresses that stand for others.
constexpr Block<16> kPublic6 = {{0x20}, 3};
constexpr Block<16> kNotPublic6[] = {
    {{0x20, 0x01}, 23},              // protocols, Teredo among them
    {{0x20, 0x01, 0x0D, 0xB8}, 32},  // documentation
    {{0x3F, 0xFF}, 20},              // documentation
};
constexpr Block<16> kMapped = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF}, 96};
constexpr Block<16> kNat64 = {{0, 0x64, 0xFF, 0x9B}, 96};
constexpr Block<16> k6to4 = {{0x20, 0x02}, 16};

bool is_public4(Bytes address) {
  return std::ranges::none_of(kNotPublic4, [&](const auto& block) { return block.holds(address); });
}

bool is_public6(Bytes address) {
  if (kMapped.holds(address) || kNat64.holds(address)) return is_public4(address.subspan(12, 4));
  if (k6to4.holds(address)) return is_public4(address.subspan(2, 4));
  return kPublic6.holds(address) &&
         std::ranges::none_of(kNotPublic6, [&](const auto& block) { return block.holds(address); });
}

}  // namespace

bool is_public_address(Bytes address) {
  if (address.size() == 4) return is_public4(address);
  return address.size() == 16 && is_public6(address);
}

}  // namespace odeon::notify
