#include "products/podcasts/intake/intakes.hpp"

#include "base/ids.hpp"
#include "products/podcasts/episodes.hpp"
#include "products/podcasts/faults.hpp"
#include "products/podcasts/leftovers.hpp"

namespace odeon::podcasts {
namespace {

constexpr std::int64_t kAtOnce = 100;
constexpr int kJoinedAtOnce = 2;  // of one person's

// Objects, one behind the other.
class Joined final : public ByteSource {
 public:
  Joined(storage::Storage& storage, std::vector<PieceRow> pieces) : storage_(storage), pieces_(std::move(pieces)) {}

  Task<std::size_t> read(std::span<char> into) override {
    for (;;) {
      if (object_ != nullptr && at_ < object_->size()) {
        const auto count = co_await object_->read_at(at_, into);
        if (count == 0) throw lost();
        at_ += count;
        co_return count;
      }
      if (next_ == pieces_.size()) co_return 0;
      object_ = co_await storage_.get(pieces_[next_++].storage_key);
      at_ = 0;
      if (object_ == nullptr) throw lost();
    }
  }

 private:
  static Error lost() {
    return Error(Fault::internal, "PIECE_LOST", "A piece of what was sent is lost. Please send it again.");
  }

  storage::Storage& storage_;
  std::vector<PieceRow> pieces_;
  std::size_t next_ = 0;
  std::shared_ptr<ReadableObject> object_;
  std::uint64_t at_ = 0;
};

// "20 November 2026"
std::string day_of(Instant when) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(when));
  static constexpr std::array kMonths{"January", "February", "March",     "April",   "May",      "June",
                                      "July",    "August",   "September", "October", "November", "December"};
  return fmt::format("{} {} {}", unsigned(day.day()), kMonths[unsigned(day.month()) - 1], int(day.year()));
}

}  // namespace

std::string piece_folder(std::string_view intake_id) {
  return fmt::format("podcasts/pieces/{}/", intake_id);
}

Task<std::string> episode_for(Transaction& tx, const Clock& clock, std::string user_id,
                              std::optional<std::string> episode_id, std::string podcast_id, std::string title) {
  const Instant now = clock.now();
  if (episode_id) {
    co_await own_episode(tx, user_id, *episode_id);
    co_return *episode_id;
  }
  co_await own_show(tx, user_id, podcast_id);
  EpisodeRow row{.id = new_uuid(clock), .podcast_id = std::move(podcast_id), .user_id = std::move(user_id)};
  row.guid = row.id;
  row.title = title.empty() ? day_of(now) : std::move(title);
  row.created_at = row.updated_at = now;
  co_await store::add(tx, row);
  co_return row.id;
}

void Intakes::install(jobs::Worker& worker) {
  worker.handle<JoinPieces>([this](JoinPieces job, jobs::Job& handle) { return join(std::move(job.id), handle); });
  worker.on_failure<JoinPieces>(
      [this](this auto, JoinPieces job, database::Transaction& tx, std::string error) -> Task<void> {
        const auto intake = co_await store::intake(tx, job.id);
        if (intake && intake->state == IntakeState::joining) co_await lose(tx, *intake, std::move(error));
      });
  worker.handle<DropUnfinished>(
      [this](this auto, DropUnfinished, jobs::Job&) -> Task<void> { co_await drop_unfinished(); });
  worker.schedule("podcasts.drop_unfinished", jobs::Cron("35 * * * *"), DropUnfinished{});
}

Task<void> Intakes::add(Transaction& tx, std::string user_id, PieceRow piece) {
  co_await count(tx, std::move(user_id), piece.bytes);
  co_await store::add(tx, std::move(piece));
}

