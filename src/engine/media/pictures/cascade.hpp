// A classifier that tells whether a small window of a picture shows what it was trained for: stages of ever more
// features, most windows being turned away by the first. As OpenCV's files have it (opencv-cascade-classifier, of
// upright HAAR features).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace odeon::pictures {

// Lightness of 8 bits, rows from the top.
struct Grey {
  int width = 0, height = 0;
  std::vector<std::uint8_t> light;

  std::uint8_t at(std::size_t x, std::size_t y) const { return light[y * static_cast<std::size_t>(width) + x]; }
};

// Sums of all that lies above and to the left, so that those of any rectangle take four look-ups. They wrap around,
// which differences do not mind.
class LightSums {
 public:
  explicit LightSums(const Grey& grey);

  int width() const { return width_; }
  int height() const { return height_; }
  std::size_t stride() const { return static_cast<std::size_t>(width_) + 1; }
  const std::uint32_t* at(int x, int y) const { return plain_.data() + offset(x, y); }
  // Of the values and of their squares, in the square of `side` with its corner at x, y.
  std::uint32_t sum(int x, int y, int side) const { return within(plain_, x, y, side); }
  std::uint32_t squares(int x, int y, int side) const { return within(squares_, x, y, side); }

 private:
  std::size_t offset(int x, int y) const {
    return static_cast<std::size_t>(y) * stride() + static_cast<std::size_t>(x);
  }
  std::uint32_t within(const std::vector<std::uint32_t>& sums, int x, int y, int side) const {
    return sums[offset(x + side, y + side)] - sums[offset(x, y + side)] - sums[offset(x + side, y)] +
           sums[offset(x, y)];
  }

  int width_, height_;
  std::vector<std::uint32_t> plain_, squares_;
};

// Immutable once read.
class Cascade {
 public:
  // Nothing if there is no such file, or it is of another kind.
  static std::optional<Cascade> read(const std::string& path);

  int side() const { return side_; }  // of the window, pixels

  // The places in one picture at which windows pass, as x and y. Every second place is tried, and the next one after
  // those where the first stages are passed: faces are found by several windows side by side.
  std::vector<std::pair<int, int>> scan(const LightSums& sums) const;

 private:
  struct Rectangle {
    int x = 0, y = 0, width = 0, height = 0;
    float weight = 0;
  };
  using Feature = std::array<Rectangle, 3>;
  struct Node {
    std::size_t feature;
    float threshold;
    int below, above;  // the next node of the tree, from 1 on; else a leaf, negated
  };
  struct Tree {
    std::size_t node, leaf;  // the first of each
  };
  struct Stage {
    std::size_t end;  // of its trees
    float threshold;
  };
  // A node for pictures of one stride: the corners of its feature as distances from the window's own.
  struct Placed {
    std::array<std::array<std::uint32_t, 4>, 3> corners{};
    std::array<float, 3> weights{};
    float threshold = 0;
    int below = 0, above = 0;
  };

  std::vector<Placed> placed(std::size_t stride) const;
  // How many stages the window passes, which begins at `at` and has that contrast.
  std::size_t passed(const std::uint32_t* at, float contrast, const std::vector<Placed>& nodes) const;

  int side_ = 0;
  std::vector<Feature> features_;
  std::vector<Node> nodes_;
  std::vector<float> leaves_;
  std::vector<Tree> trees_;
  std::vector<Stage> stages_;
};

}  // namespace odeon::pictures
