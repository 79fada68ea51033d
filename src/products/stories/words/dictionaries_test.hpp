// The dictionaries of hunspell, which nobody here wrote.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "testing/scratch.hpp"

namespace odeon::stories {

// Those of the words that are none of the dictionary ("en_GB"), its inflections and compounds included.
inline std::set<std::string> unknown_words(const std::set<std::string>& words, std::string_view dictionary) {
  const odeon::testing::ScratchFolder scratch;
  std::ofstream(scratch / "words.txt") << text::join({words.begin(), words.end()}, "\n") << '\n';
  const std::string command =
      fmt::format("LC_ALL=C.UTF-8 hunspell -i utf-8 -d {} -l {} 2>&1", dictionary, scratch / "words.txt");
  const std::unique_ptr<FILE, int (*)(FILE*)> output(popen(command.c_str(), "r"), pclose);
  std::set<std::string> unknown;
  char line[256];
  while (std::fgets(line, sizeof line, output.get()) != nullptr) {
    std::string_view word = text::trim(line);
    while (word.ends_with('.')) word.remove_suffix(1);
    if (!word.empty()) unknown.emplace(word);
  }
  return unknown;
}

}  // namespace odeon::stories
