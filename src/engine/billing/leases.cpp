#include "engine/billing/leases.hpp"

#include "base/ids.hpp"
#include "engine/database/atomically.hpp"

namespace odeon::billing {
namespace {

// A lease grows by so many times what did not fit, while the limit is far.
constexpr std::int64_t kPortion = 8;
constexpr std::size_t kWrittenAtOnce = 64;
constexpr int kLookForExpiredEvery = 60;  // rounds
// What others would hardly miss is kept longer, so that who comes back soon finds it.
constexpr std::int64_t kSmallPart = 100;  // of the limit
constexpr int kSmallKept = 60;            // times as long

std::int64_t portion_of(std::int64_t amount) {
  return amount > std::numeric_limits<std::int64_t>::max() / kPortion ? amount : amount * kPortion;
}

}  // namespace

// All amounts together are what is reserved: free + out + spent. Free is below zero where more was used than was held.
struct Leases::Hold::Lease {
  Lease(std::string id, const std::string& user_id, const std::string& product, const std::string& meter)
      : id(std::move(id)), of{user_id, product, meter, {}} {}

  bool is_small() const { return reserved <= limit / kSmallPart; }
  bool is_over(Instant now) const { return closed || (resets_at && now >= *resets_at); }
  // At most `amount`; 0 where there is nothing.
  std::int64_t take(std::int64_t amount, Instant now) {
    const std::int64_t taken = is_over(now) ? 0 : std::clamp<std::int64_t>(free, 0, amount);
    free -= taken;
    out += taken;
    last_used = now;
    return taken;
  }

  const std::string id;
  std::mutex mutex;  // of all below
  store::Count of;
  std::optional<Instant> resets_at;
  Instant expires_at, last_used;
  std::int64_t limit = 0;     // as it was when this last grew
  std::int64_t reserved = 0;  // in the database
  std::int64_t free = 0;
  std::int64_t out = 0;    // held
  std::int64_t spent = 0;  // and not counted yet
  int growing = 0;
  bool writing = false;
  bool closed = false;  // nothing is held of it any more
};

struct Leases::Due {
  LeasePtr lease;
  store::Part part;
  bool closes = false;
};

// What was not said to have ended, as where the task is cancelled, is due again.
struct Leases::Begun {
  explicit Begun(Leases& leases) : leases(leases) {}
  Begun(const Begun&) = delete;
  Begun& operator=(const Begun&) = delete;
  ~Begun() { end(false); }
  void end(bool written) { leases.end(std::exchange(due, {}), written); }

