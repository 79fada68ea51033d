#include "engine/media/books/edition.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "engine/media/books/faults.hpp"
#include "engine/media/books/plain_text.hpp"
#include "engine/media/pictures/anatomy.hpp"

namespace odeon::books {
namespace {

constexpr std::size_t kNameLength = 48;

Plate plate_of(const Picture& picture) {
  return {pictures::dissect(picture.bytes).info, picture.bytes, plain_text(picture.alt)};
}

std::vector<Paragraph> paragraphs_of(const Page& page) {
  std::vector<Paragraph> paragraphs;
  bool begins = true;
  for (const Sentence& sentence : page.sentences) {
    begins |= sentence.begins_paragraph;
    std::string text = plain_text(sentence.text);
    if (text.empty()) continue;
    if (begins) paragraphs.emplace_back();
    begins = false;
    auto& added = paragraphs.back().emplace_back(std::move(text));
    if (sentence.begins) added.clip = Clip{*sentence.begins, {}};
  }
  return paragraphs;
}

// From the back: each clip ends where the one after it begins.
void end_clips(Edition& edition, Millis end) {
  for (auto leaf = edition.leaves.rbegin(); leaf != edition.leaves.rend(); ++leaf) {
    for (auto paragraph = leaf->paragraphs.rbegin(); paragraph != leaf->paragraphs.rend(); ++paragraph)
      for (auto sentence = paragraph->rbegin(); sentence != paragraph->rend(); ++sentence) {
        if (!sentence->clip) continue;
        sentence->clip->to = std::exchange(end, sentence->clip->from);
        leaf->narrated += sentence->clip->length();
      }
    edition.narrated += leaf->narrated;
  }
}

}  // namespace

Edition prepare(const Book& book) {
  if (auto faults = faults_of(book); !faults.empty())
    throw Error(Fault::invalid, "BOOK_INVALID", "This cannot be made into a book.").with_fields(std::move(faults));
  Edition edition{.title = plain_text(book.title),
                  .author = plain_text(book.author),
                  .description = plain_text(book.description),
                  .language = book.language,
                  .identifier = text::to_lower(book.identifier),
                  .date = std::chrono::floor<std::chrono::seconds>(book.date)};
  if (book.cover) edition.cover = plate_of(*book.cover);
  for (const Page& page : book.pages) {
    Leaf leaf{.number = static_cast<int>(edition.leaves.size()) + 1, .paragraphs = paragraphs_of(page)};
    if (page.picture) leaf.picture = plate_of(*page.picture);
    if (leaf.picture || !leaf.paragraphs.empty()) edition.leaves.push_back(std::move(leaf));
  }
  if (!book.narration) return edition;
  end_clips(edition, book.narration->duration);
  if (edition.narrated == Millis(0)) return edition;
  edition.narration = book.narration->bytes;
  edition.narration_type = book.narration->media_type;
  edition.narrator = plain_text(book.narration->narrator);
  return edition;
}

std::string name_of(const Leaf& leaf, std::string_view word_for_page, int number) {
  const std::string page = fmt::format("{} {}", word_for_page, number);
  if (leaf.paragraphs.empty()) return page;
  const std::string_view text = leaf.paragraphs.front().front().text;
  std::string_view begins = text::prefix(text, kNameLength);
  if (begins.size() == text.size()) return fmt::format("{}: {}", page, text);
  if (const auto space = begins.rfind(' '); space != begins.npos) begins = begins.substr(0, space);
  return fmt::format("{}: {}…", page, begins);
}

}  // namespace odeon::books
