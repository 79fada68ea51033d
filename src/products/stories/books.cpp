#include "products/stories/books.hpp"

#include "engine/http/binding.hpp"
#include "engine/storage/whole.hpp"
#include "products/stories/narrations.hpp"
#include "products/stories/showing.hpp"

namespace odeon::stories {
namespace {

constexpr std::uint64_t kLargestPart = 64 << 20;  // bytes

// The sentence that is read when a picture comes.
std::size_t sentence_at(const ReadAlong& places, double second) {
  const auto after = std::ranges::upper_bound(places.sentences, second, {}, &TimedSpan::start);
  return static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, after - places.sentences.begin() - 1));
}

}  // namespace

void Books::mount(http::Api& api) {
  http::mount(api, read_epub, &Books::epub, *this);
}

Task<Book> Books::bound(TaleRow tale) {
  Book book{.id = tale.id,
            .title = tale.title,
            .hero = tale.hero_name,
            .language = tale.language,
            .changed_at = tale.updated_at};
  const auto places = along(tale);
  std::size_t before = 0;
  for (const auto& place : places.sentences) {
    const std::string_view between = std::string_view(tale.content).substr(before, place.offset - before);
    book.sentences.push_back(
        {tale.content.substr(place.offset, place.length), between.contains('\n'), place.start, place.end});
    before = place.offset + place.length;
  }
  for (const auto& picture : co_await store::illustrations(database_, tale.id)) {
    if (!picture.image_key) continue;
    if (auto png = co_await storage::bytes_of(storage_, *picture.image_key, kLargestPart))
      book.pictures.push_back({std::move(*png), picture.scene.text, sentence_at(places, picture.starts_at)});
  }
  if (is_narrated(tale) && tale.audio_key)
    book.mp3 = (co_await storage::bytes_of(storage_, *tale.audio_key, kLargestPart)).value_or("");
  co_return book;
}

Task<http::Content> Books::epub(http::Caller caller, BookRequest request) {
  const auto tale = co_await own_written_tale(database_, caller.user_id, request.storyId);
  const auto book = co_await bound(tale);
  http::Content content{.type = "application/epub+zip",
                        .body = co_await run_blocking(pool_, [&book] { return stories::epub(book); })};
  content.headers.add("Content-Disposition", fmt::format("attachment; filename=\"{}.epub\"", tale.id));
  content.headers.add("Cache-Control", "private, no-cache");
  co_return content;
}

}  // namespace odeon::stories
