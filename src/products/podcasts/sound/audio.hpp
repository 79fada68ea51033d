// The sound of an episode: as it came (its source) and as it is heard (finished). This is the door of the work on
// audio: a source arrives here from a microphone or a file, whoever works on it is called in the transaction in which
// it does, and brings back what is heard.
//
//   audio.on_arrival([&](Transaction& tx, Arrived arrived) { return queue.enqueue(tx, ProcessEpisode{…}); });
//   …
//   co_await audio.working(source_id, ProcessingStatus::editing);
//   key = co_await audio.make(source_id);                      // put what was made there
//   co_await audio.measured(*tx, source_id, seconds);         // the minutes of recording are settled by the truth
//   if (!co_await audio.finish(*tx, source_id, {*key, "audio/mpeg", bytes, seconds})) …  // remove the object again
//
// Each of these is without effect once another source has come, or the episode is gone, and says so.
//
// What is heard stays as it is until something newer is finished, and no object is ever written twice. What listeners
// heard before is kept for a week more, at its own address.
#pragma once

#include <functional>

#include "engine/billing/allowances.hpp"
#include "engine/storage/storage.hpp"
#include "products/podcasts/sound/audio_store.hpp"

namespace odeon::podcasts {

// The longest that is taken in.
inline constexpr std::uint64_t kLargestSource = 2ULL << 30;

inline constexpr std::chrono::days kReplacedKept{7};

struct Arrived {
  std::string user_id;
  std::string episode_id;
  std::string source_id;  // of podcasts_audio
  TraceContext trace;     // of whoever brought it
};

struct Finished {
  std::string storage_key;
  std::string media_type = "audio/mpeg";
  std::int64_t bytes = 0;
  double seconds = 0;
};

// Thread-safe; what it is given outlives it.
class Audio {
 public:
  Audio(database::Database& database, billing::Allowances& allowances, const Clock& clock)
      : database_(database), allowances_(allowances), clock_(clock) {}

  using OnArrival = std::function<Task<void>(Transaction& tx, Arrived arrived)>;
  // Before first use.
  void on_arrival(OnArrival call) { on_arrival_ = std::move(call); }

  // From now on the episode's source; the one before goes. `source` has all but id, role and time, and its bytes are
  // counted already. False, and nothing changed, if the episode is gone.
  Task<bool> arrive(Transaction& tx, AudioRow source, TraceContext trace);
  // How long a source is in truth. Ends what it holds of the minutes of recording: what is longer than that needs more
  // of them. Throws Error{forbidden, "RECORDING_LIMIT_REACHED"} where the plan has none.
  Task<void> measured(Transaction& tx, std::string source_id, double seconds);
  // How the work goes, as its owner sees it.
  Task<bool> working(std::string source_id, ProcessingStatus status);
  // Where to put what is made of it. An earlier place that nothing came of is swept. Nothing if the source is gone.
  Task<std::optional<std::string>> make(std::string source_id);
  // The same for what comes finished, to an episode of theirs that has no sound.
  Task<std::optional<std::string>> make_for(std::string user_id, std::string episode_id);
  // It is there, and is what is heard from now on. `sound` has all but id, role and time, and its bytes are counted
  // already. False if the episode is gone, or has another sound by now.
  Task<bool> adopt(Transaction& tx, AudioRow sound);
  // Nothing came of any of them.
  Task<void> unmake(Transaction& tx, std::string episode_id);
  // It cannot be done; `message` is for its owner. The source stays, and what is heard; minutes that are held go back.
  Task<bool> fail(Transaction& tx, std::string source_id, std::string message);
  // What is heard from now on: what was put where `make` said. False also if another `make` came after that.
  Task<bool> finish(Transaction& tx, std::string source_id, Finished finished);
  // All of an episode's go; minutes that were held and not measured are given back.
  Task<void> let_go(Transaction& tx, std::string episode_id);

 private:
  Task<std::string> place(Transaction& tx, AudioRow row);
  Task<void> let_go_others(Transaction& tx, AudioRow kept, std::optional<Instant> replaced_at);
  Task<void> let_go_one(Transaction& tx, std::string audio_id, std::optional<Instant> replaced_at = {});
  Task<void> settle_minutes(Transaction& tx, AudioRow source, std::int64_t recorded);
  Task<std::int64_t> count_storage(Transaction& tx, std::string user_id, std::int64_t bytes);

  database::Database& database_;
  billing::Allowances& allowances_;
  const Clock& clock_;
  OnArrival on_arrival_;
};

// Where sounds are in storage.
std::string audio_key(std::string_view audio_id);

}  // namespace odeon::podcasts
