#include "products/podcasts/texts/show_notes.hpp"

#include <algorithm>
#include <cmath>

namespace odeon::podcasts {
namespace {

// "1:02:03", or "02:03" in what is shorter than an hour.
std::string time_shown(double seconds) {
  const auto all = static_cast<long long>(std::max(seconds, 0.0));
  if (all < 3600) return fmt::format("{:02}:{:02}", all / 60, all % 60);
  return fmt::format("{}:{:02}:{:02}", all / 3600, all / 60 % 60, all % 60);
}

void write_section(std::string& out, std::string_view heading, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  if (!out.empty()) out += "\n\n";
  out += "## ";
  out += heading;
  out += '\n';
  for (const auto& line : lines) out += "\n" + line;
}

}  // namespace

std::string notes_text(const ShowNotes& notes) {
  std::string out = notes.summary;
  std::vector<std::string> lines;
  for (const auto& chapter : notes.chapters)
    lines.push_back(fmt::format("- {} {}", time_shown(chapter.startTime), chapter.title));
  write_section(out, "Chapters", std::exchange(lines, {}));
  for (const auto& point : notes.key_points) lines.push_back("- " + point);
  write_section(out, "Key points", std::exchange(lines, {}));
  for (const auto& quote : notes.quotes)
    lines.push_back(fmt::format("> “{}” ({})", quote.text, time_shown(quote.startTime)));
  write_section(out, "Quotes", std::exchange(lines, {}));
  for (const auto& link : notes.links) lines.push_back("- " + link);
  write_section(out, "Links", std::exchange(lines, {}));
  for (const auto& name : notes.names) lines.push_back("- " + name);
  write_section(out, "Mentioned", lines);
  return out;
}

std::vector<NotesChapter> chapters_of(const json::value& kept_notes) {
  const auto* object = kept_notes.if_object();
  const auto* list = object != nullptr ? object->if_contains("chapters") : nullptr;
  if (list == nullptr || !list->is_array()) return {};
  std::vector<NotesChapter> chapters;
  json::Faults faults;
  json::read(chapters, *list, "chapters", json::Source::body, faults);
  faults.raise();
  return chapters;
}

std::vector<media::Chapter> tag_chapters(const std::vector<NotesChapter>& chapters, double seconds) {
  std::vector<media::Chapter> tags;
  for (std::size_t i = 0; i < chapters.size(); ++i) {
    const double start = std::min(chapters[i].startTime, seconds);
    const double end = i + 1 < chapters.size() ? std::min(chapters[i + 1].startTime, seconds) : seconds;
    tags.push_back({chapters[i].title, start, end});
  }
  return tags;
}

std::string write_chapters_json(const std::vector<NotesChapter>& chapters) {
  return R"({"version":"1.2.0","chapters":)" + json::write(chapters) + "}";
}

}  // namespace odeon::podcasts
