// What comes in piece by piece: a recording's chunks in any order, a file's pieces one behind the other. Each piece is
// an object of its own as soon as it is here. Once the whole is told to be there, a job joins the pieces into the
// source of an episode. A browser's recording is one stream of bytes that was cut anywhere, so joined is all that it
// can be.
//
// What nobody finishes is kept for a week after its last piece, and can be gone on with or finished until then. The
// minutes that a recording holds are free again an hour after that piece: who tries anew is not to find none left.
#pragma once

#include "engine/http/endpoint.hpp"
#include "engine/jobs/worker.hpp"
#include "products/podcasts/intake/intake_store.hpp"
#include "products/podcasts/sound/audio.hpp"
#include "products/podcasts/sound/listening.hpp"

namespace odeon::podcasts {

inline constexpr std::chrono::days kUnfinishedKept{7};
inline constexpr std::chrono::hours kMinutesHeld{1};

struct JoinPieces {
  static constexpr std::string_view kind = "podcasts.join_pieces";
  std::string id;  // of the intake
};
BOOST_DESCRIBE_STRUCT(JoinPieces, (), (id))

struct DropUnfinished {
  static constexpr std::string_view kind = "podcasts.drop_unfinished";
};
BOOST_DESCRIBE_STRUCT(DropUnfinished, (), ())

// Joining has failed for good: `episode_id` has an error, which is `error`.
struct Lost {
  std::string episode_id;
  std::string job_id;
  std::string error;
};

// Thread-safe; what it is given outlives it.
class Intakes {
 public:
  struct Rooms {
    database::Database& database;
    storage::Storage& storage;
    jobs::Queue& queue;
    billing::Allowances& allowances;
    Audio& audio;
    Listening& listening;
    const Clock& clock;
  };
  explicit Intakes(Rooms rooms) : rooms_(rooms) {}

  // Called in the transaction that ends the job. Before first use.
  using OnLost = std::function<Task<void>(Transaction& tx, Lost lost)>;
  void on_lost(OnLost call) { on_lost_ = std::move(call); }

  // In a transaction in which the intake has grown by it: its bytes are counted, its row is added. Throws
  // Error{forbidden, "STORAGE_LIMIT_REACHED"}.
  Task<void> add(Transaction& tx, std::string user_id, PieceRow piece);
  // It is here for good: whoever listens to the sound hears it. `next` is the number of the piece behind it. Never
  // fails.
  Task<void> hear(PieceRow piece, std::int64_t next, ProcessingOptions wanted);
  // Joins the pieces numbered below `joins` into the source of `episode_id`, by a job. False if it was not open.
  Task<bool> close(Transaction& tx, IntakeRow intake, std::string episode_id, std::int64_t joins, TraceContext trace);
  // What came otherwise and is the whole of it becomes that source, in the place of its pieces. `intake` is as the
  // transaction sees it. False if it was not open; throws as `add`, and Error{not_found}.
  Task<bool> take(Transaction& tx, IntakeRow intake, std::string episode_id, http::Upload whole, TraceContext trace);
  // Gives back what it holds; its objects go soon. False if it had ended.
  Task<bool> drop(Transaction& tx, std::string id);
  // Whatever is on its way to an episode, to a podcast.
  Task<void> drop_into_episode(Transaction& tx, std::string episode_id);
  Task<void> drop_into_podcast(Transaction& tx, std::string podcast_id);
  // What the plan has left of minutes for `intake`, and no more than `seconds`, is held for it: in the row given.
  // Throws Error{forbidden, "RECORDING_LIMIT_REACHED"} where it has none.
  Task<void> hold(Transaction& tx, IntakeRow& intake, std::int64_t seconds);
  // Those that nobody has touched for kUnfinishedKept, and holds of those for kMinutesHeld.
  Task<void> drop_unfinished();

  void install(jobs::Worker& worker);

 private:
  Task<void> join(std::string id, jobs::Job& handle);
  Task<void> count(Transaction& tx, std::string user_id, std::int64_t bytes);
  Task<void> arrive(IntakeRow intake, std::int64_t bytes, jobs::Job& handle);
  Task<void> lose(Transaction& tx, IntakeRow intake, std::string error);
  Task<void> release_idle();

  Rooms rooms_;
  OnLost on_lost_;
};

// Where pieces are in storage that have no object of their own yet: all that is there goes with the intake.
std::string piece_folder(std::string_view intake_id);

// The episode that a person's sound is for: one of theirs, or (without an id) one that is begun for it. Throws
// Error{not_found}.
Task<std::string> episode_for(Transaction& tx, const Clock& clock, std::string user_id,
                              std::optional<std::string> episode_id, std::string podcast_id, std::string title);

}  // namespace odeon::podcasts
