// What a room keeps of a person: how it tells them all of it, and how it forgets. Every room that keeps any
// implements this; privacy asks them all.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/task.hpp"

namespace odeon {

// Where a room tells what it keeps. Paths are relative, of safe segments: "briefings/portfolio.json".
class PersonalArchive {
 public:
  virtual ~PersonalArchive() = default;
  virtual Task<void> document(std::string path, std::string text) = 0;
  // A stored object; one that is gone meanwhile is left out.
  virtual Task<void> object(std::string path, std::string storage_key) = 0;
};

struct Forgotten {
  std::int64_t rows = 0;
  std::int64_t objects = 0;
};

class PersonalData {
 public:
  virtual ~PersonalData() = default;
  virtual std::string_view room() const = 0;
  // Of one product, or (empty) of all. No secrets: neither hashes nor keys.
  virtual Task<void> tell(std::string user_id, std::string product, PersonalArchive& archive) = 0;
  // Likewise. Is called again until it returns, so it goes on where it was cut off.
  virtual Task<Forgotten> forget(std::string user_id, std::string product) = 0;
};

}  // namespace odeon