// So many more, or fewer, are kept.
Task<void> Intakes::count(Transaction& tx, std::string user_id, std::int64_t bytes) {
  if (bytes > 0) {
    const auto held =
        co_await rooms_.allowances.reserve(tx, std::move(user_id), std::string(kProduct), "storage", bytes);
    if (!held) throw storage_is_full(held.error());
    co_await rooms_.allowances.settle(tx, *held);
  } else {
    co_await rooms_.allowances.give_back(tx, std::move(user_id), std::string(kProduct), "storage", -bytes);
  }
}

Task<void> Intakes::hear(PieceRow piece, std::int64_t next, ProcessingOptions wanted) {
  const auto key = audio_key(piece.intake_id);
  if (!rooms_.listening.wants(key, piece.number)) co_return;
  const auto object = co_await settle(rooms_.storage.get(piece.storage_key));
  auto part = object ? part_of(*object, piece.number, next) : std::nullopt;
  if (part) rooms_.listening.hear(key, merged(usual_options(), wanted), std::move(*part));
}

// What was sent stays. A recording can be finished again; a file is whole, so the job itself is to be tried again.
Task<void> Intakes::lose(Transaction& tx, IntakeRow intake, std::string error) {
  const std::string episode = intake.episode_id.value_or("");
  co_await store::set_lost(tx, episode, error, rooms_.clock.now());
  if (intake.kind == IntakeKind::recording) co_await store::reopen(tx, intake.id, rooms_.clock.now());
  if (on_lost_) co_await on_lost_(tx, {episode, intake.job_id.value_or(""), std::move(error)});
}

Task<bool> Intakes::close(Transaction& tx, IntakeRow intake, std::string episode_id, std::int64_t joins,
                          TraceContext trace) {
  const Instant now = rooms_.clock.now();
  if (!co_await store::close_intake(tx, intake.id, episode_id, joins, now)) co_return false;
  co_await store::set_uploading(tx, std::move(episode_id), now);
  const auto job = co_await rooms_.queue.enqueue(tx, JoinPieces{intake.id},
                                                 {.lane = intake.user_id, .lane_limit = kJoinedAtOnce, .trace = trace});
  co_await store::set_job(tx, intake.id, job.id);
  co_return true;
}

Task<bool> Intakes::take(Transaction& tx, IntakeRow intake, std::string episode_id, http::Upload whole,
                         TraceContext trace) {
  if (!co_await store::close_whole(tx, intake.id, episode_id, whole.size, rooms_.clock.now())) co_return false;
  co_await count(tx, intake.user_id, whole.size - intake.received);
  AudioRow source{.user_id = intake.user_id,
                  .episode_id = std::move(episode_id),
                  .storage_key = std::move(whole.key),
                  .media_type = intake.media_type,
                  .name = intake.name,
                  .bytes = whole.size,
                  .counted = whole.size,
                  .reservation = intake.reservation};
  if (!co_await rooms_.audio.arrive(tx, std::move(source), trace)) throw no_such_episode();
  rooms_.listening.drop(audio_key(intake.id));
  co_await rooms_.queue.enqueue(tx, SweepLeftovers{}, {.trace = trace});
  co_return true;
}

Task<void> Intakes::join(std::string id, jobs::Job& handle) {
  const auto intake = co_await store::intake(rooms_.database, id);
  if (!intake || intake->state == IntakeState::dropped) {
    // Whoever joined it before may have died before that was known.
    co_await rooms_.storage.remove(audio_key(id));
    co_return;
  }
  if (intake->state != IntakeState::joining) co_return;
  auto pieces = co_await store::pieces(rooms_.database, id);
  std::erase_if(pieces, [&](const PieceRow& piece) { return piece.number >= intake->joins; });
  Joined joined(rooms_.storage, std::move(pieces));
  const auto stored = co_await rooms_.storage.put(audio_key(id), joined,
                                                  {.content_type = intake->media_type, .max_bytes = kLargestSource});
  co_await arrive(*intake, static_cast<std::int64_t>(stored.size), handle);
}

