#include "products/stories/words/compose.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "products/stories/words/cast.hpp"
#include "products/stories/words/lexicon.hpp"
#include "products/stories/words/meta.hpp"

namespace odeon::stories {
namespace {

constexpr double kShortest = 3.25 * 60, kRoomy = 4.6 * 60, kLongest = 4.95 * 60;  // seconds
constexpr int kLeanest = 5;

// French sets a space before signs of two parts, which may not end a line there.
std::string typeset(std::string text, Language language) {
  text = text::collapse_spaces(text);
  if (language != Language::fr) return text;
  for (const std::string sign : {"!", "?", ":", ";", "»"}) text = text::replace_all(text, " " + sign, "\u00A0" + sign);
  return text::replace_all(text, "« ", "«\u00A0");
}

std::string name_of(const StoryHero& hero) {
  auto name = speakable_name(hero.name);
  return name.empty() ? "Sam" : name;
}

class Teller {
 public:
  explicit Teller(const StoryWish& wish)
      : wish_(wish),
        lexicon_(lexicon(wish.language)),
        name_(name_of(wish.hero)),
        companion_(speakable_name(wish.companion)),
        custom_event_(text::prefix(speakable_name(wish.custom_event), 60)),
        hero_(wish.language, name_, wish.hero.age,
              wish.hero.gender.value_or(gender_of(wish.hero.name, wish.hero.appearance))),
        band_(age_band(wish.hero.age)),
        seed_(number_of(name_ + "\n" + wish.event + "\n" + custom_event_) ^ wish.seed * 0x9E3779B97F4A7C15u) {
    for (const auto& id : wish.hero.traits)
      if (const Trait* known = find_trait(id)) traits_.push_back(known);
    for (const auto& ability : wish.hero.abilities)
      if (auto words = speakable_name(ability); !words.empty()) abilities_.push_back(std::move(words));
    plot_ = plot();
  }

  // Lean from 0 (with everything) to kLeanest.
  ComposedStory tell(int lean) {
    lean_ = lean;
    paragraphs_.clear();
    const std::string event = custom_event_.empty() ? wish_.event : "custom";
    const auto tone = std::string(json::enum_name(tone_of_story()));
    std::string opening = say("open." + event);
    if (!traits_.empty() && lean < kLeanest) opening += " " + say(traits_.size() == 1 ? "traits.1" : "traits.2");
    add("open." + event, opening);
    if (!companion_.empty()) add("", say("companion"));
    add(plot_ + ".call", say(plot_ + ".call"));
    add(plot_ + ".place", say(plot_ + ".place"));
    const std::size_t middle = paragraphs_.size();
    add("", say(plot_ + ".trouble"));
    add(plot_ + ".try", say(plot_ + ".try"));
    if (!abilities_.empty()) add("", say("ability." + ability_kind(ability())));
    const Trait* solver = solving_trait();
    const std::string way = plot_ + "." + std::string(json::enum_name(solver ? solver->way : Way::kind));
    add(way, (solver ? told(trait_line(*solver, 2), solver->id) + " " : "") + say(way));
    add(plot_ + ".happy", say(plot_ + ".happy"));
    add("", say("close." + event));
    // Few words, which matter most: they change their register last.
    const bool is_older = band_ > 2 && lean < kLeanest;
    paragraphs_.back().text += " " + say("end." + tone + (is_older ? ".older" : ""));
    fit(tone, middle);
    return finished();
  }

 private:
  struct Paragraph {
    std::string scene;  // of the cast; may be empty
    std::string text;
  };

  void add(std::string scene, std::string text) { paragraphs_.push_back({std::move(scene), std::move(text)}); }

  // Each hero has an order of plots; a seed is a place in it.
  std::string plot() const {
    std::vector<std::string> order = plots();
    Dice dice(number_of(name_ + "\nplots"));
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[dice.below(i)]);
    return order[wish_.seed % order.size()];
  }

  // When the plots begin again, another trait has its turn.
  const Trait* solving_trait() const {
    if (traits_.empty()) return nullptr;
    return traits_[(wish_.seed + wish_.seed / plots().size()) % traits_.size()];
  }

  const std::string& ability() const {
    return abilities_[(wish_.seed + wish_.seed / plots().size()) % abilities_.size()];
  }

  Tone tone_of_story() const {
    if (wish_.tone) return *wish_.tone;
    if (custom_event_.empty() && wish_.event == "bedtime") return Tone::gentle;
    return static_cast<Tone>(wish_.seed % 3);
  }

  // The leaner the story, the more of its parts leave out what is only for fun.
  Length length_of(std::string_view key) const {
    return static_cast<int>(number_of(key) % 4) < lean_ ? Length::lean : Length::full;
  }

