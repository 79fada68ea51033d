// The ID3v2.4 tag at the front of an MP3 file (id3.org "ID3v2.4.0 native frames" and "ID3v2 chapter frame
// addendum"): title, artist, album, number, date, language, length, comment, chapters with their table, artwork.
//
// We write it ourselves because FFmpeg's muxer writes chapters without the table of contents (CTOC), and
// players take the order and the top level from it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/media/program.hpp"

namespace odeon::media {

// Chapters that one table can list: its count is one byte.
inline constexpr std::size_t max_chapters = 255;

// A whole tag. Empty texts are left out; ill-formed UTF-8 is repaired and control characters that end a
// text early are dropped. Throws Error{invalid} for a date that is not ISO 8601, or too many chapters.
std::string id3_tag(const Tags& tags, const std::vector<Chapter>& chapters, double duration);

// The bytes of the tag that a file begins with, by its first ten; 0 where there is none.
std::size_t id3_size(std::string_view head);

// ISO 639-2 code of a BCP 47 tag ("de-AT" → "deu"), which is what ID3 holds; "und" when unknown.
std::string iso639_2(std::string_view bcp47);

}  // namespace odeon::media
