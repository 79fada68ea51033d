// By what a question shows that it wants to be thought through: words (assets/reasoning.txt) and shapes.
#pragma once

#include <string_view>

namespace odeon::ai {

// 0: none; 1: a weak one; 2: a strong one, or two weak ones. Both parts belong to one question.
int weight_of_words(std::string_view first, std::string_view last);

struct Shapes {
  int steps = 0;      // numbered lines
  int questions = 0;  // question marks, of any alphabet
  bool code = false;  // a fence, or lines of a program
  bool maths = false;
};
Shapes shapes_of(std::string_view text);

}  // namespace odeon::ai
