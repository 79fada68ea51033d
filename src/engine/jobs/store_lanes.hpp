// What opening lanes and claiming from them have in common.
#pragma once

#include "engine/jobs/store.hpp"

namespace odeon::jobs::store {

using OpeningRow =
    std::tuple<std::string, Weight, Instant, std::int64_t, std::int64_t>;  // lane …, turn, priority, limit
// One row a lane and weight, in the order of these: gives each that turn unless it has a sooner one.
void set_turns(Transaction& tx, std::vector<OpeningRow> rows);

}  // namespace odeon::jobs::store