// What was counted for the pieces now counts for the whole.
Task<void> Intakes::arrive(IntakeRow intake, std::int64_t bytes, jobs::Job& handle) {
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  bool wanted = co_await store::mark_done(*tx, intake.id, rooms_.clock.now());
  if (wanted) {
    AudioRow source{.user_id = intake.user_id,
                    .episode_id = intake.episode_id.value_or(""),
                    .storage_key = audio_key(intake.id),
                    .media_type = intake.media_type,
                    .name = intake.name,
                    .bytes = bytes,
                    .counted = bytes,
                    .reservation = intake.reservation};
    wanted = co_await rooms_.audio.arrive(*tx, std::move(source), handle.trace());
  }
  if (!wanted) {
    tx.reset();
    // Its episode went meanwhile, and with it all that was counted; unless another worker was faster.
    const auto now = co_await store::intake(rooms_.database, intake.id);
    if (!now || now->state == IntakeState::dropped) co_await rooms_.storage.remove(audio_key(intake.id));
    co_return;
  }
  co_await rooms_.allowances.give_back(*tx, intake.user_id, std::string(kProduct), "storage", intake.received - bytes);
  co_await rooms_.queue.enqueue(*tx, SweepLeftovers{}, {.trace = handle.trace()});
  co_await handle.complete(*tx);
  co_await tx->commit();
}

Task<bool> Intakes::drop(Transaction& tx, std::string id) {
  const auto dropped = co_await store::drop_intake(tx, std::move(id));
  if (!dropped) co_return false;
  rooms_.listening.drop(audio_key(dropped->id));
  co_await rooms_.allowances.give_back(tx, dropped->user_id, std::string(kProduct), "storage", dropped->received);
  if (dropped->reservation) co_await rooms_.allowances.release(tx, *dropped->reservation);
  co_return true;
}

Task<void> Intakes::drop_into_episode(Transaction& tx, std::string episode_id) {
  for (auto& id : co_await store::intakes_into_episode(tx, std::move(episode_id))) co_await drop(tx, std::move(id));
}

Task<void> Intakes::drop_into_podcast(Transaction& tx, std::string podcast_id) {
  for (auto& id : co_await store::intakes_into(tx, std::move(podcast_id))) co_await drop(tx, std::move(id));
}

Task<void> Intakes::hold(Transaction& tx, IntakeRow& intake, std::int64_t seconds) {
  const std::string product(kProduct);
  const auto left = (co_await rooms_.allowances.of(tx, intake.user_id, product, "recording")).left();
  if (left != billing::kUnlimited) seconds = std::clamp<std::int64_t>(left, 1, seconds);
  const auto held = co_await rooms_.allowances.reserve(tx, intake.user_id, product, "recording", seconds);
  if (!held)
    throw held.error().error("RECORDING_LIMIT_REACHED",
                             "Your plan's minutes of recording are used up. Take a larger plan to record more.");
  intake.reservation = *held;
  intake.held_seconds = seconds;
}

Task<void> Intakes::release_idle() {
  for (;;) {
    const auto idle = co_await store::idle_holders(rooms_.database, rooms_.clock.now() - kMinutesHeld, kAtOnce);
    for (const auto& row : idle) {
      auto tx = co_await rooms_.database.begin(database::Isolation::statement);
      if (!co_await store::give_up_hold(*tx, row.id, *row.reservation)) continue;
      co_await rooms_.allowances.release(*tx, *row.reservation);
      co_await tx->commit();
    }
    if (std::ssize(idle) < kAtOnce) co_return;
  }
}

Task<void> Intakes::drop_unfinished() {
  co_await release_idle();
  for (;;) {
    const auto ids = co_await store::intakes_left(rooms_.database, rooms_.clock.now() - kUnfinishedKept, kAtOnce);
    for (const auto& id : ids) {
      auto tx = co_await rooms_.database.begin(database::Isolation::statement);
      co_await drop(*tx, id);
      co_await tx->commit();
    }
    if (std::ssize(ids) < kAtOnce) co_return;
  }
}

}  // namespace odeon::podcasts
