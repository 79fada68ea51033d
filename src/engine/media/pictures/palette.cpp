#include "engine/media/pictures/palette.hpp"

#include <cmath>
#include <limits>

namespace odeon::pictures {
namespace {

// Found by trial on boards of known colours.
constexpr std::size_t kSeeds = 20, kRounds = 12;
constexpr double kCore = 0.03;            // around a cluster's densest cell: without the mixtures at its edges
constexpr double kAlike = 0.055;          // clusters nearer than this are one
constexpr double kLeastShare = 0.01;      // less of it is an edge or noise
constexpr double kNeutral = 0.035;        // chroma below which nobody names a hue
constexpr std::int64_t kLooks = 120'000;  // pixels that are looked at, about

struct Cell {
  Oklab at;
  double weight;
};

struct Cluster {
  Oklab centre;
  double weight = 0;
};

double squared(Oklab a, Oklab b) {
  const double l = a.lightness - b.lightness, x = a.a - b.a, y = a.b - b.b;
  return l * l + x * x + y * y;
}

// The colours that occur, to five bits each, with their means and how often.
std::vector<Cell> histogram(const Picture& picture) {
  struct Sums {
    std::uint32_t count = 0, red = 0, green = 0, blue = 0;
  };
  std::vector<Sums> sums(1 << 15);
  const auto step = static_cast<std::size_t>(
      std::max(1.0, std::round(std::sqrt(static_cast<double>(picture.pixels().size()) / static_cast<double>(kLooks)))));
  for (int y = 0; y < picture.height(); y += static_cast<int>(step)) {
    const auto row = picture.row(y);
    for (std::size_t x = 0; x < row.size(); x += step) {
      std::uint32_t pixel = row[x];
      if (pixel >> 24 < 128) continue;
      if (pixel >> 24 < 255) {
        const Colour plain = to_colour(pixel);
        pixel = to_pixel({plain.red, plain.green, plain.blue});
      }
      const std::uint32_t red = pixel >> 16 & 255, green = pixel >> 8 & 255, blue = pixel & 255;
      Sums& cell = sums[red >> 3 << 10 | green >> 3 << 5 | blue >> 3];
      ++cell.count, cell.red += red, cell.green += green, cell.blue += blue;
    }
  }
  std::vector<Cell> out;
  for (const Sums& cell : sums) {
    if (cell.count == 0) continue;
    const auto mean = [&](std::uint32_t sum) { return static_cast<std::uint8_t>((sum + cell.count / 2) / cell.count); };
    out.push_back({to_oklab(Colour{mean(cell.red), mean(cell.green), mean(cell.blue)}), double(cell.count)});
  }
  return out;
}

// Each next one is the cell that is both frequent and far from all before.
std::vector<Cluster> seeds_of(const std::vector<Cell>& cells) {
  std::vector<double> nearest(cells.size(), std::numeric_limits<double>::infinity());
  std::size_t next = 0;
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (cells[i].weight > cells[next].weight) next = i;
  std::vector<Cluster> out;
  while (out.size() < std::min(kSeeds, cells.size())) {
    out.push_back({cells[next].at});
    double most = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      nearest[i] = std::min(nearest[i], squared(cells[i].at, out.back().centre));
      const double worth = nearest[i] * std::sqrt(cells[i].weight);
      if (worth > most) most = worth, next = i;
    }
    if (most == 0) break;
  }
  return out;
}

std::size_t nearest_to(const std::vector<Cluster>& clusters, Oklab at) {
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < clusters.size(); ++i)
    if (const double far = squared(clusters[i].centre, at); far < least) least = far, best = i;
  return best;
}

// By cluster: how far a cell may be from its centre, squared, for no other centre to be nearer.
std::vector<double> reaches_of(const std::vector<Cluster>& clusters) {
  std::vector<double> out;
  for (const Cluster& one : clusters) {
    double nearest = std::numeric_limits<double>::infinity();
    for (const Cluster& other : clusters)
      if (&other != &one) nearest = std::min(nearest, squared(one.centre, other.centre));
    out.push_back(nearest / 4);
  }
  return out;
}

