#include "engine/privacy/erasure.hpp"

#include "base/crypto.hpp"
#include "engine/privacy/store.hpp"

namespace odeon::privacy {
namespace {

constexpr int kPriority = 2;
constexpr int kMaxAttempts = 1000;  // what was promised is done, however long a room is away

// Nobody guesses a receipt.
constexpr std::size_t kReceiptBytes = 18;

// The kinds of a product's jobs; all of them for the whole account.
std::string kinds_of(const std::string& product) {
  return product.empty() ? "" : product + ".";
}

Receipt receipt_of(store::ErasureRow row) {
  return {.id = std::move(row.id),
          .product = std::move(row.product),
          .requested_at = row.requested_at,
          .due_at = row.due_at,
          .completed_at = row.completed_at,
          .rooms = std::move(row.rooms)};
}

}  // namespace

void Erasures::install(jobs::Worker& worker) {
  worker.handle<Erase>([this](Erase job, jobs::Job& handle) { return erase(std::move(job), handle); });
}

Task<Receipt> Erasures::request(ErasureOrder order) {
  if (auto open = co_await store::open_erasure(database_, order.user_id, order.product))
    co_return receipt_of(std::move(*open));
  const bool waits = order.wait.count() > 0;
  if (waits && !order.product.empty()) throw std::logic_error("only a whole account waits");
  if (waits && on_waiting_) co_await on_waiting_(order.user_id);
  if (order.product.empty()) co_await suspend_(order.user_id);
  co_await queue_.cancel_lane(order.user_id, kinds_of(order.product));
  const Instant now = clock_.now();
  store::ErasureRow row{.id = crypto::to_base64url(crypto::random_bytes(kReceiptBytes)),
                        .user_id = order.user_id,
                        .product = std::move(order.product),
                        .requested_at = now,
                        .due_at = waits ? now + order.wait : now + settling_,
                        .mail = std::move(order.mail)};
  auto transaction = co_await database_.begin(database::Isolation::statement);
  co_await store::add_erasure(*transaction, row);
  co_await audit_.record(*transaction, {.user_id = std::move(order.user_id),
                                        .product = row.product,
                                        .action = "erasure_requested",
                                        .details = {{"receipt", row.id}}});
  co_await queue_.enqueue(*transaction, Erase{row.id},
                          {.priority = kPriority, .run_at = row.due_at, .max_attempts = kMaxAttempts});
  co_await transaction->commit();
  co_return receipt_of(std::move(row));
}

// The job that waits will find nothing to do.
Task<bool> Erasures::withdraw(std::string user_id) {
  auto transaction = co_await database_.begin(database::Isolation::statement);
  if (co_await store::withdraw_erasures(*transaction, user_id, clock_.now()) == 0) co_return false;
  co_await audit_.record(*transaction, {.user_id = std::move(user_id), .action = "erasure_withdrawn"});
  co_await transaction->commit();
  co_return true;
}

Task<std::optional<Receipt>> Erasures::receipt(std::string id) {
  auto row = co_await store::erasure(database_, std::move(id));
  if (!row) co_return std::nullopt;
  co_return receipt_of(std::move(*row));
}

// Counts are those of the attempt that came to the end.
Task<void> Erasures::erase(Erase job, jobs::Job& handle) {
  auto row = co_await store::erasure(database_, job.id);
  if (!row || row->completed_at) co_return;
  co_await queue_.cancel_lane(row->user_id, kinds_of(row->product));
  std::vector<RoomErased> rooms;
  for (auto* room : rooms_) {
    const Forgotten gone = co_await room->forget(row->user_id, row->product);
    rooms.push_back({std::string(room->room()), gone.rows, gone.objects});
  }
  rooms.push_back({"consents", co_await store::forget_consents(database_, row->user_id, row->product), 0});
  rooms.push_back({"jobs", co_await queue_.forget_lane(row->user_id, kinds_of(row->product)), 0});
  auto transaction = co_await database_.begin(database::Isolation::statement);
  const Instant now = clock_.now();
  if (co_await store::complete_erasure(*transaction, row->id, std::move(rooms), now)) {
    co_await audit_.record(
        *transaction,
        {.user_id = row->user_id, .product = row->product, .action = "erased", .details = {{"receipt", row->id}}});
    std::string mail = std::exchange(row->mail, "");
    row->completed_at = now;
    if (send_ && !mail.empty()) co_await send_(*transaction, std::move(mail), receipt_of(std::move(*row)));
  }
  co_await handle.complete(*transaction);
  co_await transaction->commit();
}

}  // namespace odeon::privacy
