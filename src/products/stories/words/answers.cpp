// What came back from text models.
#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "products/stories/words/prompts.hpp"
#include "products/stories/words/read_along.hpp"

namespace odeon::stories {
namespace {

constexpr std::size_t kFewestWords = 150, kMostWords = 1600, kLongestTitle = 120, kLongestSceneText = 600;

struct AnsweredScene {
  std::string text, quote;
};
BOOST_DESCRIBE_STRUCT(AnsweredScene, (), (text, quote))
struct AnsweredScenes {
  std::vector<AnsweredScene> scenes;
};
BOOST_DESCRIBE_STRUCT(AnsweredScenes, (), (scenes))

std::unexpected<BadAnswer> bad(std::string code, std::string message) {
  return std::unexpected(BadAnswer{std::move(code), std::move(message)});
}

// Models like to wrap what they were asked for in a code fence.
std::string_view without_fence(std::string_view answer) {
  answer = text::trim(answer);
  if (!answer.starts_with("```")) return answer;
  const auto first = answer.find('\n');
  const auto last = answer.rfind("```");
  return first == std::string_view::npos || last <= first ? answer : text::trim(answer.substr(first, last - first));
}

template <class T>
std::expected<T, BadAnswer> read_json(std::string_view answer) {
  T read;
  json::Faults faults;
  try {
    json::read(read, json::parse(without_fence(answer)), "", json::Source::body, faults);
  } catch (const Error&) {
    return bad("not_json", "The model's answer is not JSON.");
  }
  if (!faults.empty())
    return bad("shape", fmt::format("The model's answer has another shape: {}", faults.list().front().path));
  return read;
}

// A title on one line, without the marks of headings and the quotes that models set around it.
std::string plain_title(std::string_view line) {
  std::string title = text::collapse_spaces(text::to_valid_utf8(line));
  for (std::string_view prefix : {"Title:", "Título:", "Titre :", "Titre:", "Titel:", "Titolo:"})
    if (const std::string bare = text::replace_all(title, "**", ""); bare.starts_with(prefix))
      title = bare.substr(prefix.size());
  for (bool again = true; std::exchange(again, false);)
    for (std::string_view mark : {"#", "*", "_", " ", "\"", "«", "»", "„", "“", "”", "\u00A0"}) {
      if (title.starts_with(mark)) title.erase(0, mark.size()), again = true;
      if (title.ends_with(mark)) title.erase(title.size() - mark.size()), again = true;
    }
  return title;
}

bool has_markup(std::string_view content) {
  for (std::string_view sign : {"<", ">", "```", "http://", "https://", "[", "]", "{", "}"})
    if (content.find(sign) != std::string_view::npos) return true;
  return false;
}

// Paragraphs with one empty line between them, without headings' and emphasis' marks.
std::string plain_paragraphs(std::string_view text) {
  std::string out;
  for (std::string_view line : text::split(text, '\n')) {
    const std::string plain =
        text::collapse_spaces(text::replace_all(text::replace_all(std::string(line), "*", ""), "#", ""));
    if (plain.empty() || plain.find_first_not_of("-_ ") == std::string::npos) continue;
    if (!out.empty()) out += "\n\n";
    out += plain;
  }
  return out;
}

}  // namespace

std::expected<WrittenStory, BadAnswer> read_story(std::string_view answer, Language language) {
  const std::string valid = text::to_valid_utf8(without_fence(answer));
  const auto end = valid.find('\n');
  if (end == std::string::npos) return bad("shape", "The model's story has one line.");
  const auto title = read_title(std::string_view(valid).substr(0, end));
  const bool begins_at_once = !title && title.error().code == "too_long";
  WrittenStory story{title.value_or(""), plain_paragraphs(std::string_view(valid).substr(begins_at_once ? 0 : end))};
  const auto words = count_words(story.content);
  if (words < kFewestWords)
    return bad("too_short", fmt::format("The model's story has {} words in {}.", words, english_name(language)));
  if (words > kMostWords) return bad("too_long", fmt::format("The model's story has {} words.", words));
  if (has_markup(story.content)) return bad("markup", "The model's story holds what cannot be read aloud.");
  return story;
}

std::expected<std::string, BadAnswer> read_title(std::string_view answer) {
  const std::string_view whole = without_fence(answer);
  std::string title = plain_title(whole.substr(0, whole.find('\n')));
  if (title.empty()) return bad("too_short", "The model's title is empty.");
  if (text::length(title) > kLongestTitle) return bad("too_long", "The model's title is no title.");
  if (has_markup(title)) return bad("markup", "The model's title holds what cannot be read aloud.");
  return title;
}

std::expected<std::vector<StoryScene>, BadAnswer> read_scenes(std::string_view answer, std::string_view content,
                                                              std::size_t count) {
  auto read = read_json<AnsweredScenes>(answer);
  if (!read) return std::unexpected(std::move(read.error()));
  std::vector<StoryScene> scenes;
  std::size_t from = 0;
  for (auto& scene : read->scenes) {
    if (scenes.size() == count) break;
    if (text::trim(scene.text).empty()) continue;
    // What is quoted wrongly stands where the scene before it stands.
    if (const auto at = scene.quote.empty() ? std::string_view::npos : content.find(scene.quote, from);
        at != std::string_view::npos)
      from = at;
    scenes.push_back({.text = std::string(text::prefix(text::collapse_spaces(scene.text), kLongestSceneText)),
                      .offset = from,
                      .words = words_of(content.substr(0, from)).size()});
  }
  if (scenes.empty()) return bad("shape", "The model's answer has no scenes.");
  return scenes;
}

std::expected<VisualLook, BadAnswer> read_look(std::string_view answer) {
  auto look = read_json<VisualLook>(answer);
  if (!look) return look;
  if (look->canonicalPrompt.empty()) return bad("shape", "The model's answer describes nobody.");
  for (std::string* line : {&look->canonicalPrompt, &look->simplifiedPrompt, &look->artStyle})
    *line = text::prefix(text::collapse_spaces(*line), 600);
  std::erase_if(look->colorPalette, [](const std::string& colour) { return colour.empty() || colour.size() > 40; });
  return look;
}

std::expected<EnhancedEvent, BadAnswer> read_event(std::string_view answer) {
  auto event = read_json<EnhancedEvent>(answer);
  if (!event) return event;
  event->title = plain_title(event->title);
  if (event->title.empty() || text::trim(event->description).empty())
    return bad("shape", "The model's answer has no title or no description.");
  event->title = text::prefix(event->title, kLongestTitle);
  event->description = text::prefix(text::collapse_spaces(event->description), 1000);
  event->promptSeed = text::prefix(text::collapse_spaces(event->promptSeed), 500);
  if (event->keywords.size() > 6) event->keywords.resize(6);
  return event;
}

}  // namespace odeon::stories
