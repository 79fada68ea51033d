#include "engine/media/storybook/storybook.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>
#include <cmath>
#include <thread>

#include "base/error.hpp"
#include "engine/media/storybook/chance.hpp"
#include "engine/media/storybook/look.hpp"

namespace odeon::storybook {
namespace {

constexpr Size small{144, 144};

// Colours that nothing else in the pictures has.
VisualProfile vivid(std::string art_style = "cartoon") {
  return {.hair_colour = "#d13bd1",
          .hair_style = "wavy long",
          .eye_colour = "green",
          .skin_tone = "#c4875a",
          .clothing_style = "plain sweater",
          .palette = {"#e01e37", "#1d4ed8", "#facc15"},
          .art_style = std::move(art_style),
          .seed = 5};
}

std::uint64_t hash_of(const pictures::Picture& picture) {
  const auto pixels = picture.pixels();
  return seed_of({reinterpret_cast<const char*>(pixels.data()), pixels.size_bytes()});
}

// Mean difference of a channel, of 255.
double difference(const pictures::Picture& a, const pictures::Picture& b) {
  double sum = 0;
  for (int y = 0; y < a.height(); ++y)
    for (int x = 0; x < a.width(); ++x) {
      const auto p = a.at(x, y), q = b.at(x, y);
      sum += std::abs(p.red - q.red) + std::abs(p.green - q.green) + std::abs(p.blue - q.blue);
    }
  return sum / (3.0 * a.width() * a.height());
}

// The share of the picture in about that colour: of its hue and chroma, whatever the shade.
double share_of(const pictures::Picture& picture, Ink ink) {
  const auto wanted = to_oklab(ink.colour);
  int found = 0;
  for (int y = 0; y < picture.height(); ++y)
    for (int x = 0; x < picture.width(); ++x) {
      const auto seen = to_oklab(picture.at(x, y));
      found +=
          std::hypot(seen.a - wanted.a, seen.b - wanted.b) < 0.05 && std::abs(seen.lightness - wanted.lightness) < 0.14;
    }
  return static_cast<double>(found) / (picture.width() * picture.height());
}

template <class Enum, class Set>
void expect_all_distinct(Set set, double at_least) {
  std::vector<pictures::Picture> drawn;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<Enum>>([&](auto each) {
    Scene scene{.seed = 3};
    set(scene, each.value);
    drawn.push_back(draw_scene(scene, vivid(), small));
    for (std::size_t i = 0; i + 1 < drawn.size(); ++i)
      EXPECT_GT(difference(drawn[i], drawn.back()), at_least) << each.name << " looks like number " << i;
  });
}

TEST(Storybook, PicturesHaveTheSizeAskedForAndAreOpaque) {
  for (const Size size : {Size{1024, 1024}, Size{512, 512}, Size{320, 180}, Size{33, 21}, Size{16, 64}, Size{64, 16}})
    for (const auto& picture : {draw_scene({}, {}, size), draw_avatar({}, size), draw_pictogram("cake", "en", size)}) {
      EXPECT_EQ(picture.width(), size.width);
      EXPECT_EQ(picture.height(), size.height);
      EXPECT_TRUE(picture.is_opaque());
    }
  EXPECT_EQ(draw_avatar({}).width(), 1024);
  EXPECT_EQ(draw_pictogram("", "").width(), 512);
  EXPECT_THROW(draw_avatar({}, {1 << 20, 1 << 20}), Error);
}

TEST(Storybook, TheSameIsDrawnTheSameOnAnyThread) {
  const Scene scene = read_scene("A windy evening by the lake with a fox and a lantern", "en");
  const auto first = hash_of(draw_scene(scene, vivid("watercolor"), small));
  std::vector<std::uint64_t> others(4);
  {
    std::vector<std::jthread> threads;
    for (auto& hash : others)
      threads.emplace_back([&] { hash = hash_of(draw_scene(scene, vivid("watercolor"), small)); });
  }
  for (const auto hash : others) EXPECT_EQ(hash, first);
  EXPECT_EQ(hash_of(draw_avatar(vivid(), small)), hash_of(draw_avatar(vivid(), small)));
  EXPECT_EQ(hash_of(draw_pictogram("a boat", "en", small)), hash_of(draw_pictogram("a boat", "en", small)));
}

TEST(Storybook, AnotherSeedIsAnotherComposition) {
  EXPECT_GT(difference(draw_scene({.seed = 1}, vivid(), small), draw_scene({.seed = 2}, vivid(), small)), 4);
}

TEST(Storybook, TheSameChildIsInEveryPlace) {
  const Look look = Look::of(vivid());
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<Setting>>([&](auto each) {
    for (const Daytime time : {Daytime::day, Daytime::night}) {
      const auto picture =
          draw_scene({.setting = each.value, .time = time, .pose = Pose::waving, .seed = 4}, vivid(), small);
      EXPECT_GT(share_of(picture, look.hair), 0.015) << each.name;
      EXPECT_GT(share_of(picture, look.main), 0.010) << each.name;
      EXPECT_GT(share_of(picture, look.skin), 0.008) << each.name;
    }
  });
  const auto avatar = draw_avatar(vivid(), small);
  EXPECT_GT(share_of(avatar, look.hair), 0.05);
  EXPECT_GT(share_of(avatar, look.skin), 0.05);
}

TEST(Storybook, AnotherChildLooksDifferent) {
  VisualProfile other = vivid();
  other.hair_colour = "blond";
  EXPECT_LT(share_of(draw_scene({}, other, small), Look::of(vivid()).hair), 0.002);
}

TEST(Storybook, EveryPlaceLooksDifferent) {
  expect_all_distinct<Setting>([](Scene& scene, Setting value) { scene.setting = value; }, 8);
}
TEST(Storybook, EveryTimeLooksDifferent) {
  expect_all_distinct<Daytime>([](Scene& scene, Daytime value) { scene.time = value; }, 8);
}
TEST(Storybook, EverySeasonLooksDifferent) {
  expect_all_distinct<Season>([](Scene& scene, Season value) { scene.season = value; }, 3);
}
TEST(Storybook, EveryWeatherLooksDifferent) {
  expect_all_distinct<Weather>([](Scene& scene, Weather value) { scene.weather = value; }, 0.7);
}
TEST(Storybook, EveryPoseLooksDifferent) {
  expect_all_distinct<Pose>([](Scene& scene, Pose value) { scene.pose = value; }, 0.7);
}
TEST(Storybook, EveryMoodLooksDifferent) {
  expect_all_distinct<Mood>([](Scene& scene, Mood value) { scene.mood = value; }, 0.02);
}
TEST(Storybook, EveryFriendLooksDifferent) {
  expect_all_distinct<Companion>([](Scene& scene, Companion value) { scene.companions = {value}; }, 0.5);
}
TEST(Storybook, EveryThingLooksDifferent) {
  expect_all_distinct<Prop>([](Scene& scene, Prop value) { scene.props = {value}; }, 0.15);
}

TEST(Storybook, EveryOutfitHairAndArtLooksDifferent) {
  const auto distinct = [](const std::vector<VisualProfile>& profiles, double at_least) {
    std::vector<pictures::Picture> drawn;
    for (const auto& profile : profiles) {
      drawn.push_back(draw_scene({.seed = 3}, profile, small));
      for (std::size_t i = 0; i + 1 < drawn.size(); ++i)
        EXPECT_GT(difference(drawn[i], drawn.back()), at_least) << drawn.size() - 1 << " looks like " << i;
    }
  };
  std::vector<VisualProfile> clothes, hair, art;
  for (const auto* name : {"t-shirt", "sweater", "hoodie", "dress", "overalls", "robe", "princess", "superhero",
                           "explorer", "pirate", "raincoat", "astronaut", "knight", "pyjamas"}) {
    clothes.push_back(vivid());
    clothes.back().clothing_style = name;
  }
  for (const auto* name : {"messy", "bob", "straight", "wavy", "curly", "ponytail", "pigtails", "braids", "bun", "afro",
                           "spiky", "buzz cut", "bald"}) {
    hair.push_back(vivid());
    hair.back().hair_style = name;
  }
  for (const auto* name : {"watercolor", "gouache", "cartoon", "crayon", "pastel", "paper"}) art.push_back(vivid(name));
  distinct(clothes, 0.08);
  distinct(hair, 0.08);
  distinct(art, 0.8);
}

TEST(Storybook, APictogramShowsWhatIsNamed) {
  const std::vector<std::pair<const char*, const char*>> events{
      {"en", "Birthday cake"}, {"es", "un viaje en barco"}, {"fr", "la fusée"}, {"de", "mein Hund"}, {"it", "la luna"}};
  std::vector<pictures::Picture> drawn;
  for (const auto& [language, words] : events) {
    drawn.push_back(draw_pictogram(words, language, {96, 96}));
    for (std::size_t i = 0; i + 1 < drawn.size(); ++i) EXPECT_GT(difference(drawn[i], drawn.back()), 8) << words;
  }
  EXPECT_EQ(draw_pictogram(std::string(5'000'000, '\xE2'), "zz", {16, 16}).width(), 16);
}

TEST(Storybook, SizesThatShowNothingAreRefused) {
  for (const Size size : {Size{15, 16}, Size{28, 2}, Size{65, 16}, Size{16, 65}, Size{0, 0}})
    EXPECT_THROW(draw_scene({.setting = Setting::library}, {}, size), Error) << size.width << " × " << size.height;
}

RC_GTEST_PROP(StorybookProperty, AnySceneOfAnyHeroIsDrawn, (const std::string& words, std::uint64_t seed)) {
  const auto any = [](int count) { return *rc::gen::inRange(0, count); };
  Scene scene{static_cast<Setting>(any(24)), static_cast<Daytime>(any(4)), static_cast<Season>(any(4)),
              static_cast<Weather>(any(5)),  static_cast<Pose>(any(14)),   static_cast<Mood>(any(8))};
  for (int i = any(5); i > 0; --i) scene.companions.push_back(static_cast<Companion>(any(18)));
  for (int i = any(7); i > 0; --i) scene.props.push_back(static_cast<Prop>(any(30)));
  scene.seed = seed;
  const int shorter = 16 + any(30), longer = shorter + any(3 * shorter + 1);
  const Size size = any(2) ? Size{longer, shorter} : Size{shorter, longer};
  const auto picture =
      draw_scene(scene, {.hair_colour = words, .features = words, .age = any(40) - 10, .seed = seed}, size);
  RC_ASSERT(picture.width() == size.width && picture.height() == size.height && picture.is_opaque());
}

}  // namespace
}  // namespace odeon::storybook