// Lloyd's k-means; returns which cluster each cell is of.
std::vector<std::size_t> settle_clusters(const std::vector<Cell>& cells, std::vector<Cluster>& clusters) {
  std::vector<std::size_t> of(cells.size(), 0);
  for (std::size_t round = 0; round < kRounds; ++round) {
    bool changed = round == 0;
    const std::vector<double> reaches = reaches_of(clusters);
    std::vector<Cluster> sums(clusters.size());
    for (std::size_t i = 0; i < cells.size(); ++i) {
      std::size_t& at = of[i];
      if (squared(clusters[at].centre, cells[i].at) >= reaches[at])
        changed |= std::exchange(at, nearest_to(clusters, cells[i].at)) != at;
      sums[at].weight += cells[i].weight;
      sums[at].centre.lightness += cells[i].weight * cells[i].at.lightness;
      sums[at].centre.a += cells[i].weight * cells[i].at.a;
      sums[at].centre.b += cells[i].weight * cells[i].at.b;
    }
    for (std::size_t i = 0; i < clusters.size(); ++i) {
      clusters[i].weight = sums[i].weight;
      if (const double w = sums[i].weight; w > 0)
        clusters[i].centre = {sums[i].centre.lightness / w, sums[i].centre.a / w, sums[i].centre.b / w};
    }
    if (!changed) break;
  }
  return of;
}

// Each centre moves to the mean around its cluster's densest cell.
void find_cores(const std::vector<Cell>& cells, const std::vector<std::size_t>& of, std::vector<Cluster>& clusters) {
  std::vector<const Cell*> densest(clusters.size());
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (const Cell*& best = densest[of[i]]; !best || cells[i].weight > best->weight) best = &cells[i];
  std::vector<Cluster> sums(clusters.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (squared(cells[i].at, densest[of[i]]->at) > kCore * kCore) continue;
    Cluster& sum = sums[of[i]];
    sum.weight += cells[i].weight;
    sum.centre.lightness += cells[i].weight * cells[i].at.lightness;
    sum.centre.a += cells[i].weight * cells[i].at.a;
    sum.centre.b += cells[i].weight * cells[i].at.b;
  }
  for (std::size_t i = 0; i < clusters.size(); ++i)
    if (const double w = sums[i].weight; w > 0)
      clusters[i].centre = {sums[i].centre.lightness / w, sums[i].centre.a / w, sums[i].centre.b / w};
}

std::vector<Cluster> merged(std::vector<Cluster> clusters) {
  std::ranges::sort(clusters, std::greater{}, &Cluster::weight);
  std::vector<Cluster> out;
  for (const Cluster& at : clusters) {
    if (at.weight == 0) continue;
    const auto like = std::ranges::find_if(
        out, [&](const Cluster& heavier) { return squared(heavier.centre, at.centre) < kAlike * kAlike; });
    if (like == out.end())
      out.push_back(at);
    else
      like->weight += at.weight;
  }
  return out;
}

Role role_of(Oklab colour) {
  if (to_oklch(colour).chroma >= kNeutral) return Role::colour;
  return colour.lightness > 0.85 ? Role::light : colour.lightness < 0.3 ? Role::dark : Role::grey;
}

}  // namespace

std::vector<Swatch> palette(const Picture& picture, std::size_t most) {
  const std::vector<Cell> cells = histogram(picture);
  if (cells.empty()) return {{kWhite, 1, Role::light}};
  std::vector<Cluster> clusters = seeds_of(cells);
  find_cores(cells, settle_clusters(cells, clusters), clusters);
  double all = 0;
  for (const Cell& cell : cells) all += cell.weight;
  std::vector<std::pair<double, Swatch>> ranked;
  for (const Cluster& at : merged(std::move(clusters))) {
    const double share = at.weight / all;
    if (share < kLeastShare && !ranked.empty()) continue;
    ranked.emplace_back(std::sqrt(share) * (0.75 + 2 * to_oklch(at.centre).chroma),
                        Swatch{to_colour(at.centre), share, role_of(at.centre)});
  }
  std::ranges::sort(ranked, std::greater{}, [](const auto& at) { return at.first; });
  std::vector<Swatch> out;
  for (const auto& [rank, swatch] : ranked)
    if (out.size() < std::max<std::size_t>(most, 1)) out.push_back(swatch);
  return out;
}

std::vector<Swatch> palette_of_file(std::string_view bytes, std::size_t most, const Limits& limits) {
  return palette(decode(bytes, {.limits = limits, .shrink = shrink_for(inspect(bytes), 160, 90)}), most);
}

}  // namespace odeon::pictures
