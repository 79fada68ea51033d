// The tables of this room and of the queue in a scratch database, and a clock that stands still.
#pragma once

#include "engine/billing/allowances.hpp"
#include "engine/billing/subscriptions.hpp"
#include "engine/coordination/coordination.hpp"
#include "engine/jobs/queue.hpp"
#include "testing/clock.hpp"
#include "testing/database.hpp"
#include "testing/scratch.hpp"

namespace odeon::billing {

struct Till {
  explicit Till(Plans sold = Plans::standard()) : plans(std::move(sold)) {
    run_task([](Till& self) -> Task<> {
      auto all = jobs::migrations();
      std::ranges::move(migrations(), std::back_inserter(all));
      static_cast<void>(co_await database::migrate(*self.db, std::move(all), self.clock));
    }(*this));
  }

  testing::ScratchFolder folder;
  testing::FakeClock clock;
  std::unique_ptr<database::Database> db = testing::open_database(folder);
  Plans plans;
  Subscriptions subscriptions{*db, plans, clock};
  Allowances allowances{*db, subscriptions, clock};
};

}  // namespace odeon::billing
