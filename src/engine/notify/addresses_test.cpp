#include "engine/notify/addresses.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/asio/ip/address.hpp>
#include <fstream>

#include "testing/child.hpp"
#include "testing/scratch.hpp"

namespace odeon::notify {
namespace {

namespace asio = boost::asio;
using asio::ip::address;
using asio::ip::address_v4;
using asio::ip::address_v6;

bool is_public(const address& one) {
  return one.is_v4() ? is_public_address(one.to_v4().to_bytes()) : is_public_address(one.to_v6().to_bytes());
}

bool is_public(const std::string& written) {
  return is_public(asio::ip::make_address(written));
}

TEST(PublicAddresses, AreEverybodys) {
  for (const char* good :
       {"1.1.1.1", "93.184.216.34", "172.32.0.1", "100.128.0.1", "11.0.0.0", "223.255.255.255", "2606:4700::1111",
        "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"})
    EXPECT_TRUE(is_public(good)) << good;
}

TEST(PublicAddresses, AreNothingThatOnlyWeCanReach) {
  for (const char* bad : {"0.0.0.0",
                          "0.1.2.3",
                          "10.0.0.1",
                          "100.64.0.1",
                          "100.100.100.200",
                          "127.0.0.1",
                          "127.255.255.255",
                          "169.254.169.254",
                          "172.16.0.1",
                          "172.31.255.255",
                          "192.168.1.1",
                          "192.0.0.192",
                          "198.19.0.1",
                          "224.0.0.1",
                          "239.255.255.255",
                          "240.0.0.1",
                          "255.255.255.255",
                          "168.63.129.16",
                          "::",
                          "::1",
                          "::7f00:1",
                          "::ffff:127.0.0.1",
                          "::ffff:10.0.0.1",
                          "::ffff:169.254.169.254",
                          "64:ff9b::7f00:1",
                          "64:ff9b::a9fe:a9fe",
                          "64:ff9b:1::808:808",
                          "2002:7f00:1::1",
                          "2002:a00:1::1",
                          "2002:a9fe:a9fe::",
                          "2001::1",
                          "2001:db8::1",
                          "fc00::1",
                          "fd00:ec2::254",
                          "fe80::1",
                          "fec0::1",
                          "ff02::1",
                          "100::1",
                          "3fff::1",
                          "5f00::1"})
    EXPECT_FALSE(is_public(bad)) << bad;
  EXPECT_FALSE(is_public_address({}));
  EXPECT_FALSE(is_public_address(std::vector<std::uint8_t>(5, 8)));
}

// A block's base with some bits after its first ones turned: half of all lie at an edge.
template <class Address>
Address near_an_edge() {
  std::vector<const char*> bases;
  if constexpr (std::same_as<Address, address_v4>)
    bases = {"0.0.0.0",      "10.0.0.0",    "100.64.0.0", "127.0.0.0",   "168.63.129.16", "169.254.0.0",
             "172.16.0.0",   "192.0.0.0",   "192.0.2.0",  "192.88.99.0", "192.168.0.0",   "198.18.0.0",
             "198.51.100.0", "203.0.113.0", "224.0.0.0",  "240.0.0.0",   "8.8.8.8"};
  else
    bases = {"::",         "::ffff:10.0.0.0", "::ffff:8.8.8.8", "64:ff9b::c0a8:1", "64:ff9b::808:808", "64:ff9b:1::",
             "100::",      "2000::",          "2001::",         "2001:200::",      "2001:db8::",       "2002:a00::",
             "2002:808::", "3fff::",          "4000::",         "fc00::",          "fe80::",           "ff00::"};
  const auto base = asio::ip::make_address(*rc::gen::elementOf(bases));
  typename Address::bytes_type bytes;
  if constexpr (std::same_as<Address, address_v4>)
    bytes = base.to_v4().to_bytes();
  else
    bytes = base.to_v6().to_bytes();
  const auto turned = *rc::gen::inRange<std::size_t>(0, 4);
  for (std::size_t i = 0; i < turned; ++i) {
    const auto bit = *rc::gen::inRange<std::size_t>(0, bytes.size() * 8);
    bytes[bit / 8] ^= static_cast<unsigned char>(0x80 >> bit % 8);
  }
  return Address(bytes);
}

template <class Address>
Address anywhere() {
  typename Address::bytes_type bytes;
  for (auto& byte : bytes) byte = static_cast<unsigned char>(*rc::gen::inRange(0, 256));
  return Address(bytes);
}

TEST(PublicAddresses, AreWhatPythonsIpaddressCallsSo) {
  const testing::ScratchFolder folder;
  std::ofstream list(folder / "list");
  int count = 0;
  EXPECT_TRUE(rc::check([&] {
    for (const address& one : {address(near_an_edge<address_v4>()), address(near_an_edge<address_v6>()),
                               address(anywhere<address_v4>()), address(anywhere<address_v6>())}) {
      list << one.to_string() << ' ' << is_public(one) << '\n';
      ++count;
    }
  }));
  list.close();
  testing::Child python(
      {"/bin/sh", "-c",
       "exec /usr/bin/python3 " ODEON_SOURCE_DIR "/src/engine/notify/strangers/addresses.py < " + folder / "list"});
  python.wait_for_line("\r\r");  // to its end
  EXPECT_EQ(python.output(), fmt::format("judged {} addresses\n", count));
}

}  // namespace
}  // namespace odeon::notify
