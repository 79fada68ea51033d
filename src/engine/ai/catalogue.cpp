#include "engine/ai/catalogue.hpp"

#include <algorithm>
#include <optional>

#include "base/json.hpp"
#include "base/toml_reader.hpp"

namespace odeon::ai {

namespace embedded {
extern const std::string_view models_toml;
}

namespace {

constexpr const char* kInvalid = "MODELS_INVALID";
constexpr std::int64_t kMostTokens = 1'000'000'000;
constexpr std::int64_t kMostTimes = 10'000'000'000;  // ten times
constexpr std::int64_t kPercent = 10'000'000;        // in billionths
constexpr std::int64_t kWhole = 100;                 // percent

class Reader : public TomlReader {
 public:
  using TomlReader::TomlReader;

  ModelCard model(const toml::node& table, const std::string& place) {
    ModelCard card;
    if (!table.is_table()) return wrong(table, place, "must be a table"), card;
    card.name = text(table, place, "name");
    const std::string& path = card.name.empty() ? place : card.name;
    only(table, path, {"name", "aliases", "kind", "window", "max_output", "can", "hedge_after", "price", "offer"});
    card.aliases = texts(table, path, "aliases");
    if (const auto* told = find(table, "kind")) {
      if (const auto kind = json::enum_value<ModelKind>(text(table, path, "kind")))
        card.kind = *kind;
      else
        wrong(*told, path + ".kind", "must be text, speech, transcription, image, video or embedding");
    }
    card.window = whole(table, path, "window", 1, kMostTokens);
    card.max_output = whole(table, path, "max_output", 1, kMostTokens);
    constexpr std::int64_t kBillion = 1'000'000'000, kLongestPatience = 600 * kBillion;
    card.hedge_after = Micros(billionths(table, path, "hedge_after", kLongestPatience).value_or(0) / 1'000);
    if (card.window > 0 && card.max_output > card.window)
      wrong(table, path, "max_output is more than the window holds");
    can(table, path, card);
    offers(table, path, card);
    return card;
  }

 private:
  void can(const toml::node& table, const std::string& path, ModelCard& card) {
    for (const auto& ability : texts(table, path, "can")) {
      if (ability == "tools")
        card.tools = true;
      else if (ability == "pictures")
        card.pictures = true;
      else if (ability == "json")
        card.json = true;
      else if (ability == "thinks")
        card.thinks = true;
      else if (ability == "classic_limit")
        card.classic_limit = true;
      else
        wrong(*find(table, "can"), path + ".can",
              ability + " is not known: tools, pictures, json, thinks, classic_limit");
    }
  }

  void offers(const toml::node& table, const std::string& path, ModelCard& card) {
    std::optional<Price> usual;
    if (const auto* told = find(table, "price")) usual = price(*told, path + ".price");
    const auto* all = find(table, "offer");
    if (!all || !all->is_array() || all->as_array()->empty())
      return wrong(table, path, "offer must be a list of tables, and not empty");
    for (const auto& offered : *all->as_array()) {
      const std::string at = fmt::format("{}.offer[{}]", path, card.offers.size());
      only(offered, at, {"provider", "id", "price", "batch"});
      Offer offer{.provider = text(offered, at, "provider"),
                  .id = text(offered, at, "id"),
                  .batch = whole(offered, at, "batch", 1, kWhole)};
      if (offer.batch > 0 && card.kind != ModelKind::text) wrong(offered, at, "only texts are asked for in batches");
      if (offer.provider.contains('/')) wrong(offered, at, "provider must not have a slash");
      if (const auto* own = find(offered, "price"))
        offer.price = price(*own, at + ".price");
      else if (usual)
        offer.price = *usual;
      else
        wrong(offered, at, "there is no price, neither here nor for the model");
      card.offers.push_back(std::move(offer));
    }
  }

  Price price(const toml::node& table, const std::string& path) {
    only(table, path,
         {"input", "cached", "cache_write", "cache_write_1h", "input_audio", "input_image", "output", "output_audio",
          "output_image", "characters", "seconds", "image", "when_long"});
    Price price;
    bool anything = false;
    const auto read = [&](const char* key, std::int64_t& into) {
      if (const auto dollars = billionths(table, path, key, kDearest)) into = *dollars, anything = true;
    };
    read("input", price.input), read("cached", price.cached), read("cache_write", price.cache_write);
    read("cache_write_1h", price.cache_write_1h), read("input_audio", price.input_audio);
    read("input_image", price.input_image);
    read("output", price.output), read("output_audio", price.output_audio), read("output_image", price.output_image);
    read("characters", price.characters), read("seconds", price.seconds), read("image", price.image);
    if (!anything) wrong(table, path, "names no price");
    if (const auto* told = find(table, "when_long")) when_long(*told, path + ".when_long", price);
    return price;
  }

  void when_long(const toml::node& table, const std::string& path, Price& price) {
    only(table, path, {"above", "input", "output"});
    price.long_above = whole(table, path, "above", 1, kMostTokens);
    if (price.long_above == 0) wrong(table, path, "above must say how many tokens");
    price.long_input = times(table, path, "input");
    price.long_output = times(table, path, "output");
  }

  // In percent. Long input that costs less would make a longer question cheaper than a shorter one.
  std::int64_t times(const toml::node& table, const std::string& path, const std::string& key) {
    const auto factor = billionths(table, path, key, kMostTimes);
    if (factor && *factor >= 100 * kPercent && *factor % kPercent == 0) return *factor / kPercent;
    wrong(table, path, key + " must be from 1 to 10, with two decimals at most");
    return 100;
  }
};

}  // namespace

Catalogue Catalogue::from_toml(std::string_view document, const std::string& file_name) {
  Reader reader(document, file_name, kInvalid);
  reader.only(reader.root(), "the file", {"model", "route", "fallbacks"});
  Catalogue all;
  const auto* models = Reader::find(reader.root(), "model");
  if (!models || !models->is_array())
    reader.wrong(reader.root(), "model", "there must be models, each under [[model]]");
  else
    for (const auto& table : *models->as_array()) {
      const ModelCard& card =
          all.models_.emplace_back(reader.model(table, fmt::format("model {}", all.models_.size() + 1)));
      const std::size_t index = all.models_.size() - 1;
      std::vector<std::string> names = card.aliases;
      names.insert(names.begin(), card.name);
      for (const auto& name : names) {
        if (const auto* other = all.find(name, card.kind))
          reader.wrong(table, card.name, fmt::format("{} means {} already", name, other->name));
        all.by_name_.emplace(name, index);
      }
      for (std::size_t i = 0; i < card.offers.size(); ++i)
        if (!all.offers_.emplace(card.offers[i].name(), std::pair(index, i)).second)
          reader.wrong(table, card.name, card.offers[i].name() + " is offered already");
    }
  reader.raise();
  return all;
}

std::string_view Catalogue::standard_document() {
  return embedded::models_toml;
}

Catalogue Catalogue::standard() {
  return from_toml(standard_document());
}

const ModelCard* Catalogue::find(std::string_view name) const {
  // Equal keys keep the order in which they came.
  if (const auto [first, last] = by_name_.equal_range(name); first != last) return &models_[first->second];
  const auto offered = offers_.find(name);
  return offered == offers_.end() ? nullptr : &models_[offered->second.first];
}

const ModelCard* Catalogue::find(std::string_view name, ModelKind kind) const {
  const auto [first, last] = by_name_.equal_range(name);
  for (auto each = first; each != last; ++each)
    if (models_[each->second].kind == kind) return &models_[each->second];
  const auto offered = offers_.find(name);
  if (offered == offers_.end() || models_[offered->second.first].kind != kind) return nullptr;
  return &models_[offered->second.first];
}

const Offer* Catalogue::offer(std::string_view name) const {
  const auto found = offers_.find(name);
  return found == offers_.end() ? nullptr : &models_[found->second.first].offers[found->second.second];
}

}  // namespace odeon::ai
