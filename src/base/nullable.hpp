// What may be missing, as a result shows it (Nullable of fields.hpp).
#pragma once

#include <optional>

#include "base/fields.hpp"

namespace odeon {

template <class T>
Nullable<T> or_null(std::optional<T> value) {
  return value ? Nullable<T>(std::move(*value)) : Nullable<T>();
}

}  // namespace odeon
