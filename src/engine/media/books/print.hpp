// A book to print at home: PDF 1.5 with a cover, each page's picture above its text, and page numbers.
//
// Text is text (found, copied, read aloud) in embedded fonts, in one size for the whole book: the largest at which
// every page is one sheet, within what children read well; what is too long even so goes on overleaf. Emoji are
// pictures with their characters behind them. There is an outline, and headings, paragraphs and figures are tagged;
// Cairo 1.16 has no room for descriptions of figures or the language.
#pragma once

#include <boost/describe.hpp>

#include "engine/media/books/book.hpp"

namespace odeon::books {

enum class Paper { a4, letter, square };  // the last 21 cm wide and high
BOOST_DESCRIBE_ENUM(Paper, a4, letter, square)

// JPEG files go into the PDF as they are. The same book gives the same bytes where the same fonts are installed. Throws
// Error{invalid} "BOOK_INVALID" as write_epub does, and for a damaged PNG when it comes to it, Error{unavailable} if
// Cairo or Pango is missing.
//
// Blocking: some milliseconds a page, seconds if the text is as long as it may be (PNG: some 50 for each million
// pixels), the first of a process 60 more, in which the libraries and fonts are loaded. Thread-safe.
void write_pdf(const Book& book, Paper paper, const Sink& to);

}  // namespace odeon::books
