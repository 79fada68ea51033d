#include <fmt/format.h>

#include "base/text.hpp"
#include "engine/media/books/epub_documents.hpp"
#include "engine/media/books/words.hpp"

namespace odeon::books {
namespace {

using text::escape_html;

std::string_view file_extension(const Plate& plate) {
  return plate.file.format == pictures::Format::png ? "png" : "jpg";
}

std::string figure(const std::string& file, const Plate& plate) {
  return fmt::format(R"(<figure class="picture"><img src="{}" alt="{}" width="{}" height="{}"/></figure>
)",
                     file, escape_html(plate.alt), plate.file.width, plate.file.height);
}

}  // namespace

std::string page_file(const Leaf& leaf) {
  return fmt::format("page-{:03}.xhtml", leaf.number);
}

std::string overlay_file(const Leaf& leaf) {
  return fmt::format("page-{:03}.smil", leaf.number);
}

std::string picture_file_of(const Leaf& leaf) {
  return fmt::format("picture-{:03}.{}", leaf.number, file_extension(*leaf.picture));
}

std::string cover_picture_file(const Edition& edition) {
  return fmt::format("cover.{}", file_extension(*edition.cover));
}

std::string narration_file(const Edition& edition) {
  return edition.narration_type == "audio/mp4" ? "narration.m4a" : "narration.mp3";
}

std::string clock_value(Millis time) {
  return fmt::format("{}.{:03}s", time.count() / 1000, time.count() % 1000);
}

std::string xhtml(const Edition& edition, std::string_view title, std::string_view body) {
  return fmt::format(R"(<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="{0}" xml:lang="{0}">
<head>
<title>{1}</title>
<meta name="viewport" content="width=device-width"/>
<link rel="stylesheet" type="text/css" href="book.css"/>
</head>
{2}
</html>
)",
                     edition.language, escape_html(title), body);
}

std::string cover_document(const Edition& edition) {
  std::string body = "<body epub:type=\"cover\">\n<section class=\"cover\">\n";
  if (edition.cover) body += figure(cover_picture_file(edition), *edition.cover);
  body += fmt::format("<h1 dir=\"auto\">{}</h1>\n", escape_html(edition.title));
  if (!edition.author.empty()) body += fmt::format("<p class=\"author\">{}</p>\n", escape_html(edition.author));
  if (!edition.narrator.empty())
    body += fmt::format("<p class=\"narrator\">{} {}</p>\n", words_in(edition.language).read_by,
                        escape_html(edition.narrator));
  return xhtml(edition, edition.title, body + "</section>\n</body>");
}

std::string page_document(const Edition& edition, const Leaf& leaf) {
  std::string body = "<body epub:type=\"bodymatter\">\n<section class=\"page\">\n";
  if (leaf.picture) body += figure(picture_file_of(leaf), *leaf.picture);
  int number = 0;
  for (const Paragraph& paragraph : leaf.paragraphs) {
    std::string sentences;
    for (const SpokenSentence& sentence : paragraph)
      sentences += fmt::format("{}<span id=\"s{}\">{}</span>", sentences.empty() ? "" : "\n", ++number,
                               escape_html(sentence.text));
    body += fmt::format("<p dir=\"auto\">{}</p>\n", sentences);
  }
  return xhtml(edition, name_of(leaf, words_in(edition.language).page, leaf.number), body + "</section>\n</body>");
}

std::string overlay_document(const Edition& edition, const Leaf& leaf) {
  std::string clips;
  int number = 0;
  for (const Paragraph& paragraph : leaf.paragraphs)
    for (const SpokenSentence& sentence : paragraph) {
      ++number;
      if (!sentence.clip) continue;
      clips += fmt::format(
          "<par id=\"s{0}\"><text src=\"{1}#s{0}\"/><audio src=\"{2}\" clipBegin=\"{3}\" clipEnd=\"{4}\"/></par>\n",
          number, page_file(leaf), narration_file(edition), clock_value(sentence.clip->from),
          clock_value(sentence.clip->to));
    }
  return fmt::format(R"(<?xml version="1.0" encoding="UTF-8"?>
<smil xmlns="http://www.w3.org/ns/SMIL" xmlns:epub="http://www.idpf.org/2007/ops" version="3.0">
<body>
{}</body>
</smil>
)",
                     clips);
}

}  // namespace odeon::books
