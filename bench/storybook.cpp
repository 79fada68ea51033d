// What storybook drawing costs: storybook_bench [FOLDER]
//
// Draws every place, by day and by night, as an illustration of 1024 × 1024 as a story has it; portraits and
// pictograms; and writes them as PNG. With FOLDER, leaves one of each there to look at. Prints `name CPU-milliseconds`
// a line.
#include <fmt/format.h>
#include <sys/resource.h>

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>
#include <cstdio>
#include <fstream>

#include "base/error.hpp"
#include "engine/media/pictures/encode.hpp"
#include "engine/media/storybook/storybook.hpp"

namespace {

using namespace odeon;
using namespace odeon::storybook;

double cpu_milliseconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& at) {
    return static_cast<double>(at.tv_sec) * 1e3 + static_cast<double>(at.tv_usec) / 1e3;
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

constexpr std::array kArtStyles{"watercolor", "gouache", "cartoon", "crayon", "pastel", "paper"};

VisualProfile child(std::uint64_t seed) {
  return {.clothing_style = "", .art_style = kArtStyles[seed % kArtStyles.size()], .seed = seed * 7919};
}

template <class Draw>
void measure(const char* name, int count, Draw draw) {
  const double before = cpu_milliseconds();
  for (int i = 0; i < count; ++i) draw(static_cast<std::uint64_t>(i));
  fmt::print("{} {:.2f}\n", name, (cpu_milliseconds() - before) / count);
  std::fflush(stdout);
}

void run(const std::string& folder) {
  std::vector<std::pair<std::string, Scene>> scenes;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<Setting>>([&](auto place) {
    for (const Daytime time : {Daytime::day, Daytime::night}) {
      const auto seed = scenes.size();
      scenes.emplace_back(fmt::format("{}-{}", place.name, time == Daytime::day ? "day" : "night"),
                          Scene{.setting = place.value,
                                .time = time,
                                .pose = static_cast<Pose>(seed % 14),
                                .mood = static_cast<Mood>(seed % 8),
                                .companions = {static_cast<Companion>(seed % 18)},
                                .props = {static_cast<Prop>(seed % 30), static_cast<Prop>((seed + 11) % 30)},
                                .seed = seed});
    }
  });
  draw_scene({}, {});  // Cairo is loaded
  const auto count = static_cast<int>(scenes.size());
  measure("scene", count, [&](std::uint64_t i) { draw_scene(scenes[i].second, child(i)); });
  measure("portrait", count, [](std::uint64_t i) { draw_avatar(child(i)); });
  measure("pictogram", count, [](std::uint64_t i) { draw_pictogram(i % 2 ? "a birthday cake" : "a rocket", "en"); });
  const pictures::Picture made = draw_scene(scenes[2].second, child(2));
  measure("png", 10, [&](std::uint64_t) { encode(made, pictures::Format::png); });
  measure("jpeg", 10, [&](std::uint64_t) { encode(made, pictures::Format::jpeg); });
  if (folder.empty()) return;
  const auto keep = [&](const std::string& name, const pictures::Picture& picture) {
    std::ofstream(folder + "/" + name + ".png", std::ios::binary) << encode(picture, pictures::Format::png);
  };
  for (std::size_t i = 0; i < scenes.size(); ++i)
    keep("scene-" + scenes[i].first, draw_scene(scenes[i].second, child(i), {512, 512}));
  for (std::uint64_t i = 0; i < 24; ++i) keep(fmt::format("portrait-{}", i), draw_avatar(child(i), {512, 512}));
}

}  // namespace

int main(int count, char** arguments) {
  try {
    run(count > 1 ? arguments[1] : "");
  } catch (...) {
    fmt::print(stderr, "storybook: {}\n", describe(std::current_exception()));
    return 1;
  }
}
