// What of a library was left out.
#pragma once

#include <boost/describe.hpp>
#include <string>

namespace odeon::stories {

struct Skipped {
  std::string kind;    // hero, customEvent, story, file
  std::string name;    // its name or title, or its path in the ZIP
  std::string reason;  // a sentence
};
BOOST_DESCRIBE_STRUCT(Skipped, (), (kind, name, reason))

}  // namespace odeon::stories
