// Figures in a text: whatever counts or measures, in a form that is equal where the facts are.
//
// Numbers, percentages, basis points and money, in digits or in words: "1,200" is "1200"; "3.2 percent"
// is "3.2%"; "$1.5bn" and "1.5 billion dollars" are "$1500000000"; "two" is "2"; "the third quarter"
// and "Q3" are "3". Signs are left to the words around them. Spelled "one", "first" and "second" are
// no figures: they rarely count anything.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace odeon::briefings {

// In order of appearance, repeated where they are repeated. A figure never spans lines.
std::vector<std::string> figures(std::string_view text);

// The number of a figure without its unit: "3.2" of "3.2%".
std::string number_of(std::string_view figure);

}  // namespace odeon::briefings
