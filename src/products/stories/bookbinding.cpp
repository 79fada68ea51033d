#include "products/stories/bookbinding.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "products/stories/showing.hpp"
#include "products/stories/words/compose.hpp"

namespace odeon::stories {
namespace {

using books::Millis;

// From the first on, pages end with a paragraph, from the second with any sentence.
constexpr std::size_t kEnoughWords = 80, kManyWords = 160;

Millis millis_of(double seconds) {
  return Millis(std::llround(seconds * 1000));
}

std::string book_identifier(std::string_view story_id) {
  std::string uuid(story_id.substr(story_id.find('_') + 1));
  for (const std::size_t hyphen : {8UZ, 13UZ, 18UZ, 23UZ}) uuid.insert(hyphen, "-");
  return uuid;
}

// The sentence that is read when a picture comes.
std::size_t sentence_at(const ReadAlong& places, double second) {
  const auto after = std::ranges::upper_bound(places.sentences, second, {}, &TimedSpan::start);
  return static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, after - places.sentences.begin() - 1));
}

// As much of a sentence as a book takes for one: up to a space, if it has any.
std::string_view piece_of(std::string_view sentence) {
  const auto piece = text::prefix(sentence, books::kMaxSentence);
  if (piece.size() == sentence.size()) return piece;
  const auto space = piece.rfind(' ');
  return space == 0 || space == piece.npos ? piece : piece.substr(0, space);
}

class PageMaker {
 public:
  void show(books::Picture picture) {
    turn();
    pages_.back().picture = std::move(picture);
  }

  void tell(std::string_view sentence, std::optional<Millis> begins, bool begins_paragraph) {
    if (pages_.empty() || words_ >= (begins_paragraph ? kEnoughWords : kManyWords)) turn();
    words_ += count_words(sentence);
    while (!sentence.empty()) {
      const auto piece = piece_of(sentence);
      if (pages_.back().sentences.size() == books::kMaxSentences) turn();
      pages_.back().sentences.push_back(
          {std::string(piece), std::exchange(begins, std::nullopt), std::exchange(begins_paragraph, false)});
      sentence.remove_prefix(piece.size());
    }
  }

  std::vector<books::Page> take() { return std::move(pages_); }

 private:
  void turn() {
    pages_.emplace_back();
    words_ = 0;
  }

  std::vector<books::Page> pages_;
  std::size_t words_ = 0;  // on the last
};

// When sentences begin: what was spoken in no time at all has none, since times rise.
class Beginnings {
 public:
  explicit Beginnings(Millis end) : end_(end) {}

  std::optional<Millis> of(double start) {
    const Millis at = millis_of(start);
    if (at >= end_ || (last_ && at <= *last_)) return std::nullopt;
    return last_ = at;
  }

 private:
  Millis end_;
  std::optional<Millis> last_;
};

// By the time at which they appear, those of one time as they came. A handful.
void put_in_order(std::vector<PlacedPicture>& pictures) {
  for (auto at = pictures.begin(); at != pictures.end(); ++at) {
    const auto place = std::ranges::upper_bound(pictures.begin(), at, at->starts_at, {}, &PlacedPicture::starts_at);
    std::rotate(place, at, at + 1);
  }
}

}  // namespace

books::Book book_of(const TaleRow& tale, BookParts parts) {
  put_in_order(parts.pictures);
  const Instant sound_at = parts.mp3.empty() ? Instant{} : tale.audio_at.value_or(Instant{});
  books::Book book{.title = tale.title,
                   .language = std::string(code_of(tale.language)),
                   .identifier = book_identifier(tale.id),
                   .date = std::max({tale.updated_at, sound_at, parts.changed_at}),
                   .cover = std::move(parts.portrait)};
  if (!book.cover && !parts.pictures.empty()) book.cover = parts.pictures.front().picture;
  const Millis duration = parts.mp3.empty() ? Millis(0) : millis_of(tale.audio_seconds.value_or(0));
  if (duration > Millis(0)) book.narration = {.bytes = std::move(parts.mp3), .duration = duration};

  const auto places = along(tale);
  PageMaker pages;
  Beginnings beginnings(duration);
  auto picture = parts.pictures.begin();
  std::size_t before = 0;
  for (std::size_t i = 0; i < places.sentences.size(); ++i) {
    const auto& place = places.sentences[i];
    for (; picture != parts.pictures.end() && sentence_at(places, picture->starts_at) <= i; ++picture)
      pages.show(std::move(picture->picture));
    pages.tell(std::string_view(tale.content).substr(place.offset, place.length), beginnings.of(place.start),
               std::string_view(tale.content).substr(before, place.offset - before).contains('\n'));
    before = place.offset + place.length;
  }
  for (; picture != parts.pictures.end(); ++picture) pages.show(std::move(picture->picture));
  book.pages = pages.take();
  return book;
}

}  // namespace odeon::stories
