// The documents of an EPUB, each a whole XML file.
#pragma once

#include <string>

#include "engine/media/books/edition.hpp"

namespace odeon::books {

std::string package_document(const Edition& edition);
std::string navigation_document(const Edition& edition);
std::string cover_document(const Edition& edition);
std::string page_document(const Edition& edition, const Leaf& leaf);
// Of a leaf that is narrated.
std::string overlay_document(const Edition& edition, const Leaf& leaf);

// Names of files beside the package document.
std::string page_file(const Leaf& leaf);
std::string overlay_file(const Leaf& leaf);
std::string picture_file_of(const Leaf& leaf);
std::string cover_picture_file(const Edition& edition);
std::string narration_file(const Edition& edition);

// A SMIL clock value: seconds with exactly three decimals.
std::string clock_value(Millis time);

// An XHTML file in the language of the book.
std::string xhtml(const Edition& edition, std::string_view title, std::string_view body);

}  // namespace odeon::books
