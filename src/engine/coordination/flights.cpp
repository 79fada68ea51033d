#include "engine/coordination/flights.hpp"

#include "engine/coordination/coordination.hpp"

namespace odeon::coordination {

Flights::Seat::Seat(std::shared_ptr<Flights> flights, std::string key, asio::any_io_executor executor)
    : flights_(std::move(flights)), key_(std::move(key)), wakeup_(std::make_shared<Wakeup>(std::move(executor))) {
  std::lock_guard lock(flights_->mutex_);
  auto& flight = flights_->flights_[key_];
  if (!flight) {
    flight = std::make_shared<Flight>();
    flight->leader = wakeup_.get();
  } else {
    flight->waiting.push_back(wakeup_);
  }
  flight_ = flight;
}

Flights::Seat::~Seat() {
  std::shared_ptr<Wakeup> heir;
  {
    std::lock_guard lock(flights_->mutex_);
    if (flight_->landed) return;
    if (flight_->leader != wakeup_.get()) {
      flight_->waiting.remove(wakeup_);
      return;
    }
    if (flight_->waiting.empty()) {
      flights_->flights_.erase(key_);
      return;
    }
    heir = std::move(flight_->waiting.front());
    flight_->waiting.pop_front();
    flight_->leader = heir.get();
  }
  Wakeup::wake(std::move(heir));
}

bool Flights::Seat::leads() {
  std::lock_guard lock(flights_->mutex_);
  return flight_->leader == wakeup_.get();
}

Task<std::optional<std::string>> Flights::Seat::wait() {
  if (leads()) co_return std::nullopt;
  co_await wakeup_->wait();
  std::lock_guard lock(flights_->mutex_);
  if (!flight_->landed) co_return std::nullopt;
  if (flight_->failure) std::rethrow_exception(flight_->failure);
  co_return flight_->value;
}

void Flights::Seat::finish(std::string value, std::exception_ptr failure) {
  std::list<std::shared_ptr<Wakeup>> waiting;
  {
    std::lock_guard lock(flights_->mutex_);
    flight_->value = std::move(value);
    flight_->failure = std::move(failure);
    flight_->landed = true;
    waiting.swap(flight_->waiting);
    flights_->flights_.erase(key_);
  }
  for (auto& wakeup : waiting) Wakeup::wake(std::move(wakeup));
}

Coordination::Coordination() : flights_(std::make_shared<Flights>()) {}
Coordination::~Coordination() = default;

Task<std::string> cached_or(Coordination& coordination, std::string key, std::chrono::milliseconds lifetime,
                            std::function<Task<std::string>()> make) {
  if (auto hit = co_await coordination.cached(key)) co_return std::move(*hit);
  Flights::Seat seat(coordination.flights_, key, co_await asio::this_coro::executor);
  if (auto brought = co_await seat.wait()) co_return std::move(*brought);

  std::optional<std::string> value;
  std::exception_ptr failure;
  bool made = false;
  try {
    // Another flight may have landed between the first look and this one's start.
    value = co_await coordination.cached(key);
    if (!value) {
      value = co_await make();
      made = true;
    }
  } catch (...) {
    failure = std::current_exception();
  }
  if (failure) {
    const auto state = co_await asio::this_coro::cancellation_state;
    // Only this caller was cancelled: the seat hands over to another.
    if (state.cancelled() == asio::cancellation_type::none) seat.fail(failure);
    std::rethrow_exception(failure);
  }
  if (made) {
    try {
      co_await coordination.cache(key, *value, lifetime);
    } catch (...) {
      // A cache that is away, or a caller cancelled by now, takes nothing from those who wait.
    }
  }
  seat.land(*value);
  co_return std::move(*value);
}

}  // namespace odeon::coordination
