#include "engine/media/books/faults.hpp"

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/text.hpp"
#include "engine/media/books/plain_text.hpp"
#include "engine/media/pictures/anatomy.hpp"

namespace odeon::books {
namespace {

// Nothing for what is neither PNG nor JPEG, or a JPEG that Cairo would not put into a PDF as it is.
std::optional<pictures::PictureInfo> picture_within(std::string_view bytes) {
  try {
    const pictures::Anatomy anatomy = pictures::dissect(bytes);
    if (anatomy.info.format != pictures::Format::webp && anatomy.is_tight) return anatomy.info;
  } catch (const Error&) {
  }
  return {};
}

class FaultFinder {
 public:
  std::vector<FieldFault> found;

  void add(std::string path, std::string code, std::string message) {
    found.push_back({std::move(path), std::move(code), std::move(message)});
  }

  void check_text(const std::string& path, std::string_view text, std::size_t limit) {
    if (text::length(text::to_valid_utf8(text)) > limit)
      add(path, "too_long", fmt::format("Must have no more than {} characters.", limit));
  }

  void check_picture(const std::string& path, const Picture& picture) {
    check_text(path + ".alt", picture.alt, kMaxAlt);
    const std::string bytes = path + ".bytes";
    if (picture.bytes.size() > kMaxPictureBytes)
      return add(bytes, "too_large", fmt::format("Must have no more than {} bytes.", kMaxPictureBytes));
    const auto found = picture_within(picture.bytes);
    if (!found) return add(bytes, "not_allowed", "Must be a PNG or JPEG file.");
    if (found->model == pictures::ColourModel::cmyk) add(bytes, "not_allowed", "Must be grey or RGB.");
    if (found->width > kMaxPictureSide || found->height > kMaxPictureSide ||
        static_cast<long>(found->width) * found->height > kMaxPicturePixels)
      add(bytes, "too_large", fmt::format("Must have no more than {} pixels.", kMaxPicturePixels));
  }

  void check_narration(const Narration& narration) {
    check_text("narration.narrator", narration.narrator, kMaxName);
    if (narration.bytes.empty()) add("narration.bytes", "required", "Is missing.");
    if (narration.bytes.size() > kMaxNarrationBytes)
      add("narration.bytes", "too_large", fmt::format("Must have no more than {} bytes.", kMaxNarrationBytes));
    if (narration.media_type != "audio/mpeg" && narration.media_type != "audio/mp4")
      add("narration.media_type", "not_allowed", "Must be audio/mpeg or audio/mp4.");
    if (narration.duration <= Millis(0) || narration.duration > kMaxNarration)
      add("narration.duration", "not_allowed", "Must be more than nothing and at most a day.");
  }

  // Times rise through the whole book.
  void check_time(const std::string& path, Millis begins, const std::optional<Narration>& narration) {
    if (!narration) return add(path, "not_allowed", "There is no narration.");
    if (begins < Millis(0) || begins >= narration->duration)
      return add(path, "not_allowed", "Must lie within the narration.");
    if (last_ && begins <= *last_) return add(path, "not_allowed", "Must be later than the sentence before.");
    last_ = begins;
  }

  void check_page(const std::string& path, const Page& page, const std::optional<Narration>& narration) {
    if (page.sentences.size() > kMaxSentences)
      return add(path + ".sentences", "too_long", fmt::format("Must be no more than {}.", kMaxSentences));
    for (std::size_t i = 0; i < page.sentences.size(); ++i) {
      const std::string at = fmt::format("{}.sentences[{}]", path, i);
      check_text(at + ".text", page.sentences[i].text, kMaxSentence);
      if (page.sentences[i].begins) check_time(at + ".begins", *page.sentences[i].begins, narration);
    }
    if (page.picture) check_picture(path + ".picture", *page.picture);
  }

 private:
  std::optional<Millis> last_;
};

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", kDigits = "0123456789";

bool is_subtag(std::string_view part, std::string_view of, std::size_t shortest, std::size_t longest) {
  return part.size() >= shortest && part.size() <= longest && part.find_first_not_of(of) == part.npos;
}

// RFC 5646 without its rarer subtags.
bool is_language(std::string_view tag) {
  auto parts = text::split(tag, '-');
  const auto skip = [&parts](bool is_there) {
    if (is_there) parts.erase(parts.begin());
  };
  if (!is_subtag(parts[0], kLetters, 2, 3)) return false;
  skip(true);
  skip(!parts.empty() && is_subtag(parts[0], kLetters, 4, 4));
  skip(!parts.empty() && (is_subtag(parts[0], kLetters, 2, 2) || is_subtag(parts[0], kDigits, 3, 3)));
  return parts.empty();
}

}  // namespace

std::vector<FieldFault> faults_of(const Book& book) {
  FaultFinder finder;
  if (plain_text(book.title).empty()) finder.add("title", "required", "Is missing.");
  finder.check_text("title", book.title, kMaxTitle);
  finder.check_text("author", book.author, kMaxName);
  finder.check_text("description", book.description, kMaxDescription);
  if (!is_language(book.language)) finder.add("language", "not_allowed", "Must be a language as BCP 47 writes it.");
  if (!is_uuid(book.identifier)) finder.add("identifier", "not_allowed", "Must be a UUID.");
  if (book.date < std::chrono::sys_days(std::chrono::year(1900) / 1 / 1) ||
      book.date >= std::chrono::sys_days(std::chrono::year(10'000) / 1 / 1))
    finder.add("date", "not_allowed", "Must be between the years 1900 and 9999.");
  if (book.cover) finder.check_picture("cover", *book.cover);
  if (book.narration) finder.check_narration(*book.narration);
  if (book.pages.size() > kMaxPages) {
    finder.add("pages", "too_long", fmt::format("Must be no more than {}.", kMaxPages));
    return std::move(finder.found);
  }
  std::size_t text = 0;
  for (const Page& page : book.pages)
    for (const Sentence& sentence : page.sentences) text += sentence.text.size();
  if (text > kMaxText)
    finder.add("pages", "too_long", fmt::format("Must have no more than {} bytes of text.", kMaxText));
  for (std::size_t i = 0; i < book.pages.size(); ++i)
    finder.check_page(fmt::format("pages[{}]", i), book.pages[i], book.narration);
  return std::move(finder.found);
}

}  // namespace odeon::books
