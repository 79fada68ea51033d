#include "engine/media/books/print.hpp"

#include "engine/media/books/pagination.hpp"
#include "engine/media/books/pdf.hpp"
#include "engine/media/books/words.hpp"

namespace odeon::books {
namespace {

using pictures::Box;

constexpr Ink kText{0.13, 0.12, 0.15}, kTitle{0.13, 0.19, 0.42}, kQuiet{0.45, 0.44, 0.48}, kGold{0.88, 0.66, 0.22};
constexpr double kGap = 24;  // under what stands above; points, as all lengths here
constexpr double kNumberSize = 11, kAuthorSize = 16;
// How much of the height a picture above text takes: at most, at least if larger type is to be had for it, and at least
// if the smallest type leaves no more.
constexpr double kTallestPicture = 0.64, kEnoughPicture = 0.52, kShortestPicture = 0.4;
constexpr double kTallestTitle = 0.28;
// What stands alone on a sheet has this much of the free height above it.
constexpr double kAbove = 0.4;
// What stands under a picture has this much of it between them, beside the gap.
constexpr double kUnderPicture = 0.2;
constexpr int kFewLines = 3;

struct Design {
  double width, height;
  double margin;                    // at all four sides; page numbers stand in the lower one
  double smallest, largest, title;  // type
  Box area() const { return {margin, margin, width - 2 * margin, height - 2 * margin - kNumberSize}; }
};

constexpr double kMillimetre = 72 / 25.4;

Design design_for(Paper paper) {
  switch (paper) {
    case Paper::a4:
      break;
    case Paper::letter:
      return {.width = 612, .height = 792, .margin = 54, .smallest = 14, .largest = 24, .title = 40};
    case Paper::square:
      return {.width = 210 * kMillimetre,
              .height = 210 * kMillimetre,
              .margin = 46,
              .smallest = 13,
              .largest = 22,
              .title = 34};
  }
  return {.width = 210 * kMillimetre,
          .height = 297 * kMillimetre,
          .margin = 54,
          .smallest = 14,
          .largest = 24,
          .title = 40};
}

// A block for each paragraph.
std::vector<TextBlock> set_text(const Typesetter& typesetter, const Leaf& leaf, const Type& type, double width) {
  std::vector<TextBlock> blocks;
  for (const Paragraph& paragraph : leaf.paragraphs) {
    std::string text;
    for (const SpokenSentence& sentence : paragraph) text += (text.empty() ? "" : " ") + sentence.text;
    blocks.emplace_back(typesetter, text, type, width);
  }
  return blocks;
}

std::vector<int> lines_of(const std::vector<TextBlock>& blocks) {
  std::vector<int> lines;
  for (const TextBlock& block : blocks) lines.push_back(block.lines());
  return lines;
}

double half_line_of(const Type& type) {
  return type.size * type.leading / kLine;
}

// As wide as there is room, unless that makes it too high.
Box picture_area(const Plate& plate, double width, double height) {
  const double ratio = static_cast<double>(plate.file.height) / plate.file.width;
  return width * ratio <= height ? Box{0, 0, width, width * ratio} : Box{0, 0, height / ratio, height};
}

class Printer {
 public:
  Printer(const Edition& edition, Paper paper, const Sink& to)
      : edition_(edition),
        words_(words_in(edition.language)),
        design_(design_for(paper)),
        area_(design_.area()),
        typesetter_(edition.language),
        pdf_(design_.width, design_.height, to) {}

  void print() {
    pdf_.describe(edition_);
    print_cover();
    size_ = size_for_all();
    for (const Leaf& leaf : edition_.leaves) print_leaf(leaf);
    pdf_.finish();
  }

 private:
  // How much height is left for text beneath a picture that is large enough.
  double room_for_text(const Leaf& leaf) const {
    if (!leaf.picture) return area_.height;
    return area_.height - kGap - picture_area(*leaf.picture, area_.width, area_.height * kEnoughPicture).height;
  }

  bool fits(const Leaf& leaf, double size) const {
    const Type type{.size = size};
    const int height = height_of(lines_of(set_text(typesetter_, leaf, type, area_.width)));
    return height * half_line_of(type) <= room_for_text(leaf);
  }

  // In half points.
  double size_for_all() const {
    int fitting = static_cast<int>(2 * design_.smallest), too_large = static_cast<int>(2 * design_.largest) + 1;
    while (too_large - fitting > 1) {
      const int middle = (fitting + too_large) / 2;
      const bool all_fit =
          std::ranges::all_of(edition_.leaves, [&](const Leaf& leaf) { return fits(leaf, middle / 2.0); });
      (all_fit ? fitting : too_large) = middle;
    }
    return fitting / 2.0;
  }

  // A few lines are set as verses are. No last line is left with a word alone.
  std::vector<TextBlock> set_leaf(const Leaf& leaf) const {
    auto blocks = set_text(typesetter_, leaf, {.size = size_}, area_.width);
    if (height_of(lines_of(blocks)) <= kFewLines * kLine)
      blocks = set_text(typesetter_, leaf, {.size = size_, .align = Align::centre}, area_.width);
    for (TextBlock& block : blocks) block.balance();
    return blocks;
  }

