// Numbers that look thrown and are the same for the same seed, on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace odeon::storybook {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}

  // SplitMix64 (Steele, Lea, Flood 2014).
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }
  double share() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  double between(double low, double high) { return low + (high - low) * share(); }
  bool once_in(int times) { return next() % static_cast<std::uint64_t>(times) == 0; }
  template <class List>
  decltype(auto) pick(const List& list) {
    return list[next() % std::size(list)];
  }

 private:
  std::uint64_t state_;
};

// FNV-1a.
constexpr std::uint64_t seed_of(std::string_view text, std::uint64_t salt = 0) {
  std::uint64_t hash = 0xCBF29CE484222325 ^ salt;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  return hash;
}

}  // namespace odeon::storybook