  // As older children are told it, where that is another text and there is time for it.
  std::span<const std::string> texts_of(const std::string& key) const {
    const bool is_older = band_ > 2 && length_of(key) == Length::full;
    const auto older = is_older ? lexicon_.texts(key + ".older") : std::span<const std::string>();
    return older.empty() ? lexicon_.texts(key) : older;
  }

  // One of the key's alternatives: another one for each story that comes after, and told in other words.
  std::string say(const std::string& key) const {
    const auto texts = texts_of(key);
    if (texts.empty()) throw std::invalid_argument("no such text: " + key);
    const auto at = (wish_.seed + wish_.seed / plots().size() + number_of(name_)) % texts.size();
    return told(texts[at], key);
  }

  std::string told(std::string_view text, std::string_view key) const {
    Dice dice(seed_ ^ number_of(key));
    return typeset(expand(text, band_, length_of(key), dice, [this](std::string_view slot) { return value(slot); }),
                   wish_.language);
  }

  // The third line of a trait (the others are its name and its noun).
  std::string trait_line(const Trait& trait, std::size_t line) const {
    return std::string(text::split(lexicon_.texts("trait." + trait.id).front(), '\n').at(line));
  }

  std::string value(std::string_view slot) const {
    if (auto words = hero_.slot(slot)) return *words;
    if (slot == "C") return companion_;
    if (slot == "event") return custom_event_;
    if (slot == "ability") return ability();
    if (slot == "trait1") return trait_line(*traits_[0], 1);
    if (slot == "trait2") return trait_line(*traits_[1], 1);
    throw std::invalid_argument("no such slot: " + std::string(slot));
  }

  double seconds() const {
    std::size_t words = 0;
    for (const auto& paragraph : paragraphs_) words += count_words(paragraph.text);
    return static_cast<double>(words) * 60 / words_per_minute(wish_.language);
  }

  // Something happens on the way if there is time for it, and more if a story would be short.
  void fit(const std::string& tone, std::size_t middle) {
    const auto asides = lexicon_.texts("aside." + tone);
    auto at = Dice(seed_ ^ number_of("aside")).below(asides.size());
    for (std::size_t happened = 0; happened < asides.size(); ++happened, ++at) {
      // Small children sit still for less.
      if (seconds() >= (happened == 0 && band_ > 1 ? kRoomy : kShortest)) break;
      auto words = told(asides[at % asides.size()], "aside");
      // The first before they arrive; a second where they stand and wonder.
      paragraphs_.insert(paragraphs_.begin() + static_cast<std::ptrdiff_t>(happened == 0 ? middle - 1 : middle),
                         {"", std::move(words)});
    }
  }

  ComposedStory finished() const {
    ComposedStory story{.title = say(plot_ + ".title"), .plot = plot_};
    for (const auto& paragraph : paragraphs_) {
      if (!story.content.empty()) story.content += "\n\n";
      if (!paragraph.scene.empty()) {
        auto scene = scene_of(paragraph.scene, name_);
        scene.offset = story.content.size();
        scene.words = story.words;
        story.scenes.push_back(std::move(scene));
      }
      story.content += paragraph.text;
      story.words += count_words(paragraph.text);
    }
    story.seconds = seconds();
    return story;
  }

  const StoryWish& wish_;
  const Lexicon& lexicon_;
  std::string name_;
  std::string companion_;
  std::string custom_event_;
  HeroWords hero_;
  int band_;
  std::uint64_t seed_;
  std::vector<const Trait*> traits_;
  std::vector<std::string> abilities_;
  std::string plot_;
  int lean_ = 0;
  std::vector<Paragraph> paragraphs_;
};

}  // namespace

ComposedStory compose_story(const StoryWish& wish) {
  if (speakable_name(wish.custom_event).empty() && find_event_type(wish.event) == nullptr)
    throw Error(Fault::invalid, "UNKNOWN_EVENT", "This kind of event is not on the list.");
  Teller teller(wish);
  auto story = teller.tell(0);
  for (int lean = 1; lean <= kLeanest && story.seconds > kLongest; ++lean) story = teller.tell(lean);
  return story;
}

std::size_t count_words(std::string_view text) {
  const std::string plain = text::replace_all(std::string(text), "\u00A0", " ");
  std::size_t words = 0;
  bool inside = false;
  for (const char c : plain) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (c == ' ' || c == '\n' || c == '\t') {
      inside = false;
    } else if (!inside && (byte >= 0xC3 || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))) {
      inside = true;
      ++words;
    }
  }
  return words;
}

}  // namespace odeon::stories
