// What recorders send that know of no session.
#include "engine/storage/whole.hpp"
#include "products/podcasts/intake/media_types.hpp"
#include "products/podcasts/intake/recording.hpp"

namespace odeon::podcasts {
namespace {

constexpr std::size_t kTellingHead = 12;        // bytes
constexpr std::chrono::minutes kAskedAgain{5};  // whose answer was lost, and what comes late

// Of the kinds that browsers record in, and of those that people send in pieces. Ogg marks the first of its pages,
// since all of them begin alike (RFC 3533, 6).
bool begins_a_file(std::string_view head) {
  const bool first_page = head.size() > 5 && (head[5] & 2) != 0;
  return head.starts_with("\x1A\x45\xDF\xA3") || (head.starts_with("OggS") && first_page) ||
         head.substr(std::min<std::size_t>(4, head.size())).starts_with("ftyp") || head.starts_with("RIFF") ||
         head.starts_with("ID3") || head.starts_with("fLaC");
}

Error no_recording() {
  return Error(Fault::conflict, "NO_RECORDING", "Nothing is being recorded. A recording begins with its first chunk.");
}

}  // namespace

Task<std::optional<IntakeRow>> Recording::newest(std::string user_id) {
  return store::newest_intake(rooms_.database, std::move(user_id), IntakeKind::recording,
                              rooms_.clock.now() - kAskedAgain);
}

Task<std::string> Recording::newest_session(std::string user_id) {
  auto row = co_await newest(std::move(user_id));
  if (!row) throw no_recording();
  co_return std::move(row->id);
}

// A chunk that begins a file begins a recording, but where one was started for it.
Task<std::string> Recording::session_for(http::Caller caller, http::Upload chunk) {
  const bool begins = begins_a_file(co_await head_of(chunk.key));
  const auto row = co_await newest(caller.user_id);
  if (row && (!begins || (row->state == IntakeState::open && row->received == 0))) co_return row->id;
  if (!begins) throw no_recording();
  co_return co_await begin_unnamed(std::move(caller), std::move(chunk.content_type));
}

// Where no chunk of it has come, the recording that was begun last is another one.
Task<std::string> Recording::session_of(http::Caller caller, http::Upload whole) {
  const auto row = co_await newest(caller.user_id);
  if (row && co_await is_of(*row, whole)) co_return row->id;
  if (!begins_a_file(co_await head_of(whole.key))) throw no_recording();
  co_return co_await begin_unnamed(std::move(caller), std::move(whole.content_type));
}

// It is the file that `row` has chunks of. Chunks whose first one was lost could not be heard without it.
Task<bool> Recording::is_of(IntakeRow row, http::Upload whole) {
  if (row.state != IntakeState::open) co_return row.received == whole.size;
  const auto first = co_await store::piece(rooms_.database, row.id, 0);
  if (!first || !begins_a_file(co_await head_of(first->storage_key))) co_return true;
  if (first->bytes > whole.size) co_return false;
  co_return co_await storage::sha256_of(rooms_.storage, whole.key, static_cast<std::uint64_t>(first->bytes)) ==
      first->sha256;
}

Task<std::string> Recording::head_of(std::string key) {
  std::string head(kTellingHead, '\0');
  const auto object = co_await rooms_.storage.get(std::move(key));
  head.resize(object != nullptr ? co_await object->read_at(0, head) : 0);
  co_return head;
}

Task<std::string> Recording::begin_unnamed(http::Caller caller, std::string content_type) {
  const auto newest = co_await store::shows(rooms_.database, caller.user_id, "", 1);
  if (newest.empty())
    throw Error(Fault::conflict, "NO_PODCAST", "Begin a podcast first: a recording becomes an episode of it.");
  StartRecording request;
  request.podcast_id = newest.front().id;
  const auto type = loose_media_type(content_type);
  if (type.find("octet-stream") == type.npos) request.mime_type = type;
  co_return (co_await start(std::move(caller), std::move(request))).value.session_id;
}

}  // namespace odeon::podcasts