  // As large as leaves room for the picture and breaks no word.
  TextBlock set_title() const {
    for (double size = design_.title;; size -= 1) {
      TextBlock title(typesetter_, edition_.title, {size, Weight::bold, Align::centre, 1.25}, area_.width);
      if ((title.balance() && title.height() <= area_.height * kTallestTitle) || size <= design_.smallest) return title;
    }
  }

  void print_cover();
  void print_leaf(const Leaf& leaf);
  // Where the picture of a leaf goes: it gets what its text leaves.
  Box place_picture(const Leaf& leaf, double text_height) const;
  void print_passages(const std::vector<TextBlock>& blocks, const std::vector<Passage>& passages, double top);
  void end_numbered_sheet();

  const Edition& edition_;
  const Words& words_;
  Design design_;
  Box area_;
  Typesetter typesetter_;
  Pdf pdf_;
  double size_ = 0;  // of all text
  int number_ = 0;   // of the sheet; the cover has none
};

void Printer::print_cover() {
  pdf_.name_sheet(std::string(words_.cover));
  pdf_.outline(std::string(words_.cover));
  const TextBlock title = set_title();
  TextBlock author(typesetter_, edition_.author, {.size = kAuthorSize, .align = Align::centre}, area_.width);
  author.balance();
  double height = title.height() + kGap;
  if (!edition_.author.empty()) height += author.height() + kGap / 3;
  Box picture;
  if (edition_.cover) {
    picture = picture_area(*edition_.cover, area_.width, area_.height - height - kGap);
    height += picture.height + kGap;
  }
  double top = area_.y + (area_.height - height) * kAbove;
  if (edition_.cover) {
    pdf_.draw_picture(*edition_.cover, {(design_.width - picture.width) / 2, top, picture.width, picture.height});
    top += picture.height + kGap;
  }
  {
    const Pdf::Tag tag(pdf_, "H1");
    title.draw(pdf_.context(), area_.x, top, kTitle);
  }
  top += title.height() + kGap * 2 / 3;
  for (const int step : {-1, 0, 1}) pdf_.dot(design_.width / 2 + step * 16, top, step == 0 ? 3.2 : 2, kGold);
  if (!edition_.author.empty()) {
    const Pdf::Tag tag(pdf_, "P");
    author.draw(pdf_.context(), area_.x, top + kGap * 2 / 3, kQuiet);
  }
  pdf_.end_sheet();
}

Box Printer::place_picture(const Leaf& leaf, double text_height) const {
  const double left = area_.height - kGap - text_height;
  const double height = leaf.paragraphs.empty()
                            ? area_.height
                            : std::clamp(left, area_.height * kShortestPicture, area_.height * kTallestPicture);
  Box at = picture_area(*leaf.picture, area_.width, height);
  at.x = (design_.width - at.width) / 2;
  at.y = area_.y + (leaf.paragraphs.empty() ? (area_.height - at.height) * kAbove : 0);
  return at;
}

void Printer::print_passages(const std::vector<TextBlock>& blocks, const std::vector<Passage>& passages, double top) {
  const double half_line = half_line_of({.size = size_});
  for (const Passage& passage : passages) {
    const Pdf::Tag tag(pdf_, "P");
    blocks[passage.paragraph].draw(pdf_.context(), area_.x, top, kText, passage.first, passage.count);
    top += (passage.count * kLine + kParagraphGap) * half_line;
  }
}

void Printer::print_leaf(const Leaf& leaf) {
  const auto blocks = set_leaf(leaf);
  const auto lines = lines_of(blocks);
  const double half_line = half_line_of({.size = size_});
  pdf_.outline(name_of(leaf, words_.page, number_ + 1));
  double top = area_.y;
  if (leaf.picture) {
    const Box at = place_picture(leaf, height_of(lines) * half_line);
    pdf_.draw_picture(*leaf.picture, at);
    top = at.y + at.height + kGap;
  }
  const auto halves_in = [&](double height) { return static_cast<int>(height / half_line + 1e-6); };
  const double foot = area_.y + area_.height;
  for (const auto& passages : paginate(lines, halves_in(foot - top), halves_in(area_.height))) {
    const double slack = foot - top - height_of(passages) * half_line;
    const bool stands_alone = !leaf.picture && height_of(passages) == height_of(lines);
    print_passages(blocks, passages, top + slack * (stands_alone ? kAbove : top > area_.y ? kUnderPicture : 0));
    end_numbered_sheet();
    top = area_.y;
  }
}

void Printer::end_numbered_sheet() {
  const std::string number = std::to_string(++number_);
  pdf_.name_sheet(number);
  const double top = design_.height - design_.margin - kNumberSize / 2;
  TextBlock(typesetter_, number, {.size = kNumberSize, .align = Align::centre}, area_.width)
      .draw(pdf_.context(), area_.x, top, kQuiet);
  for (const int side : {-1, 1}) pdf_.dot(design_.width / 2 + side * 18, top + kNumberSize * 0.65, 1.6, kGold);
  pdf_.end_sheet();
}

}  // namespace

void write_pdf(const Book& book, Paper paper, const Sink& to) {
  const Edition edition = prepare(book);
  Printer(edition, paper, to).print();
}

}  // namespace odeon::books
