// A podcast as RSS 2.0 with Apple's tags and those of Podcasting 2.0, within the limits of PSP-1
// (https://github.com/Podcast-Standards-Project/PSP-1-Podcast-RSS-Specification): texts of 255 characters, descriptions
// of 4000 bytes, none of them with white space at its ends.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace odeon::feeds {

struct Transcript {
  std::string url, type;
};

// An episode. Texts and addresses that are empty are left out.
struct Item {
  std::string guid;  // never changes
  std::string title, description;
  std::string link;  // a page of it, or the nearest to one that there is
  std::string notes_html;
  Instant published;
  std::string audio_url;
  std::int64_t audio_bytes = 0;
  std::string audio_type = "audio/mpeg";
  std::int64_t seconds = 0;  // 0: nobody knows
  std::string type = "full";
  std::optional<std::int64_t> season, number;
  bool is_explicit = false;
  std::string picture_url;
  std::vector<Transcript> transcripts;
  std::string chapters_url;           // JSON chapters
  bool has_notes_by_a_model = false;  // said as directories want it said
};

struct Channel {
  std::string url;   // the feed's own
  std::string home;  // a page for people
  std::string title, description, author;
  std::string language = "en";
  Instant changed;
  // Of Podcasting 2.0; empty: the feed says nothing of GUID and lock.
  std::string guid;
  bool is_locked = false;
  std::string owner_email;
  std::string type = "episodic";
  bool is_explicit = false;
  bool is_private = false;   // directories shall not list it
  bool is_complete = false;  // nothing will follow
  std::string category;      // as categories.hpp finds it in Apple's list; another is written as it is
  std::string picture_url;
  std::vector<Item> items;
};

// Well-formed whatever is in it. The same channel gives the same bytes.
std::string write_rss(const Channel& channel);

}  // namespace odeon::feeds
