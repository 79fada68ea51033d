#include "products/stories/import/library.hpp"

#include "base/json.hpp"

namespace odeon::stories {
namespace {

constexpr std::size_t kLongestLabel = 100, kLongestLook = 400, kMostOfLook = 10;

// What people know it by.
std::string label_of(const json::value& item) {
  if (const auto* members = item.if_object())
    for (const std::string_view name : {"name", "title", "id"})
      if (const auto* value = members->if_contains(name); value != nullptr && value->is_string())
        return std::string(text::prefix(std::string_view(value->get_string()), kLongestLabel));
  return "?";
}

std::string first_of(const json::Faults& faults) {
  const auto& fault = faults.list().front();
  return fmt::format("{}: {}", fault.path, fault.message);
}

template <class T>
void read_items(const json::object& document, std::string_view name, std::string_view kind, std::size_t most,
                std::vector<T>& into, std::vector<Skipped>& skipped) {
  const auto* value = document.if_contains(name);
  const auto* items = value == nullptr ? nullptr : value->if_array();
  if (items == nullptr) return;
  for (const auto& item : *items) {
    if (into.size() == most) {
      skipped.push_back({std::string(kind), fmt::format("{} more", items->size() - most),
                         fmt::format("The first {} of a library are taken.", most)});
      return;
    }
    T read{};
    json::Faults faults;
    json::read(read, item, "", json::Source::body, faults);
    if (faults.empty())
      into.push_back(std::move(read));
    else
      skipped.push_back({std::string(kind), label_of(item), first_of(faults)});
  }
}

}  // namespace

BroughtLibrary read_library(std::string_view document) {
  json::value parsed;
  std::string why;
  try {
    parsed = json::parse(document);
  } catch (const Error& fault) {
    why = fault.message;
  }
  const auto* members = parsed.if_object();
  if (members == nullptr || (!members->contains("heroes") && !members->contains("stories")))
    throw Error(Fault::invalid, "NO_LIBRARY", "library.json has neither heroes nor stories.").with_detail(why);
  BroughtLibrary library;
  read_items(*members, "heroes", "hero", kMostHeroes, library.heroes, library.skipped);
  read_items(*members, "customEvents", "customEvent", kMostEvents, library.customEvents, library.skipped);
  read_items(*members, "stories", "story", kMostStories, library.stories, library.skipped);
  return library;
}

std::optional<VisualLook> brought_look(const std::optional<json::object>& profile) {
  if (!profile) return std::nullopt;
  VisualLook look;
  bool says_something = false;
  json::for_each_member<VisualLook>([&](std::string_view name, auto pointer) {
    const auto* value = profile->if_contains(name);
    if (value == nullptr || value->is_null()) return;
    json::Faults faults;
    auto told = look.*pointer;
    json::read(told, *value, "", json::Source::body, faults);
    if (!faults.empty()) return;
    if constexpr (std::same_as<decltype(told), std::string>) {
      told = text::prefix(told, kLongestLook);
    } else {
      if (told.size() > kMostOfLook) told.resize(kMostOfLook);
      for (auto& each : told) each = text::prefix(each, kLongestLook);
    }
    says_something = says_something || !told.empty();
    look.*pointer = std::move(told);
  });
  return says_something ? std::optional(std::move(look)) : std::nullopt;
}

}  // namespace odeon::stories
