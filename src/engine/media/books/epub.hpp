// A book for readers and tablets: EPUB 3.2 (W3C, 2019; readable as 3.3), reflowable, with its pictures, and where
// sentences have times with media overlays, which read it aloud and highlight what is read.
//
//   EPUB/package.opf   what it is, with accessibility metadata (EPUB Accessibility 1.0) and the durations of overlays
//   EPUB/nav.xhtml     contents and landmarks
//   EPUB/cover.xhtml, page-001.xhtml, page-001.smil, picture-001.jpg, …, narration.mp3, book.css
#pragma once

#include "engine/media/books/book.hpp"

namespace odeon::books {

// Pictures and narration go to the sink as they are, so nothing large is held twice. The same book gives the same
// bytes. Throws Error{invalid} "BOOK_INVALID" with its faults before anything is written, Error{too_large} from 4 GB
// on. Takes about a millisecond for each megabyte; thread-safe.
void write_epub(const Book& book, const Sink& to);

}  // namespace odeon::books
