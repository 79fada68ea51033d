// What running a job takes.
#pragma once

#include <array>

#include "base/json.hpp"

namespace odeon::jobs {

// Light jobs wait for others most of the time (a mail, a payment, a model elsewhere); heavy ones keep cores busy. Each
// weight has slots of its own, so that no mail waits behind somebody's film. A kind is light unless it says otherwise:
//
//   static constexpr auto weight = jobs::Weight::heavy;
enum class Weight { light, heavy };
BOOST_DESCRIBE_ENUM(Weight, light, heavy)
inline constexpr std::array kWeights{Weight::light, Weight::heavy};

template <class Job>
constexpr Weight weight_of() {
  if constexpr (requires { Job::weight; })
    return Job::weight;
  else
    return Weight::light;
}

// One of each.
template <class T>
struct ByWeight {
  T light{};
  T heavy{};
  T& operator[](Weight weight) { return weight == Weight::light ? light : heavy; }
  const T& operator[](Weight weight) const { return weight == Weight::light ? light : heavy; }
  bool operator==(const ByWeight&) const = default;
};

}  // namespace odeon::jobs
