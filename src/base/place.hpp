// Where a value stands in what is read. It is put into words only where something is wrong there.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

namespace odeon::json {

// What it is made from outlives it.
class Place {
 public:
  template <std::convertible_to<std::string_view> Name>
  Place(const Name& name) : name_(name) {}
  Place(const Place& in, std::string_view member) : in_(&in), name_(member) {}
  Place(const Place& in, std::size_t index) : in_(&in), index_(index) {}

  std::string text() const;  // "traits[2].name"

 private:
  static constexpr std::size_t kNoIndex = ~std::size_t{0};
  const Place* in_ = nullptr;
  std::string_view name_;
  std::size_t index_ = kNoIndex;
};

}  // namespace odeon::json
