#include "engine/media/feeds/categories.hpp"

#include <array>

#include "base/text.hpp"

namespace odeon::feeds {
namespace {

struct Group {
  std::string_view name;
  std::string_view below;  // divided by '|'
};

constexpr auto kGroups = std::to_array<Group>({
    {"Arts", "Books|Design|Fashion & Beauty|Food|Performing Arts|Visual Arts"},
    {"Business", "Careers|Entrepreneurship|Investing|Management|Marketing|Non-Profit"},
    {"Comedy", "Comedy Interviews|Improv|Stand-Up"},
    {"Education", "Courses|How To|Language Learning|Self-Improvement"},
    {"Fiction", "Comedy Fiction|Drama|Science Fiction"},
    {"Government", ""},
    {"Health & Fitness", "Alternative Health|Fitness|Medicine|Mental Health|Nutrition|Sexuality"},
    {"History", ""},
    {"Kids & Family", "Education for Kids|Parenting|Pets & Animals|Stories for Kids"},
    {"Leisure", "Animation & Manga|Automotive|Aviation|Crafts|Games|Hobbies|Home & Garden|Video Games"},
    {"Music", "Music Commentary|Music History|Music Interviews"},
    {"News", "Business News|Daily News|Entertainment News|News Commentary|Politics|Sports News|Tech News"},
    {"Religion & Spirituality", "Buddhism|Christianity|Hinduism|Islam|Judaism|Religion|Spirituality"},
    {"Science",
     "Astronomy|Chemistry|Earth Sciences|Life Sciences|Mathematics|Natural Sciences|Nature|Physics|Social Sciences"},
    {"Society & Culture", "Documentary|Personal Journals|Philosophy|Places & Travel|Relationships"},
    {"Sports",
     "Baseball|Basketball|Cricket|Fantasy Sports|Football|Golf|Hockey|Rugby|Running|Soccer|Swimming|Tennis|Volleyball|"
     "Wilderness|Wrestling"},
    {"Technology", ""},
    {"True Crime", ""},
    {"TV & Film", "After Shows|Film History|Film Interviews|Film Reviews|TV Reviews"},
});

}  // namespace

std::optional<Category> category_of(std::string_view name) {
  const auto arrow = name.find('>');
  const auto wanted = text::trim(name.substr(0, arrow));
  const auto narrower = arrow == std::string_view::npos ? std::string_view() : text::trim(name.substr(arrow + 1));
  for (const auto& group : kGroups) {
    const bool is_group = text::equals_ignoring_case(group.name, wanted);
    if (is_group && narrower.empty()) return Category{group.name, ""};
    for (const auto below : text::split(group.below, '|'))
      if (!below.empty() && text::equals_ignoring_case(below, is_group ? narrower : wanted) &&
          (is_group || narrower.empty()))
        return Category{group.name, below};
  }
  return std::nullopt;
}

}  // namespace odeon::feeds
