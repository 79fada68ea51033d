// Reads all sources of an edition at once and says what became of each.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/log.hpp"
#include "products/briefings/news/reader.hpp"
#include "products/briefings/store.hpp"

namespace odeon::briefings {

struct News {
  std::vector<Article> articles;  // of all sources that could be used
  std::vector<Source> sources;    // in the order configured
};

// As it is shown with a briefing.
Source shown(const SourceReport& report);
// Why a briefing cannot be made of these: Error{unavailable, "NO_NEWS"} with their reasons.
Error no_news(const std::vector<Source>& sources);

class Newsroom {
 public:
  Newsroom(Store& store, Fetch fetch, ThreadPool& pool, const Clock& clock, Log& log);

  // Throws no_news when no source could be used.
  Task<News> gather(std::vector<std::string> feeds);
  // The same, without articles when no source could be used.
  Task<News> look(std::vector<std::string> feeds);

 private:
  Task<Reading> read(std::string source);

  Store& store_;
  Reader reader_;
  const Clock& clock_;
  Log& log_;
};

}  // namespace odeon::briefings
