#include "engine/media/books/pagination.hpp"

#include <algorithm>

namespace odeon::books {
namespace {

// How many of `left` lines go where there is room for `fitting`.
int share(int left, int fitting) {
  if (fitting >= left) return left;
  const int count = std::min(fitting, left - 2);
  return count < 2 ? 0 : count;
}

}  // namespace

int height_of(const std::vector<int>& lines_of_paragraphs) {
  int height = 0;
  for (const int lines : lines_of_paragraphs) height += lines * kLine + (height > 0 ? kParagraphGap : 0);
  return height;
}

int height_of(const std::vector<Passage>& passages) {
  int height = 0;
  for (const Passage& passage : passages) height += passage.count * kLine + (height > 0 ? kParagraphGap : 0);
  return height;
}

std::vector<std::vector<Passage>> paginate(const std::vector<int>& lines_of_paragraphs, int first_room, int room) {
  std::vector<std::vector<Passage>> sheets(1);
  int free = first_room;
  for (std::size_t paragraph = 0; paragraph < lines_of_paragraphs.size(); ++paragraph) {
    for (int first = 0; first < lines_of_paragraphs[paragraph];) {
      const int gap = sheets.back().empty() ? 0 : kParagraphGap;
      const int count = share(lines_of_paragraphs[paragraph] - first, std::max(0, (free - gap) / kLine));
      if (count == 0) {
        sheets.emplace_back();
        free = room;
        continue;
      }
      sheets.back().push_back({paragraph, first, count});
      free -= count * kLine + gap;
      first += count;
    }
  }
  return sheets;
}

}  // namespace odeon::books
