#include "products/briefings/script/fit.hpp"

#include <cmath>
#include <limits>

namespace odeon::briefings {
namespace {

constexpr double kStep = 0.05;  // seconds: how finely time is weighed

// A sentence as the choice sees it: the script read as one list, in which what depends on a sentence
// follows it at once, so that leaving a sentence out means jumping to `next`.
struct Item {
  double seconds = 0;  // with the pause before it
  std::size_t steps = 0;
  double worth = 0;
  std::size_t next = 0;   // the first item that does not depend on this one
  bool required = false;  // or something that depends on it is
  bool opens = false;     // first of a section that has more
  std::size_t section_end = 0;
};

std::vector<Item> items_of(const Script& script, const std::vector<double>& seconds, const FitOptions& options) {
  std::vector<Item> items;
  for (const auto& section : script.sections) {
    const std::size_t start = items.size(), end = start + section.sentences.size();
    for (std::size_t i = 0; i < section.sentences.size(); ++i) {
      const Sentence& sentence = section.sentences[i];
      const double pause = items.empty()         ? 0
                           : i == 0              ? options.section_pause
                           : sentence.level <= 1 ? options.paragraph_pause
                                                 : options.sentence_pause;
      Item item{.seconds = seconds.at(items.size()) + pause,
                .worth = sentence.importance,
                .required = sentence.required,
                .opens = i == 0 && section.sentences.size() > 1,
                .section_end = end};
      item.steps = static_cast<std::size_t>(std::lround(item.seconds / kStep));
      std::size_t next = i + 1;
      while (next < section.sentences.size() && (i == 0 || section.sentences[next].level > sentence.level)) ++next;
      item.next = start + next;
      items.push_back(item);
    }
  }
  for (std::size_t i = items.size(); i-- > 0;)
    for (std::size_t below = i + 1; below < items[i].next; ++below)
      items[i].required = items[i].required || items[below].required;
  return items;
}

// best[i][lonely][steps]: the highest worth of items i… that take exactly `steps`, where `lonely` says
// that an opener was kept and nothing of its section yet.
class Table {
 public:
  static constexpr float kNever = -std::numeric_limits<float>::infinity();

  Table(const std::vector<Item>& items, std::size_t steps)
      : items_(items), width_(steps + 1), cells_((items.size() + 1) * 2 * width_, kNever) {
    at(items.size(), false, 0) = 0;
    for (std::size_t i = items.size(); i-- > 0;)
      for (const bool lonely : {false, true})
        for (std::size_t left = 0; left < width_; ++left)
          at(i, lonely, left) = std::max(if_left_out(i, lonely, left), if_kept(i, left));
  }

  float best(std::size_t steps) const { return at(0, false, steps); }

  std::vector<bool> choice(std::size_t left) const {
    std::vector<bool> kept(items_.size());
    bool lonely = false;
    for (std::size_t i = 0; i < items_.size();) {
      if (if_kept(i, left) >= if_left_out(i, lonely, left)) {
        kept[i] = true;
        left -= items_[i].steps;
        lonely = items_[i].opens;
        ++i;
      } else {
        i = items_[i].next;
      }
    }
    return kept;
  }

 private:
  float if_kept(std::size_t i, std::size_t left) const {
    const Item& item = items_[i];
    if (item.steps > left) return kNever;
    return at(i + 1, item.opens, left - item.steps) + static_cast<float>(item.worth);
  }
  float if_left_out(std::size_t i, bool lonely, std::size_t left) const {
    const Item& item = items_[i];
    if (item.required) return kNever;
    const bool ends_section = item.next == item.section_end;
    if (lonely && ends_section) return kNever;
    return at(item.next, lonely && !ends_section, left);
  }
  float& at(std::size_t i, bool lonely, std::size_t steps) {
    return cells_[(i * 2 + (lonely ? 1 : 0)) * width_ + steps];
  }
  float at(std::size_t i, bool lonely, std::size_t steps) const {
    return cells_[(i * 2 + (lonely ? 1 : 0)) * width_ + steps];
  }

  const std::vector<Item>& items_;
  std::size_t width_;
  std::vector<float> cells_;
};

double total(const std::vector<Item>& items, const std::vector<bool>& kept) {
  double seconds = 0;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (kept[i]) seconds += items[i].seconds;
  return seconds;
}

}  // namespace

Fitted fit(const Script& script, const std::vector<double>& seconds, const FitOptions& options) {
  const auto items = items_of(script, seconds, options);
  const double target = options.target_seconds - options.fixed_seconds;
  const double slack = options.target_seconds * options.tolerance;
  double required = 0;
  for (const auto& item : items)
    if (item.required) required += item.seconds;
  // Nothing longer than this is of use: the nearest choice above the target is never twice as far.
  const double longest = std::max({target + slack, required, 0.0}) + 60;
  const Table table(items, static_cast<std::size_t>(std::ceil(longest / kStep)));

  Fitted fitted;
  double best = -std::numeric_limits<double>::infinity();
  for (std::size_t steps = 0; steps * kStep <= longest; ++steps) {
    const float worth = table.best(steps);
    if (worth == Table::kNever) continue;
    const double off = std::abs(static_cast<double>(steps) * kStep - target);
    // Within the inner half of the tolerance only worth counts; outside of it only nearness.
    const double rank = off <= slack / 2 ? 1e6 + worth : off <= slack ? 1e3 - off : -off;
    if (rank <= best) continue;
    auto kept = table.choice(steps);
    const double exact = total(items, kept);
    if (off <= slack && std::abs(exact - target) > slack) continue;
    best = rank;
    fitted.kept = std::move(kept);
    fitted.seconds = exact + options.fixed_seconds;
  }
  if (fitted.kept.empty()) {
    for (const auto& item : items) fitted.kept.push_back(item.required);
    fitted.seconds = total(items, fitted.kept) + options.fixed_seconds;
  }
  fitted.within = std::abs(fitted.seconds - options.target_seconds) <= slack + 1e-9;
  return fitted;
}

Script kept_script(const Script& script, const std::vector<bool>& kept) {
  Script result{.title = script.title};
  std::size_t i = 0;
  for (const auto& section : script.sections) {
    Section left{.heading = section.heading};
    for (const auto& sentence : section.sentences)
      if (kept.at(i++)) left.sentences.push_back(sentence);
    if (!left.sentences.empty()) result.sections.push_back(std::move(left));
  }
  return result;
}

}  // namespace odeon::briefings
