// What recorders send that know of no session.
#include "products/podcasts/intake/media_types.hpp"
#include "products/podcasts/intake/recording.hpp"

namespace odeon::podcasts {
namespace {

constexpr std::size_t kTellingHead = 12;  // bytes

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

Task<std::string> Recording::open_session(std::string user_id) {
  const auto open = co_await store::open_intakes(rooms_.database, std::move(user_id), IntakeKind::recording, 1);
  if (open.empty()) throw no_recording();
  co_return open.front().id;
}

// A chunk that begins a file begins a recording, but where one was started for it.
Task<std::string> Recording::session_for(http::Caller caller, http::Upload chunk) {
  std::string head(kTellingHead, '\0');
  const auto object = co_await rooms_.storage.get(chunk.key);
  head.resize(object != nullptr ? co_await object->read_at(0, head) : 0);
  const bool begins = begins_a_file(head);
  const auto open = co_await store::open_intakes(rooms_.database, caller.user_id, IntakeKind::recording, 1);
  if (!open.empty() && (!begins || open.front().received == 0)) co_return open.front().id;
  if (!begins) throw no_recording();
  co_return co_await begin_unnamed(std::move(caller), std::move(chunk.content_type));
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
