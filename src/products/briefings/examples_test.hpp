// What tests of the script start from: the articles of examples/feeds.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "products/briefings/news/feeds.hpp"

namespace odeon::briefings {

inline std::vector<Article> example_articles() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(ODEON_SOURCE_DIR "/examples/feeds"))
    files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<Article> articles;
  for (const auto& path : files) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    if (auto feed = parse_feed(bytes, {path.string(), ""}))
      articles.insert(articles.end(), feed->articles.begin(), feed->articles.end());
  }
  return articles;
}

}  // namespace odeon::briefings
