// Words and what they stand for, as the files in assets/ say.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace odeon::storybook {

// Words of a text in small letters without accents ("Über-Größe" is "uber", "grosse"). Reads no more than 8 KB; what is
// not UTF-8 or not Latin separates words.
std::vector<std::string> words_of(std::string_view text);

class Lexicon {
 public:
  // Lines "kind value language: word, two words, begin*" or, for all languages, "kind value: …". Throws
  // std::logic_error for any other. The lines must outlive it.
  explicit Lexicon(std::string_view lines);

  struct Found {
    std::string_view value;
    std::size_t place, words;  // of the text
  };
  // All of one kind in the order of the text, the longest at each place. Entries without a language fit any.
  std::vector<Found> find(const std::vector<std::string>& text, std::string_view kind,
                          std::string_view language = {}) const;

  static const Lexicon& of_scenes();
  static const Lexicon& of_looks();

 private:
  struct Entry {
    std::string_view kind, value, language;
    std::vector<std::string> words;
    bool any_ending;
  };
  std::unordered_multimap<std::string, Entry> by_beginning_;
};

}  // namespace odeon::storybook
