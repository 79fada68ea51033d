#include "engine/media/pictures/cascade.hpp"

#include <cmath>
#include <pugixml.hpp>
#include <sstream>

namespace odeon::pictures {
namespace {

// OpenCV's own allowance for what is rounded, and what it takes for flat: a deviation of ten.
constexpr float kSlack = 1e-5f;
constexpr double kLeastSpread = 100;
constexpr std::size_t kPromising = 3;  // stages that four of five windows do not pass

std::vector<float> numbers_of(const pugi::xml_node& node) {
  std::istringstream text(node.child_value());
  std::vector<float> out;
  for (float value; text >> value;) out.push_back(value);
  return out;
}

}  // namespace

LightSums::LightSums(const Grey& grey)
    : width_(grey.width),
      height_(grey.height),
      plain_(stride() * (static_cast<std::size_t>(height_) + 1)),
      squares_(plain_.size()) {
  for (int y = 0; y < height_; ++y) {
    std::uint32_t sum = 0, square = 0;
    for (int x = 0; x < width_; ++x) {
      const std::uint32_t light = grey.at(x, y);
      sum += light, square += light * light;
      const std::size_t here = offset(x + 1, y + 1);
      plain_[here] = plain_[here - stride()] + sum;
      squares_[here] = squares_[here - stride()] + square;
    }
  }
}

std::optional<Cascade> Cascade::read(const std::string& path) {
  pugi::xml_document document;
  if (!document.load_file(path.c_str())) return {};
  const pugi::xml_node root = document.child("opencv_storage").child("cascade");
  Cascade out;
  out.side_ = root.child("width").text().as_int();
  if (out.side_ < 4 || out.side_ > 64 || root.child("height").text().as_int() != out.side_) return {};
  for (const pugi::xml_node at : root.child("features").children("_")) {
    Feature feature{};
    std::size_t count = 0;
    for (const pugi::xml_node rectangle : at.child("rects").children("_")) {
      const std::vector<float> n = numbers_of(rectangle);
      if (n.size() != 5 || count == feature.size()) return {};
      const Rectangle read{static_cast<int>(n[0]), static_cast<int>(n[1]), static_cast<int>(n[2]),
                           static_cast<int>(n[3]), n[4]};
      if (read.x < 0 || read.y < 0 || read.width < 1 || read.height < 1 || read.x + read.width > out.side_ ||
          read.y + read.height > out.side_)
        return {};
      feature[count++] = read;
    }
    if (at.child("tilted").text().as_int()) return {};
    out.features_.push_back(feature);
  }
  for (const pugi::xml_node stage : root.child("stages").children("_")) {
    for (const pugi::xml_node weak : stage.child("weakClassifiers").children("_")) {
      const std::vector<float> nodes = numbers_of(weak.child("internalNodes")),
                               leaves = numbers_of(weak.child("leafValues"));
      const auto count = static_cast<int>(nodes.size() / 4), ends = static_cast<int>(leaves.size());
      if (count == 0 || nodes.size() % 4 || ends != count + 1) return {};
      out.trees_.push_back({out.nodes_.size(), out.leaves_.size()});
      for (int i = 0; i < count; ++i) {
        const float* n = nodes.data() + 4 * i;
        const Node node{static_cast<std::size_t>(std::max(0.0f, n[2])), n[3], static_cast<int>(n[0]),
                        static_cast<int>(n[1])};
        // Only forwards, so that every way ends.
        const auto leads_on = [&](int next) { return next > 0 ? next > i && next < count : -next < ends; };
        if (node.feature >= out.features_.size() || !leads_on(node.below) || !leads_on(node.above)) return {};
        out.nodes_.push_back(node);
      }
      out.leaves_.insert(out.leaves_.end(), leaves.begin(), leaves.end());
    }
    out.stages_.push_back({out.trees_.size(), stage.child("stageThreshold").text().as_float() - kSlack});
  }
  if (out.stages_.empty()) return {};
  return out;
}

std::vector<Cascade::Placed> Cascade::placed(std::size_t stride) const {
  std::vector<Placed> out;
  out.reserve(nodes_.size());
  for (const Node& node : nodes_) {
    Placed& here = out.emplace_back(Placed{.threshold = node.threshold, .below = node.below, .above = node.above});
    for (std::size_t i = 0; i < 3; ++i) {
      const Rectangle& r = features_[node.feature][i];
      const auto corner = [&](int x, int y) {
        return static_cast<std::uint32_t>(static_cast<std::size_t>(y) * stride + static_cast<std::size_t>(x));
      };
      here.corners[i] = {corner(r.x, r.y), corner(r.x + r.width, r.y), corner(r.x, r.y + r.height),
                         corner(r.x + r.width, r.y + r.height)};
      here.weights[i] = r.weight;
    }
  }
  return out;
}

std::size_t Cascade::passed(const std::uint32_t* at, float contrast, const std::vector<Placed>& nodes) const {
  const auto weighed = [at](const Placed& node, std::size_t i) {
    const auto& [a, b, c, d] = node.corners[i];
    return node.weights[i] * static_cast<float>(static_cast<std::int32_t>(at[d] - at[b] - at[c] + at[a]));
  };
  std::size_t tree = 0;
  for (std::size_t stage = 0; stage < stages_.size(); ++stage) {
    float sum = 0;
    for (; tree < stages_[stage].end; ++tree) {
      int next = 0;
      do {
        const Placed& node = nodes[trees_[tree].node + static_cast<std::size_t>(next)];
        float value = weighed(node, 0) + weighed(node, 1);
        if (node.weights[2] != 0) value += weighed(node, 2);
        next = value < node.threshold * contrast ? node.below : node.above;
      } while (next > 0);
      sum += leaves_[trees_[tree].leaf + static_cast<std::size_t>(-next)];
    }
    if (sum < stages_[stage].threshold) return stage;
  }
  return stages_.size();
}

std::vector<std::pair<int, int>> Cascade::scan(const LightSums& sums) const {
  const std::vector<Placed> nodes = placed(sums.stride());
  // Contrast is measured without the window's rim, as it was in training.
  const int inner = side_ - 2;
  const double area = inner * inner;
  std::vector<std::pair<int, int>> out;
  for (int y = 0; y + side_ <= sums.height(); y += 2)
    for (int x = 0; x + side_ <= sums.width(); ++x) {
      const double sum = sums.sum(x + 1, y + 1, inner);
      const double spread = area * sums.squares(x + 1, y + 1, inner) - sum * sum;
      const std::size_t stages =
          spread > kLeastSpread * area * area ? passed(sums.at(x, y), static_cast<float>(std::sqrt(spread)), nodes) : 0;
      if (stages == stages_.size()) out.emplace_back(x, y);
      if (stages < kPromising) ++x;
    }
  return out;
}

}  // namespace odeon::pictures