  Leases& leases;
  std::vector<Due> due;
};

void Leases::Hold::settle(std::int64_t used) {
  const auto lease = std::exchange(lease_, nullptr);
  if (!lease) return;
  const std::lock_guard lock(lease->mutex);
  lease->out -= amount_;
  lease->spent += used;
  lease->free += amount_ - used;
}

Leases::Leases(database::Database& database, Allowances& allowances, const Clock& clock, Log& log)
    : database_(database),
      allowances_(allowances),
      clock_(clock),
      log_(log),
      tasks_([&log](const std::string&, std::exception_ptr failure) {
        log.error("billing.leases_stopped", {{"detail", describe(failure)}});
      }) {
  allowances_.read_through([this](const std::string& user_id, const std::string& product, Allowance& allowance) {
    show(user_id, product, allowance);
  });
}

Leases::~Leases() = default;

// ---- holding ---------------------------------------------------------------------------------------------

Task<std::expected<Leases::Hold, Refusal>> Leases::hold(std::string user_id, std::string product, std::string meter,
                                                        std::int64_t amount) {
  if (amount <= 0) throw std::logic_error("a reservation of nothing");
  for (;;) {
    const LeasePtr lease = lease_of(user_id, product, meter);
    {
      const std::lock_guard lock(lease->mutex);
      if (lease->free >= amount && lease->take(amount, clock_.now()) == amount) co_return Hold(lease, amount);
    }
    const auto held = co_await grow(lease, amount);
    if (!held) co_return std::unexpected(held.error());
    if (*held > 0) co_return Hold(lease, *held);
  }
}

Leases::LeasePtr Leases::lease_of(const std::string& user_id, const std::string& product, const std::string& meter) {
  const std::lock_guard lock(mutex_);
  LeasePtr& lease = current_[Refusals::key(user_id, product, meter)];
  if (lease) {
    const std::lock_guard its(lease->mutex);
    if (!lease->is_over(clock_.now())) return lease;
    past_.push_back(lease);
  }
  return lease = std::make_shared<Lease>(new_uuid(clock_), user_id, product, meter);
}

// 0: it is over.
Task<Leases::Held> Leases::grow(LeasePtr lease, std::int64_t amount) {
  {
    const std::lock_guard lock(lease->mutex);
    if (lease->is_over(clock_.now())) co_return 0;
    ++lease->growing;
  }
  auto added = co_await odeon::settle(add_portion(lease, amount));
  const std::lock_guard lock(lease->mutex);
  --lease->growing;
  if (!added) std::rethrow_exception(added.error());
  const std::int64_t taken = lease->take(amount, clock_.now());
  if (taken == 0 && !*added) co_return std::unexpected(std::move(added->error()));
  co_return taken;
}

Task<Leases::Held> Leases::add_portion(LeasePtr lease, std::int64_t amount) {
  store::Count of;
  {
    const std::lock_guard lock(lease->mutex);
    of = lease->of;
  }
  const Instant until = clock_.now() + expire_after;
  std::int64_t more = portion_of(amount);
  bool over = false;
  using Extended = std::expected<Allowances::Extended, Refusal>;
  const auto extended = co_await database::atomically(
      database_, database::Isolation::statement,
      [&](database::Transaction& tx) -> Task<Extended> {
        const auto ask = [&] {
          return allowances_.extend(tx, lease->id, of.user_id, of.product, of.meter, more, until);
        };
        auto extended = co_await ask();
        // What a refusal says is left may be a moment old.
        while (!extended) {
          const std::int64_t less = std::min({amount, more - 1, extended.error().limit - extended.error().used});
          if (less <= 0) co_return extended;
          more = less;
          extended = co_await ask();
        }
        // Another period has begun: let it be as if nothing had been asked.
        over = of.period_start != Instant{} && of.period_start != extended->period_start;
        if (over) co_return std::unexpected(Refusal{});
        co_return extended;
      },
      // A crash that takes it back takes back what is held of it, too.
      database::Durability::soon);
  if (over) {
    const std::lock_guard lock(lease->mutex);
    lease->closed = true;
    co_return 0;
  }
  if (!extended) co_return std::unexpected(extended.error());
  const std::lock_guard lock(lease->mutex);
  lease->of.period_start = extended->period_start;
  lease->resets_at = extended->resets_at;
  lease->expires_at = std::max(lease->expires_at, until);
  lease->reserved += more;
  lease->free += more;
  lease->limit = extended->limit;
  co_return more;
}

// What is read may be older than what is known here by a settlement that was being written: then it shows less used.
void Leases::show(const std::string& user_id, const std::string& product, Allowance& allowance) {
  const std::lock_guard lock(mutex_);
  const auto found = current_.find(Refusals::key(user_id, product, allowance.meter));
  if (found == current_.end()) return;
  const std::lock_guard its(found->second->mutex);
  const Lease& lease = *found->second;
  if (lease.reserved == 0 || lease.resets_at != allowance.resets_at) return;
  allowance.used += lease.spent;
  allowance.reserved = std::max<std::int64_t>(0, allowance.reserved - lease.free - lease.spent);
}

// ---- settling --------------------------------------------------------------------------------------------

Task<void> Leases::settle(Micros idle) {
  std::vector<LeasePtr> leases;
  {
    const std::lock_guard lock(mutex_);
    leases = past_;
    for (const auto& [key, lease] : current_) leases.push_back(lease);
  }
  std::exception_ptr failure;
  Begun begun(*this);
  const auto write_begun = [&]() -> Task<void> {
    const auto written = co_await odeon::settle(write(begun.due));
    begun.end(written.has_value());
    if (!written) failure = written.error();
  };
  for (const auto& lease : leases) {
    if (auto one = begin(lease, clock_.now(), idle)) begun.due.push_back(std::move(*one));
    if (begun.due.size() == kWrittenAtOnce) co_await write_begun();
  }
  if (!begun.due.empty()) co_await write_begun();
  if (failure) std::rethrow_exception(failure);
}

std::optional<Leases::Due> Leases::begin(const LeasePtr& lease, Instant now, Micros idle) {
  const std::lock_guard lock(mutex_);
  const std::lock_guard its(lease->mutex);
  if (lease->writing) return std::nullopt;
  const bool in_use = lease->out != 0 || lease->growing != 0;
  const bool closes =
      !in_use && (lease->is_over(now) || now - lease->last_used >= idle * (lease->is_small() ? kSmallKept : 1));
  const bool renews = lease->reserved > 0 && lease->expires_at - now < expire_after / 2;
  if (closes) {
    lease->closed = true;
    const auto current = current_.find(Refusals::key(lease->of.user_id, lease->of.product, lease->of.meter));
    if (current != current_.end() && current->second == lease) current_.erase(current);
  }
  const std::int64_t used = lease->spent, reserved = std::min(used, lease->reserved);
  if (used == 0 && !(closes && lease->reserved > 0) && !renews) {
    if (closes) std::erase(past_, lease);
    return std::nullopt;
  }
  lease->writing = true;
  return Due{lease, {lease->id, lease->of, used, reserved, now + expire_after}, closes};
}

// In one order on every node, so that transactions with several never wait for each other in a circle. A commit of
// which nobody knows whether it happened is done again: it may count twice, never not at all.
Task<void> Leases::write(std::vector<Due>& due) {
  std::ranges::sort(due, {}, [](const Due& one) {
    const auto& of = one.part.of;
    return std::tie(of.user_id, of.product, of.meter, of.period_start);
  });
  return database::atomically(database_, database::Isolation::statement,
                              [this, &due](database::Transaction& tx) -> Task<void> {
                                for (const auto& one : due) {
                                  if (one.part.used > 0 || !one.closes)
                                    static_cast<void>(co_await allowances_.settle_part(tx, one.part));
                                  if (one.closes) static_cast<void>(co_await allowances_.release(tx, one.part.id));
                                }
                              });
}

void Leases::end(const std::vector<Due>& due, bool written) {
  const std::lock_guard lock(mutex_);
  for (const auto& one : due) {
    Lease& lease = *one.lease;
    const std::lock_guard its(lease.mutex);
    lease.writing = false;
    if (written) {
      lease.expires_at = one.part.expires_at;
      lease.reserved -= one.part.reserved;
      lease.spent -= one.part.used;
      lease.free += one.part.used - one.part.reserved;
    }
    if (!one.closes) continue;
    std::erase(past_, one.lease);
    if (!written) past_.push_back(one.lease);
  }
}

// ---- the background --------------------------------------------------------------------------------------

void Leases::start(asio::any_io_executor loop) {
  tasks_.spawn(std::move(loop), "billing.leases", run());
}

Task<void> Leases::stop() {
  co_await tasks_.stop();
  const auto settled = co_await odeon::settle(settle(Micros{}));
  if (!settled) log_.error("billing.leases_unsettled", {{"detail", describe(settled.error())}});
}

Task<void> Leases::run() {
  for (int round = 1;; ++round) {
    co_await sleep_on_loop(settled_every);
    auto done = co_await odeon::settle(settle(settled_every));
    if (done && round % kLookForExpiredEvery == 0)
      if (const auto released = co_await odeon::settle(allowances_.release_expired()); !released)
        done = std::unexpected(released.error());
    if (!done && !is_cancellation(done.error()))
      log_.warning("billing.leases_wait", {{"detail", describe(done.error())}});
  }
}

}  // namespace odeon::billing
