#include "engine/database/libpq.hpp"

namespace odeon::database {

const Libpq& libpq() {
  static const Libpq table;
  return table;
}

}  // namespace odeon::database
