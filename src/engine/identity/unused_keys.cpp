#include "engine/identity/unused_keys.hpp"

#include "engine/identity/store.hpp"

namespace odeon::identity {

Task<std::int64_t> unused_keys(database::Executor& executor, Instant since, Instant now) {
  return store::count_unused_keys(executor, since, now);
}

}  // namespace odeon::identity
