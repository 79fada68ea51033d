#include "engine/media/books/epub.hpp"

#include "engine/media/books/embedded.hpp"
#include "engine/media/books/epub_documents.hpp"
#include "engine/media/books/zip.hpp"

namespace odeon::books {
namespace {

constexpr std::string_view kContainer = R"(<?xml version="1.0" encoding="UTF-8"?>
<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">
<rootfiles>
<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
)";

std::string in_folder(std::string_view file) {
  return fmt::format("EPUB/{}", file);
}

}  // namespace

void write_epub(const Book& book, const Sink& to) {
  const Edition edition = prepare(book);
  Zip zip(to);
  zip.store("mimetype", "application/epub+zip");
  zip.deflate("META-INF/container.xml", kContainer);
  zip.deflate(in_folder("package.opf"), package_document(edition));
  zip.deflate(in_folder("nav.xhtml"), navigation_document(edition));
  zip.deflate(in_folder("book.css"), embedded::book_css);
  zip.deflate(in_folder("cover.xhtml"), cover_document(edition));
  if (edition.cover) zip.store(in_folder(cover_picture_file(edition)), edition.cover->bytes);
  for (const Leaf& leaf : edition.leaves) {
    zip.deflate(in_folder(page_file(leaf)), page_document(edition, leaf));
    if (leaf.narrated > Millis(0)) zip.deflate(in_folder(overlay_file(leaf)), overlay_document(edition, leaf));
    if (leaf.picture) zip.store(in_folder(picture_file_of(leaf)), leaf.picture->bytes);
  }
  if (!edition.narration.empty()) zip.store(in_folder(narration_file(edition)), edition.narration);
  zip.finish();
}

}  // namespace odeon::books
