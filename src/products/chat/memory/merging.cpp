#include "products/chat/memory/merging.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "products/chat/folding.hpp"

namespace odeon::chat {
namespace {

constexpr double kSurest = 0.99;

// What cannot both be true of one thing.
constexpr auto kOpposites = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{"Likes ", "Dislikes "}, {"Dislikes ", "Likes "}, {"Prefers ", "Dislikes "}, {"Dislikes ", "Prefers "}});

std::string plain(std::string_view text) {
  std::string line = text::collapse_spaces(folded(text));
  while (!line.empty() && (line.back() == '.' || line.back() == '!')) line.pop_back();
  return line;
}

bool contradicts(std::string_view fact, std::string_view known) {
  return std::ranges::any_of(kOpposites, [&](const auto& pair) {
    return fact.starts_with(pair.first) && known.starts_with(pair.second) &&
           plain(fact.substr(pair.first.size())) == plain(known.substr(pair.second.size()));
  });
}

bool makes_untrue(const Fact& fact, const MemoryRow& known) {
  if (!fact.replaces.empty() && fact.replaces == known.id) return true;
  if (is_single(fact.topic) && fact.topic == known.topic) return true;
  return contradicts(fact.text, known.text);
}

struct Place {
  MemoryRow row;
  bool changed = false;

  bool is_fixed() const { return row.pinned || row.confidence >= kCertain; }
};

void come_from(MemoryRow& row, const Source& source) {
  row.conversation_id = source.conversation_id;
  row.message_id = source.message_id;
  row.updated_at = source.said_at;
}

void confirm(Place& place, const Fact& fact, const Source& source) {
  auto& row = place.row;
  if (place.is_fixed() || row.message_id == source.message_id || row.updated_at > source.said_at) return;
  row.confidence =
      std::max(row.confidence, std::min(kSurest, row.confidence + (1 - row.confidence) * fact.confidence / 2));
  row.bound = row.bound && source.bound;
  come_from(row, source);
  place.changed = true;
}

void replace(Place& place, const Fact& fact, const Source& source) {
  auto& row = place.row;
  if (row.updated_at > source.said_at) return;
  row.replaces = std::exchange(row.text, fact.text);
  row.topic = fact.topic;
  row.confidence = fact.confidence;
  row.bound = source.bound;
  come_from(row, source);
  place.changed = true;
}

MemoryRow row_of(const Fact& fact, const Source& source) {
  MemoryRow row{.text = fact.text,
                .topic = fact.topic,
                .confidence = fact.confidence,
                .bound = source.bound,
                .created_at = source.said_at};
  come_from(row, source);
  return row;
}

}  // namespace

Merged merge(std::vector<MemoryRow> known, std::vector<Fact> facts, const Source& source) {
  std::vector<Place> places;
  for (auto& row : known) places.push_back({std::move(row)});
  for (const auto& fact : facts) {
    const auto same =
        std::ranges::find_if(places, [&](const Place& p) { return plain(p.row.text) == plain(fact.text); });
    if (same != places.end()) {
      confirm(*same, fact, source);
      continue;
    }
    const auto old =
        std::ranges::find_if(places, [&](const Place& p) { return !p.is_fixed() && makes_untrue(fact, p.row); });
    if (old != places.end())
      replace(*old, fact, source);
    else
      places.push_back({row_of(fact, source), true});
  }
  Merged merged;
  for (auto& [row, changed] : places)
    if (changed) (row.id.empty() ? merged.added : merged.changed).push_back(std::move(row));
  return merged;
}

}  // namespace odeon::chat
