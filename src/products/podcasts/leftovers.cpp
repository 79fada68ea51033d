#include "products/podcasts/leftovers.hpp"

#include "engine/storage/folder.hpp"
#include "products/podcasts/artwork/artwork.hpp"
#include "products/podcasts/intake/intakes.hpp"

namespace odeon::podcasts {
namespace {

constexpr std::int64_t kRemovedAtOnce = 100;
constexpr std::chrono::days kEndedKept{7};  // for whoever asks how it ended

}  // namespace

void Leftovers::install(jobs::Worker& worker) {
  worker.handle<SweepLeftovers>(
      [this](this auto, SweepLeftovers, jobs::Job&) -> Task<void> { static_cast<void>(co_await sweep()); });
  worker.schedule("podcasts.sweep_leftovers", jobs::Cron("50 * * * *"), SweepLeftovers{});
}

Task<std::int64_t> Leftovers::sweep() {
  const auto audio = co_await sweep_audio(), artwork = co_await sweep_artwork(), pieces = co_await sweep_pieces();
  co_return audio + artwork + pieces + co_await forget_ended();
}

// With what a process that died may have left of them in storage.
Task<std::int64_t> Leftovers::forget_ended() {
  std::int64_t gone = 0;
  for (;;) {
    const auto ended = co_await store::ended_intakes(database_, clock_.now() - kEndedKept, kRemovedAtOnce);
    for (const auto& row : ended) {
      gone += co_await storage::remove_folder(storage_, piece_folder(row.id));
      if (row.state == IntakeState::dropped) co_await storage_.remove(audio_key(row.id));
      co_await store::remove_intake(database_, row.id);
    }
    if (std::ssize(ended) < kRemovedAtOnce) co_return gone;
  }
}

Task<std::int64_t> Leftovers::sweep_pieces() {
  std::int64_t gone = 0;
  for (;;) {
    const auto pieces = co_await store::pieces_left(database_, kRemovedAtOnce);
    for (const auto& piece : pieces) {
      co_await storage_.remove(piece.storage_key);
      co_await store::remove_piece(database_, piece.intake_id, piece.number);
      ++gone;
    }
    if (std::ssize(pieces) < kRemovedAtOnce) co_return gone;
  }
}

Task<std::int64_t> Leftovers::sweep_audio() {
  std::int64_t gone = 0;
  for (;;) {
    const auto leftovers = co_await store::let_go_audio(database_, clock_.now() - kReplacedKept, kRemovedAtOnce);
    for (const auto& leftover : leftovers) {
      co_await storage_.remove(leftover.storage_key);
      co_await store::remove_audio(database_, leftover.id);
      ++gone;
    }
    if (std::ssize(leftovers) < kRemovedAtOnce) co_return gone;
  }
}

Task<std::int64_t> Leftovers::sweep_artwork() {
  std::int64_t gone = 0;
  for (;;) {
    const auto ids = co_await store::artwork_past(database_, clock_.now(), kRemovedAtOnce);
    for (const auto& id : ids) {
      gone += co_await storage::remove_folder(storage_, artwork_folder(id));
      co_await store::remove_artwork(database_, id);
    }
    if (std::ssize(ids) < kRemovedAtOnce) co_return gone;
  }
}

}  // namespace odeon::podcasts
