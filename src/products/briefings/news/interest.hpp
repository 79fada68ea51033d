// Which news is about a person's stocks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "products/briefings/script/facts.hpp"

namespace odeon::briefings {

// A text read for names: its words, with what tells their meaning.
class Mentions {
 public:
  explicit Mentions(std::string_view text);

 private:
  friend class Interest;
  struct Word {
    std::string text;
    bool starts = false;         // a sentence or a line
    char before = 0, after = 0;  // the characters around it
  };
  std::vector<Word> words_;
  bool shouted_ = false;  // mostly capitals
};

// Finds one company in texts, by its ticker or its name. Written without either, a company is not found; a
// ticker that is also a word or a common abbreviation counts only where it is marked as one, and the first
// word of a name stands for it only where hardly anything else has that name.
class Interest {
 public:
  explicit Interest(const Quote& quote);

  bool named_in(const Mentions& text) const;
  const std::string& ticker() const { return ticker_; }

 private:
  struct Name {
    std::vector<std::string> words;
    bool doubtful = false;  // an ordinary word: no name where a sentence starts
  };
  bool has_ticker(const Mentions& text) const;
  static bool has_name(const Mentions& text, const Name& name);

  std::string ticker_;
  bool needs_mark_ = false;  // the ticker
  std::vector<Name> names_;
};

struct Picked {
  std::vector<Story> named;   // about the positions: the closest first, none of them crowding out the others
  std::vector<Story> sector;  // about their sectors, in the order given
  std::vector<Story> rest;    // in the order given
};

Picked pick(const std::vector<Story>& stories, const PersonalBrief& brief);

// Whether an article is about a sector, as quotes name it: "Health Care", "Energy".
bool concerns_sector(const Article& article, std::string_view sector);

}  // namespace odeon::briefings
