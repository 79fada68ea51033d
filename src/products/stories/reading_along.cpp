#include "products/stories/reading_along.hpp"

#include "engine/http/binding.hpp"
#include "products/stories/narrations.hpp"
#include "products/stories/showing.hpp"

namespace odeon::stories {
namespace {

// Bytes to code points; spans come in order.
std::vector<TimedPart> parts_of(const std::vector<TimedSpan>& spans, std::string_view content) {
  std::vector<TimedPart> parts;
  std::size_t bytes = 0;
  std::int64_t points = 0;
  for (const auto& span : spans) {
    points += static_cast<std::int64_t>(text::length(content.substr(bytes, span.offset - bytes)));
    bytes = span.offset;
    parts.push_back({points, static_cast<std::int64_t>(text::length(content.substr(span.offset, span.length))),
                     span.start, span.end});
  }
  return parts;
}

}  // namespace

void ReadingAlong::mount(http::Api& api) {
  http::mount(api, read_along_story, &ReadingAlong::read, *this);
}

Task<ReadAlongReply> ReadingAlong::read(http::Caller caller, ReadAlongRequest request) {
  const auto tale = co_await own_written_tale(database_, caller.user_id, request.storyId);
  const auto places = along(tale);
  co_return ReadAlongReply{.storyId = tale.id,
                           .content = tale.content,
                           .language = tale.language,
                           .audioUrl = media_.url_or_null(caller.base_url, tale.audio_key),
                           .duration = seconds_of(tale),
                           .estimated = !is_narrated(tale),
                           .sentences = parts_of(places.sentences, tale.content),
                           .words = parts_of(places.words, tale.content)};
}

}  // namespace odeon::stories
