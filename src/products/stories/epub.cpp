#include "products/stories/epub.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "products/stories/stored_zip.hpp"

namespace odeon::stories {
namespace {

constexpr std::string_view kHead = R"(<?xml version="1.0" encoding="UTF-8"?>)";
constexpr double kShortestClip = 0.002;  // seconds: what is shorter has no length as it is written
constexpr std::string_view kContainer =
    R"(<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile )"
    R"(full-path="EPUB/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>)";
constexpr std::string_view kStyle =
    "body { font-family: Georgia, serif; line-height: 1.6; margin: 5%; }\n"
    "h1 { text-align: center; }\n"
    "figure { margin: 1em 0; text-align: center; }\n"
    "img { max-width: 100%; }\n"
    ".read-now { background-color: #fff3b0; }\n";

// What XML 1.0 has no way to hold is left out.
std::string xml_text(std::string_view text) {
  std::string kept;
  for (const char c : text)
    if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') kept += c;
  return text::escape_html(kept);
}

std::string picture_of_page(std::size_t at, const BookPicture& picture) {
  return fmt::format("<figure><img src=\"images/{}.png\" alt=\"{}\"/></figure>\n", at + 1, xml_text(picture.words));
}

std::string page(const Book& book) {
  std::string body = fmt::format("<h1>{}</h1>\n", xml_text(book.title));
  std::size_t next = 0;
  bool is_open = false;
  const auto close = [&] {
    if (std::exchange(is_open, false)) body += "</p>\n";
  };
  for (std::size_t i = 0; i < book.sentences.size(); ++i) {
    const auto& sentence = book.sentences[i];
    if (sentence.opens_paragraph) close();
    while (next < book.pictures.size() && book.pictures[next].sentence <= i) {
      close();
      body += picture_of_page(next, book.pictures[next]);
      ++next;
    }
    body += is_open ? " " : "<p>";
    is_open = true;
    body += fmt::format("<span id=\"s{}\">{}</span>", i, xml_text(sentence.text));
  }
  close();
  for (; next < book.pictures.size(); ++next) body += picture_of_page(next, book.pictures[next]);
  return fmt::format(
      "{}\n<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"{}\" xml:lang=\"{}\"><head><title>{}"
      "</title><link rel=\"stylesheet\" type=\"text/css\" href=\"book.css\"/></head>\n<body "
      "id=\"book\">\n{}</body></html>\n",
      kHead, code_of(book.language), code_of(book.language), xml_text(book.title), body);
}

std::string contents_page(const Book& book) {
  return fmt::format(
      "{}\n<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\" "
      "lang=\"{}\" xml:lang=\"{}\"><head><title>{}</title></head><body><nav epub:type=\"toc\"><ol><li>"
      "<a href=\"story.xhtml\">{}</a></li></ol></nav></body></html>\n",
      kHead, code_of(book.language), code_of(book.language), xml_text(book.title), xml_text(book.title));
}

double spoken_seconds(const Book& book) {
  double seconds = 0;
  for (const auto& sentence : book.sentences) seconds += sentence.end - sentence.start;
  return seconds;
}

std::string overlay(const Book& book) {
  std::string all = fmt::format(
      "{}\n<smil xmlns=\"http://www.w3.org/ns/SMIL\" xmlns:epub=\"http://www.idpf.org/2007/ops\" version=\"3.0\">"
      "<body><seq id=\"story\" epub:textref=\"story.xhtml#book\">\n",
      kHead);
  for (std::size_t i = 0; i < book.sentences.size(); ++i) {
    if (book.sentences[i].end - book.sentences[i].start < kShortestClip) continue;
    all += fmt::format(
        "<par id=\"p{}\"><text src=\"story.xhtml#s{}\"/><audio src=\"story.mp3\" clipBegin=\"{:.3f}s\" "
        "clipEnd=\"{:.3f}s\"/></par>\n",
        i, i, book.sentences[i].start, book.sentences[i].end);
  }
  return all + "</seq></body></smil>\n";
}

std::string package(const Book& book) {
  const bool is_read = !book.mp3.empty();
  std::string metadata = fmt::format(
      "<dc:identifier id=\"id\">urn:odeon:{}</dc:identifier><dc:title>{}</dc:title><dc:language>{}</dc:language>"
      "<dc:subject>{}</dc:subject><meta property=\"dcterms:modified\">{}</meta>",
      xml_text(book.id), xml_text(book.title), code_of(book.language), xml_text(book.hero),
      to_iso8601(std::chrono::floor<std::chrono::seconds>(book.changed_at)));
  std::string manifest = fmt::format(
      "<item id=\"nav\" href=\"nav.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/>"
      "<item id=\"css\" href=\"book.css\" media-type=\"text/css\"/>"
      "<item id=\"text\" href=\"story.xhtml\" media-type=\"application/xhtml+xml\"{}/>",
      is_read ? " media-overlay=\"overlay\"" : "");
  if (is_read) {
    metadata += fmt::format(
        "<meta property=\"media:duration\" refines=\"#overlay\">{0:.3f}s</meta><meta "
        "property=\"media:duration\">{0:.3f}s"
        "</meta><meta property=\"media:active-class\">read-now</meta>",
        spoken_seconds(book));
    manifest +=
        "<item id=\"overlay\" href=\"story.smil\" media-type=\"application/smil+xml\"/>"
        "<item id=\"sound\" href=\"story.mp3\" media-type=\"audio/mpeg\"/>";
  }
  for (std::size_t i = 0; i < book.pictures.size(); ++i)
    manifest += fmt::format("<item id=\"picture{0}\" href=\"images/{0}.png\" media-type=\"image/png\"{1}/>", i + 1,
                            i == 0 ? " properties=\"cover-image\"" : "");
  return fmt::format(
      "{}\n<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" unique-identifier=\"id\">"
      "<metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">{}</metadata>\n<manifest>{}</manifest>\n"
      "<spine><itemref idref=\"text\"/></spine></package>\n",
      kHead, metadata, manifest);
}

}  // namespace

std::string epub(const Book& book) {
  StoredZip zip(book.changed_at);
  zip.add("mimetype", "application/epub+zip");  // first, and as it is: by that readers know the file
  zip.add("META-INF/container.xml", std::string(kHead) + "\n" + std::string(kContainer));
  zip.add("EPUB/book.opf", package(book));
  zip.add("EPUB/nav.xhtml", contents_page(book));
  zip.add("EPUB/story.xhtml", page(book));
  zip.add("EPUB/book.css", kStyle);
  if (!book.mp3.empty()) {
    zip.add("EPUB/story.smil", overlay(book));
    zip.add("EPUB/story.mp3", book.mp3);
  }
  for (std::size_t i = 0; i < book.pictures.size(); ++i)
    zip.add(fmt::format("EPUB/images/{}.png", i + 1), book.pictures[i].png);
  return zip.take();
}

}  // namespace odeon::stories
