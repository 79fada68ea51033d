// A cache that forgets nothing.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/ai/cache.hpp"

namespace odeon::testing {

struct Shelf final : ai::Cache {
  Task<std::optional<std::string>> find(std::string key) override {
    const auto found = values.find(key);
    co_return found == values.end() ? std::nullopt : std::optional(found->second);
  }
  Task<void> keep(std::string key, std::string value, std::chrono::seconds lifetime) override {
    values[key] = std::move(value);
    lifetimes.push_back(lifetime);
    co_return;
  }

  std::map<std::string, std::string> values;
  std::vector<std::chrono::seconds> lifetimes;
};

}  // namespace odeon::testing
