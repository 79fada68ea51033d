// The tables of this room in a scratch database, and a clock that stands still.
#pragma once

#include "engine/billing/quotas.hpp"
#include "engine/billing/subscriptions.hpp"
#include "testing/clock.hpp"
#include "testing/database.hpp"
#include "testing/scratch.hpp"

namespace odeon::billing {

struct Till {
  Till() {
    run_task([](Till& self) -> Task<> {
      static_cast<void>(co_await database::migrate(*self.db, migrations(), self.clock));
    }(*this));
  }

  testing::ScratchFolder folder;
  testing::FakeClock clock;
  std::unique_ptr<database::Database> db = testing::open_database(folder);
  Plans plans = Plans::standard();
  Subscriptions subscriptions{*db, plans, clock};
  Quotas quotas{*db, clock};
};

}  // namespace odeon::billing
