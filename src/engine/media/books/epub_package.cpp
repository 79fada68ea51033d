#include <fmt/chrono.h>

#include "base/text.hpp"
#include "engine/media/books/epub_documents.hpp"
#include "engine/media/books/words.hpp"

namespace odeon::books {
namespace {

using text::escape_html;

std::string_view media_type_of(const Plate& plate) {
  return plate.file.format == pictures::Format::png ? "image/png" : "image/jpeg";
}

std::vector<const Plate*> plates_of(const Edition& edition) {
  std::vector<const Plate*> plates;
  if (edition.cover) plates.push_back(&*edition.cover);
  for (const Leaf& leaf : edition.leaves)
    if (leaf.picture) plates.push_back(&*leaf.picture);
  return plates;
}

std::string property(std::string_view name, std::string_view value) {
  return fmt::format("<meta property=\"{}\">{}</meta>\n", name, escape_html(value));
}

// https://www.w3.org/TR/epub-a11y-11/#sec-disc-package with the vocabulary of schema.org. An empty description says
// that a picture only adorns.
std::string accessibility(const Edition& edition) {
  const auto plates = plates_of(edition);
  const bool described = std::ranges::any_of(plates, [](const Plate* plate) { return !plate->alt.empty(); });
  const bool narrated = !edition.narration.empty();
  const Words& words = words_in(edition.language);
  std::string out = property("schema:accessMode", "textual");
  if (!plates.empty()) out += property("schema:accessMode", "visual");
  if (narrated) out += property("schema:accessMode", "auditory");
  out += property("schema:accessModeSufficient", "textual");
  for (const std::string_view feature : {"tableOfContents", "readingOrder", "displayTransformability"})
    out += property("schema:accessibilityFeature", feature);
  if (described) out += property("schema:accessibilityFeature", "alternativeText");
  if (narrated) out += property("schema:accessibilityFeature", "synchronizedAudioText");
  out += property("schema:accessibilityHazard", "none");
  std::string summary;
  if (described) summary += fmt::format("{} ", words.described);
  if (narrated) summary += fmt::format("{} ", words.narrated);
  return out + property("schema:accessibilitySummary", summary + std::string(words.legible));
}

std::string metadata(const Edition& edition) {
  std::string out = fmt::format(R"(<dc:identifier id="id">urn:uuid:{}</dc:identifier>
<dc:title>{}</dc:title>
<dc:language>{}</dc:language>
)",
                                edition.identifier, escape_html(edition.title), edition.language);
  if (!edition.author.empty())
    out += fmt::format(R"(<dc:creator id="author">{}</dc:creator>
<meta refines="#author" property="role" scheme="marc:relators">aut</meta>
)",
                       escape_html(edition.author));
  if (!edition.description.empty())
    out += fmt::format("<dc:description>{}</dc:description>\n", escape_html(edition.description));
  out += fmt::format("<dc:date>{:%F}</dc:date>\n", std::chrono::floor<std::chrono::seconds>(edition.date));
  out += property("dcterms:modified", to_iso8601(edition.date));
  out += accessibility(edition);
  if (edition.cover) out += "<meta name=\"cover\" content=\"cover-picture\"/>\n";
  if (edition.narration.empty()) return out;
  out += property("media:duration", clock_value(edition.narrated));
  for (const Leaf& leaf : edition.leaves)
    if (leaf.narrated > Millis(0))
      out += fmt::format("<meta property=\"media:duration\" refines=\"#overlay-{}\">{}</meta>\n", leaf.number,
                         clock_value(leaf.narrated));
  if (!edition.narrator.empty()) out += property("media:narrator", edition.narrator);
  return out + property("media:active-class", "-epub-media-overlay-active");
}

std::string item(std::string_view id, std::string_view file, std::string_view type, std::string_view more = "") {
  return fmt::format("<item id=\"{}\" href=\"{}\" media-type=\"{}\"{}/>\n", id, file, type, more);
}

std::string manifest(const Edition& edition) {
  constexpr std::string_view xhtml_type = "application/xhtml+xml";
  std::string out = item("nav", "nav.xhtml", xhtml_type, " properties=\"nav\"");
  out += item("style", "book.css", "text/css");
  out += item("cover", "cover.xhtml", xhtml_type);
  if (edition.cover)
    out += item("cover-picture", cover_picture_file(edition), media_type_of(*edition.cover),
                " properties=\"cover-image\"");
  for (const Leaf& leaf : edition.leaves) {
    const bool narrated = leaf.narrated > Millis(0);
    out += item(fmt::format("page-{}", leaf.number), page_file(leaf), xhtml_type,
                narrated ? fmt::format(" media-overlay=\"overlay-{}\"", leaf.number) : "");
    if (narrated) out += item(fmt::format("overlay-{}", leaf.number), overlay_file(leaf), "application/smil+xml");
    if (leaf.picture)
      out += item(fmt::format("picture-{}", leaf.number), picture_file_of(leaf), media_type_of(*leaf.picture));
  }
  if (!edition.narration.empty()) out += item("narration", narration_file(edition), edition.narration_type);
  return out;
}

}  // namespace

std::string package_document(const Edition& edition) {
  std::string spine = "<itemref idref=\"cover\"/>\n";
  for (const Leaf& leaf : edition.leaves) spine += fmt::format("<itemref idref=\"page-{}\"/>\n", leaf.number);
  return fmt::format(R"(<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="{}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
{}</metadata>
<manifest>
{}</manifest>
<spine>
{}</spine>
</package>
)",
                     edition.language, metadata(edition), manifest(edition), spine);
}

std::string navigation_document(const Edition& edition) {
  const Words& words = words_in(edition.language);
  std::string pages = fmt::format("<li><a href=\"cover.xhtml\">{}</a></li>\n", words.cover);
  for (const Leaf& leaf : edition.leaves)
    pages += fmt::format("<li><a href=\"{}\">{}</a></li>\n", page_file(leaf),
                         escape_html(name_of(leaf, words.page, leaf.number)));
  std::string landmarks = fmt::format("<li><a epub:type=\"cover\" href=\"cover.xhtml\">{}</a></li>\n", words.cover);
  if (!edition.leaves.empty())
    landmarks += fmt::format("<li><a epub:type=\"bodymatter\" href=\"{}\">{}</a></li>\n",
                             page_file(edition.leaves.front()), escape_html(edition.title));
  return xhtml(edition, words.contents,
               fmt::format(R"(<body>
<nav epub:type="toc" role="doc-toc" id="toc">
<h1>{}</h1>
<ol>
{}</ol>
</nav>
<nav epub:type="landmarks" hidden="hidden">
<ol>
{}</ol>
</nav>
</body>)",
                           words.contents, pages, landmarks));
}

}  // namespace odeon::books
