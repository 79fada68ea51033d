// How lines of text are spread over sheets of paper.
#pragma once

#include <cstddef>
#include <vector>

namespace odeon::books {

// Heights in half lines: a line has two, and between paragraphs there is one.
inline constexpr int kLine = 2, kParagraphGap = 1;

// Lines first…first+count-1 of a paragraph.
struct Passage {
  std::size_t paragraph;
  int first, count;
  bool operator==(const Passage&) const = default;
};

int height_of(const std::vector<int>& lines_of_paragraphs);
int height_of(const std::vector<Passage>& passages);

// `first_room` is how much the first sheet has, `room` the others (at least eight lines). A paragraph is only parted
// where two of its lines stay and two follow: none is left alone at the foot or the head of a sheet. So the first sheet
// may stay empty; the others never are.
std::vector<std::vector<Passage>> paginate(const std::vector<int>& lines_of_paragraphs, int first_room, int room);

}  // namespace odeon::books
