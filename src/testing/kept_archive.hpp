// Keeps what it is told of a person, as an export does.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "base/personal_data.hpp"
#include "base/task.hpp"

namespace odeon::testing {

class KeptArchive final : public PersonalArchive {
 public:
  Task<void> document(std::string path, std::string text) override {
    documents[std::move(path)] = std::move(text);
    co_return;
  }
  Task<void> object(std::string path, std::string storage_key) override {
    objects[std::move(path)] = std::move(storage_key);
    co_return;
  }
  std::map<std::string, std::string> documents, objects;
};

}  // namespace odeon::testing
