#include "products/briefings/script/fit.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

namespace odeon::briefings {
namespace {

const FitOptions kNoPauses{.target_seconds = 60, .sentence_pause = 0, .paragraph_pause = 0, .section_pause = 0};

Sentence sentence(const std::string& text, int level, double importance = 1, bool required = false) {
  return {.text = text, .importance = importance, .level = level, .required = required};
}

Script news() {
  return {
      .title = "T",
      .sections = {{"Headlines", {sentence("Hello.", 0, 1, true)}},
                   {"Markets",
                    {sentence("First, the markets.", 0, 0.5), sentence("Top story.", 1, 1, true),
                     sentence("More of it.", 2, 0.7), sentence("It goes on.", 3, 0.5), sentence("Another.", 1, 0.6)}},
                   {"Energy", {sentence("Now energy.", 0, 0.5), sentence("Oil fell.", 1, 0.4)}},
                   {"Closing", {sentence("Goodbye.", 0, 1, true)}}}};
}

std::string texts(const Script& script) {
  std::string out;
  for (const auto& section : script.sections)
    for (const auto& one : section.sentences) out += (out.empty() ? "" : " ") + one.text;
  return out;
}

std::string fitted(double target, const std::vector<double>& seconds) {
  FitOptions options = kNoPauses;
  options.target_seconds = target;
  return texts(kept_script(news(), fit(news(), seconds, options).kept));
}

TEST(Fit, LeavesOutWhatCountsLeast) {
  const std::vector<double> seconds(9, 10);
  EXPECT_EQ(fitted(90, seconds),
            "Hello. First, the markets. Top story. More of it. It goes on. Another. Now energy. Oil fell. Goodbye.");
  EXPECT_EQ(fitted(70, seconds), "Hello. First, the markets. Top story. More of it. It goes on. Another. Goodbye.");
  EXPECT_EQ(fitted(60, seconds), "Hello. First, the markets. Top story. More of it. Another. Goodbye.");
  EXPECT_EQ(fitted(50, seconds), "Hello. First, the markets. Top story. More of it. Goodbye.");
}

TEST(Fit, KeepsWhatIsRequiredAndWhatThatNeeds) {
  const std::vector<double> seconds(9, 10);
  EXPECT_EQ(fitted(5, seconds), "Hello. First, the markets. Top story. Goodbye.");
}

TEST(Fit, TakesAllThereIsWhenThatIsTooShort) {
  const auto all = fit(news(), std::vector<double>(9, 1), kNoPauses);
  EXPECT_EQ(std::ranges::count(all.kept, true), 9);
  EXPECT_FALSE(all.within);
  EXPECT_DOUBLE_EQ(all.seconds, 9);
}

TEST(Fit, CountsPausesAndWhatIsFixed) {
  const Script script{.sections = {{"A", {sentence("One.", 0, 1, true), sentence("Two.", 1, 1, true)}},
                                   {"B", {sentence("Three.", 0, 1, true), sentence("Four.", 2, 1, true)}}}};
  const auto result =
      fit(script, {1, 1, 1, 1},
          {.target_seconds = 30, .fixed_seconds = 20, .sentence_pause = 1, .paragraph_pause = 2, .section_pause = 3});
  EXPECT_DOUBLE_EQ(result.seconds, 20 + 4 + 2 + 3 + 1);
  EXPECT_TRUE(result.within);
}

TEST(Fit, AnEmptyScriptStaysEmpty) {
  EXPECT_TRUE(fit({}, {}, kNoPauses).kept.empty());
}

// Every choice that obeys the rules, by trying all.
bool obeys(const Script& script, const std::vector<bool>& kept) {
  std::size_t i = 0;
  for (const auto& section : script.sections) {
    const auto first = i;
    std::size_t others = 0;
    for (std::size_t j = 0; j < section.sentences.size(); ++j, ++i) {
      if (!kept[i] && section.sentences[j].required) return false;
      if (!kept[i] || j == 0) continue;
      ++others;
      std::size_t needed = j;
      while (needed-- > 1)
        if (section.sentences[needed].level < section.sentences[j].level) break;
      if (!kept[first + (needed < j ? needed : 0)]) return false;
    }
    if (kept[first] && others == 0 && section.sentences.size() > 1) return false;
  }
  return true;
}

RC_GTEST_PROP(FitProperty, IsWithinTheToleranceWhereverTheMaterialAllows, ()) {
  Script script;
  std::vector<double> seconds;
  const auto sections = *rc::gen::inRange(1, 5);
  for (int s = 0; s < sections; ++s) {
    auto& section = script.sections.emplace_back();
    const auto count = *rc::gen::inRange(1, 4);
    for (int i = 0; i < count; ++i) {
      section.sentences.push_back(sentence("S.", i == 0 ? 0 : *rc::gen::inRange(1, 4), *rc::gen::inRange(1, 100) / 100.,
                                           *rc::gen::inRange(0, 6) == 0));
      seconds.push_back(*rc::gen::inRange(5, 120) / 10.);
    }
  }
  FitOptions options = kNoPauses;
  options.target_seconds = *rc::gen::inRange(100, 800) / 10.;
  const auto result = fit(script, seconds, options);
  RC_ASSERT(result.kept.size() == seconds.size());
  RC_ASSERT(obeys(script, result.kept));

  double nearest = std::numeric_limits<double>::infinity(), taken = 0;
  for (std::size_t i = 0; i < seconds.size(); ++i) taken += result.kept[i] ? seconds[i] : 0;
  for (std::size_t mask = 0; mask < (std::size_t(1) << seconds.size()); ++mask) {
    std::vector<bool> kept(seconds.size());
    double total = 0;
    for (std::size_t i = 0; i < seconds.size(); ++i)
      if (kept[i] = (mask >> i & 1) != 0; kept[i]) total += seconds[i];
    if (std::abs(total - options.target_seconds) < nearest && obeys(script, kept))
      nearest = std::abs(total - options.target_seconds);
  }
  const double slack = options.target_seconds * options.tolerance;
  RC_ASSERT(std::abs(result.seconds - taken) < 1e-6);
  if (nearest <= slack - 1e-6) {
    RC_ASSERT(result.within);
  } else {
    RC_ASSERT(std::abs(taken - options.target_seconds) <= std::max(nearest, slack) + 0.11);
  }
}

}  // namespace
}  // namespace odeon::briefings
