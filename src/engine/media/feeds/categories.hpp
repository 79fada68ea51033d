// The categories under which directories list podcasts: Apple's, which the others have taken over.
#pragma once

#include <optional>
#include <string_view>

namespace odeon::feeds {

struct Category {
  std::string_view name;
  std::string_view below;  // the narrower one in it, or empty
};

// What is meant by a name, be it of a category or of a narrower one, or both as "Arts > Books"; the case of letters
// does not matter. Nothing for what is not in the list.
std::optional<Category> category_of(std::string_view name);

}  // namespace odeon::feeds
