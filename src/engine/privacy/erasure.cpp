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
          .completed_at = row.completed_at,
          .rooms = std::move(row.rooms)};
}

}  // namespace

void Erasures::install(jobs::Worker& worker) {
  worker.handle<Erase>([this](Erase job, jobs::Job& handle) { return erase(std::move(job), handle); });
}

Task<Receipt> Erasures::request(std::string user_id, std::string product) {
  if (auto open = co_await store::open_erasure(database_, user_id, product)) co_return receipt_of(std::move(*open));
  if (product.empty()) co_await suspend_(user_id);
  co_await queue_.cancel_lane(user_id, kinds_of(product));
  store::ErasureRow row{.id = crypto::to_base64url(crypto::random_bytes(kReceiptBytes)),
                        .user_id = user_id,
                        .product = std::move(product),
                        .requested_at = clock_.now()};
  auto transaction = co_await database_.begin(database::Isolation::statement);
  co_await store::add_erasure(*transaction, row);
  co_await audit_.record(*transaction, {.user_id = std::move(user_id),
                                        .product = row.product,
                                        .action = "erasure_requested",
                                        .details = {{"receipt", row.id}}});
  co_await queue_.enqueue(
      *transaction, Erase{row.id},
      {.priority = kPriority, .run_at = row.requested_at + settling_, .max_attempts = kMaxAttempts});
  co_await transaction->commit();
  co_return receipt_of(std::move(row));
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
  if (co_await store::complete_erasure(*transaction, row->id, std::move(rooms), clock_.now()))
    co_await audit_.record(
        *transaction,
        {.user_id = row->user_id, .product = row->product, .action = "erased", .details = {{"receipt", row->id}}});
  co_await handle.complete(*transaction);
  co_await transaction->commit();
}

}  // namespace odeon::privacy
