#include "engine/coordination/recent_table.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

namespace odeon::coordination {
namespace {

// Whatever is put in, the table never holds more than it may, and never another value than the last.
RC_GTEST_PROP(RecentTables, HoldTheirBounds, (std::vector<std::pair<int, int>> puts)) {
  RecentTable<int> table(32);
  std::map<int, int> last;
  for (const auto& [key, value] : puts) {
    table.put(std::to_string(key), value);
    last[key] = value;
    RC_ASSERT(table.find(std::to_string(key)) == value);
  }
  std::size_t held = 0;
  for (const auto& [key, value] : last) {
    const auto found = table.find(std::to_string(key));
    if (found) RC_ASSERT(*found == value);
    held += found.has_value();
    table.forget(std::to_string(key));
    RC_ASSERT(!table.find(std::to_string(key)));
  }
  RC_ASSERT(held <= 32U);
}

}  // namespace
}  // namespace odeon::coordination
