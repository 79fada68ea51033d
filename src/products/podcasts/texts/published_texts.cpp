#include "products/podcasts/texts/published_texts.hpp"

#include "engine/http/binding.hpp"
#include "products/podcasts/texts/captions.hpp"
#include "products/podcasts/texts/show_notes.hpp"
#include "products/podcasts/texts/transcript_store.hpp"

namespace odeon::podcasts {
namespace {

Error no_such_text() {
  return Error(Fault::not_found, "TEXT_NOT_FOUND", "There is no such text.");
}

// "vtt" of "<revision>.vtt".
std::string_view ending_of(std::string_view file) {
  const auto dot = file.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : file.substr(dot + 1);
}

http::Content open_text(std::string type, std::string body, bool is_newest) {
  http::Content content{std::move(type), std::move(body), {}};
  content.headers.add("Access-Control-Allow-Origin", "*");
  content.headers.add("Cache-Control", is_newest ? "public, max-age=86400" : "public, no-cache");
  return content;
}

Task<EpisodeRow> published_episode(database::Database& database, std::string id) {
  auto episode = co_await store::episode(database, std::move(id));
  if (!episode || episode->status != EpisodeStatus::published) throw no_such_text();
  const auto show = co_await store::show(database, episode->podcast_id);
  if (!show || show->status == ShowStatus::draft) throw no_such_text();
  co_return std::move(*episode);
}

}  // namespace

void PublishedTexts::mount(http::Api& api) {
  http::mount(api, episode_transcript, &PublishedTexts::transcript, *this);
  http::mount(api, episode_chapters, &PublishedTexts::chapters, *this);
}

Task<http::Content> PublishedTexts::transcript(PublishedTextRequest request) {
  const auto episode = co_await published_episode(database_, request.id);
  const auto texts = co_await store::texts_of(database_, episode.id);
  const std::string ending(ending_of(request.file));
  if (texts.transcript_json.is_null() || (ending != "vtt" && ending != "srt" && ending != "json")) throw no_such_text();
  const auto offered = co_await store::offered_texts(database_, episode.id);
  const bool is_newest = request.file == offered.transcript_revision.value_or("") + "." + ending;
  auto write = [&]() -> http::Content {
    const auto transcript = read_transcript(texts.transcript_json);
    if (ending == "vtt") return open_text("text/vtt; charset=utf-8", write_vtt(transcript), is_newest);
    if (ending == "srt") return open_text("application/x-subrip; charset=utf-8", write_srt(transcript), is_newest);
    return open_text("application/json", write_transcript_json(transcript), is_newest);
  };
  co_return co_await run_blocking(pool_, std::move(write));
}

Task<http::Content> PublishedTexts::chapters(PublishedTextRequest request) {
  const auto episode = co_await published_episode(database_, request.id);
  const auto texts = co_await store::texts_of(database_, episode.id);
  const auto chapters = chapters_of(texts.show_notes_json);
  if (chapters.empty() || ending_of(request.file) != "json") throw no_such_text();
  const auto offered = co_await store::offered_texts(database_, episode.id);
  co_return open_text("application/json+chapters", write_chapters_json(chapters),
                      request.file == offered.chapters_revision.value_or("") + ".json");
}

}  // namespace odeon::podcasts
