#include <algorithm>
#include <boost/describe/enum_from_string.hpp>
#include <map>
#include <optional>
#include <string>

#include "engine/media/storybook/chance.hpp"
#include "engine/media/storybook/lexicon.hpp"
#include "engine/media/storybook/storybook.hpp"

namespace odeon::storybook {
namespace {

class Reading {
 public:
  Reading(std::string_view text, std::string_view language) : words_(words_of(text)), language_(language) {
    constexpr std::string_view known[] = {"en", "es", "fr", "de", "it"};
    if (std::ranges::find(known, language_) == std::end(known)) language_ = "en";
  }

  // The one that is named most, of several the first.
  template <class Enum>
  std::optional<Enum> one(std::string_view kind) const {
    std::map<std::string_view, int> counts;
    const auto found = Lexicon::of_scenes().find(words_, kind, language_);
    for (const auto& word : found) ++counts[word.value];
    std::optional<Enum> best;
    int most = 0;
    for (const auto& word : found)
      if (counts[word.value] > most) best = meant<Enum>(word.value), most = counts[word.value];
    return best;
  }

  // All, each once, in the order of the text.
  template <class Enum>
  std::vector<Enum> several(std::string_view kind, std::size_t most) const {
    std::vector<Enum> all;
    for (const auto& word : Lexicon::of_scenes().find(words_, kind, language_)) {
      const Enum value = meant<Enum>(word.value);
      if (all.size() < most && std::ranges::find(all, value) == all.end()) all.push_back(value);
    }
    return all;
  }

 private:
  template <class Enum>
  static Enum meant(std::string_view name) {
    Enum value{};
    boost::describe::enum_from_string(std::string(name).c_str(), value);
    return value;
  }

  std::vector<std::string> words_;
  std::string_view language_;
};

}  // namespace

Scene read_scene(std::string_view text, std::string_view language) {
  const Reading reading(text, language);
  Scene scene;
  const auto weather = reading.one<Weather>("weather");
  const auto season = reading.one<Season>("season");
  const auto setting = reading.one<Setting>("setting");
  scene.weather = weather.value_or(Weather::clear);
  scene.season = season.value_or(scene.weather == Weather::snow ? Season::winter : Season::summer);
  scene.setting = setting.value_or(Setting::meadow);
  scene.time = reading.one<Daytime>("time").value_or(Daytime::day);
  scene.pose = reading.one<Pose>("pose").value_or(Pose::standing);
  const Mood otherwise = scene.pose == Pose::sleeping ? Mood::sleepy : Mood::happy;
  scene.mood = reading.one<Mood>("mood").value_or(otherwise);
  scene.companions = reading.several<Companion>("companion", most_companions);
  scene.props = reading.several<Prop>("prop", most_props);
  scene.seed = seed_of(text);
  return scene;
}

}  // namespace odeon::storybook
