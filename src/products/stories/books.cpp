#include "products/stories/books.hpp"

#include "base/stoppable.hpp"
#include "base/text.hpp"
#include "engine/http/binding.hpp"
#include "engine/media/books/epub.hpp"
#include "engine/storage/whole.hpp"
#include "products/stories/narrations.hpp"
#include "products/stories/showing.hpp"

namespace odeon::stories {
namespace {

constexpr std::uint64_t kLargestSound = 64 << 20;  // bytes

http::Content to_keep(const TaleRow& tale, std::string type, std::string_view extension, std::string bytes) {
  http::Content content{.type = std::move(type), .body = std::move(bytes)};
  content.headers.add("Content-Disposition", fmt::format("attachment; filename=\"{}.{}\"", tale.id, extension));
  content.headers.add("Cache-Control", "private, no-cache");
  return content;
}

}  // namespace

void Books::mount(http::Api& api) {
  http::mount(api, read_epub, &Books::epub, *this);
  http::mount(api, read_pdf, &Books::pdf, *this);
}

Task<std::optional<books::Picture>> Books::picture(std::optional<std::string> key, std::string shows) {
  if (!key) co_return std::nullopt;
  const auto object = co_await storage_.get(*key);
  if (!object || object->size() > books::kMaxPictureBytes) co_return std::nullopt;
  auto png = co_await storage::bytes_of(storage_, *key, books::kMaxPictureBytes);
  if (!png) co_return std::nullopt;
  co_return books::Picture{std::move(*png), std::string(text::prefix(shows, books::kMaxAlt))};
}

Task<BookParts> Books::pictures_of(TaleRow tale) {
  BookParts parts;
  const auto rows = co_await store::illustrations(database_, tale.id);
  const auto times = showings(tale, rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto drawn = co_await picture(rows[i].image_key, rows[i].scene.text);
    if (!drawn) continue;
    parts.pictures.push_back({std::move(*drawn), times[i].starts_at});
    parts.changed_at = std::max(parts.changed_at, rows[i].updated_at);
  }
  if (!tale.hero_id) co_return parts;
  if (const auto hero = co_await store::hero(database_, tale.user_id, *tale.hero_id)) {
    parts.portrait = co_await picture(hero->avatar_key, hero->name);
    if (parts.portrait) parts.changed_at = std::max(parts.changed_at, hero->updated_at);
  }
  co_return parts;
}

Task<std::string> Books::written(books::Book book, Writer write) {
  co_return co_await run_stoppable(pool_, [&book, &write](std::stop_token stop) {
    std::string bytes;
    write(book, [&](std::string_view piece) {
      if (stop.stop_requested()) throw boost::system::system_error(asio::error::operation_aborted);
      bytes += piece;
    });
    return bytes;
  });
}

Task<http::Content> Books::epub(http::Caller caller, BookRequest request) {
  const auto tale = co_await own_written_tale(database_, caller.user_id, request.storyId);
  auto parts = co_await pictures_of(tale);
  if (is_narrated(tale) && tale.audio_key)
    parts.mp3 = (co_await storage::bytes_of(storage_, *tale.audio_key, kLargestSound)).value_or("");
  auto bytes = co_await written(book_of(tale, std::move(parts)), books::write_epub);
  co_return to_keep(tale, "application/epub+zip", "epub", std::move(bytes));
}

Task<http::Content> Books::pdf(http::Caller caller, PrintRequest request) {
  const auto tale = co_await own_written_tale(database_, caller.user_id, request.storyId);
  auto parts = co_await pictures_of(tale);
  Writer write = [paper = request.paper.value_or(books::Paper::a4)](const books::Book& book, const books::Sink& to) {
    books::write_pdf(book, paper, to);
  };
  auto bytes = co_await written(book_of(tale, std::move(parts)), std::move(write));
  co_return to_keep(tale, "application/pdf", "pdf", std::move(bytes));
}

}  // namespace odeon::stories
