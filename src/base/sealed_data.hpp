// What a room keeps sealed, so that it can be sealed again by another key. Every room that keeps any implements
// this; operators' commands ask them all.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/keyring.hpp"
#include "base/task.hpp"

namespace odeon {

struct SealedValue {
  std::string id;  // of the row, and of the column where there are several
  std::string purpose;
  std::string text;
};

class SealedData {
 public:
  virtual ~SealedData() = default;
  virtual std::string_view room() const = 0;
  // In the order of ids those after `after` (empty: the first), some at a time, none at the end. Only those whose
  // text does not begin with `prefix`, if there is one.
  virtual Task<std::vector<SealedValue>> values(std::string prefix, std::string after) = 0;
  // Nothing happens, and false, if the text is no longer that of `value`.
  virtual Task<bool> replace(SealedValue value, std::string text) = 0;
};

enum class Reseal {
  plain,     // what lies in clear
  outdated,  // what is not sealed by the first key, what lies in clear too
};

// While servers run: what they change meanwhile stays as they wrote it. Returns how many values were sealed again;
// none by a ring without keys. Throws Error{internal} that names a value which cannot be opened.
Task<std::int64_t> reseal(SealedData& data, const KeyRing& ring, Reseal which);

// How many values each key seals; those in clear are under "".
Task<std::map<std::string, std::int64_t>> count_by_key(SealedData& data);

}  // namespace odeon
