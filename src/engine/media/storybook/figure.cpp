#include "engine/media/storybook/figure.hpp"

#include "engine/media/storybook/head.hpp"
#include "engine/media/storybook/sky.hpp"

namespace odeon::storybook {
namespace {

void open_book(Easel& easel, const Light& light, Point at, Ink cover) {
  const Ink page = light.on_child(rgb(0xFFF8E6)), binding = light.on_child(cover);
  easel.corners({at + Point{-62, -30}, at + Point{0, -20}, at + Point{62, -30}, at + Point{62, 26}, at + Point{0, 36},
                 at + Point{-62, 26}});
  easel.edge(darker(binding, 0.16), 4).fill_soft(binding);
  for (const double side : {-1.0, 1.0}) {
    easel.from(at + Point{0, -26})
        .bend(at + Point{side * 18, -38}, at + Point{side * 44, -40}, at + Point{side * 56, -34});
    easel.to(at + Point{side * 56, -24})
        .bend(at + Point{side * 40, -30}, at + Point{side * 16, -28}, at + Point{0, -16})
        .close();
    easel.fill_soft(page, 0.04);
  }
  draw_star(easel, at + Point{0, 4}, 13, rgb(0xF7D062), 0);
}

void wings(Easel& easel, const Light& light, Point chest, Ink ink) {
  for (const double side : {-1.0, 1.0}) {
    easel.blob({chest + Point{side * 8, 20}, chest + Point{side * 70, -66}, chest + Point{side * 138, -74},
                chest + Point{side * 132, -6}, chest + Point{side * 70, 34}});
    easel.edge(lighter(ink, 0.1).faded(0.9), 2).fill(lighter(light.on_child(ink), 0.15).faded(0.75));
    easel.blob({chest + Point{side * 8, 26}, chest + Point{side * 62, 34}, chest + Point{side * 98, 84},
                chest + Point{side * 58, 100}, chest + Point{side * 24, 66}});
    easel.edge(lighter(ink, 0.1).faded(0.9), 2).fill(lighter(light.on_child(ink), 0.2).faded(0.75));
  }
}

void backpack(Easel& easel, const Light& light, const Joints& joints, Ink ink) {
  const Ink bag = light.on_child(ink);
  const Point middle = between(joints.chest, joints.hip, 0.45);
  easel.box(middle.x - 62, middle.y - 50, 124, 104, 30).edge(darker(bag, 0.15), 2).fill_soft(bag, 0.08);
}

// What is breathed in under water and among the stars.
void glass_helmet(Easel& easel, Ink collar) {
  const double r = unit * 1.62;
  const Point middle{0, -unit * 0.12};
  easel.oval({0, unit * 1.16}, unit * 0.72, unit * 0.17).edge(darker(collar, 0.15), 2).fill_soft(collar);
  easel.disc(middle, r).fill(rgb(0xDDF4FF).faded(0.07));
  easel.disc(middle, r).line(rgb(0xF4FCFF).faded(0.75), 4);
  easel.through(
      {middle + heading(-150) * (r * 0.86), middle + heading(-124) * (r * 0.87), middle + heading(-98) * (r * 0.86)});
  easel.line(rgb(0xFFFFFF).faded(0.8), 9);
  easel.disc(middle + heading(-84) * (r * 0.86), 5).fill(rgb(0xFFFFFF).faded(0.8));
  easel.through(
      {middle + heading(60) * (r * 0.88), middle + heading(42) * (r * 0.89), middle + heading(26) * (r * 0.88)});
  easel.line(rgb(0xFFFFFF).faded(0.4), 6);
}

void wand_in_hand(Easel& easel, const Light& light, const Joints::Chain& arm) {
  const Point along = arm.end - arm.middle;
  const auto held = easel.at(arm.end, 1, std::atan2(along.x, -along.y) * 180 / std::numbers::pi + 28);
  easel.box(-4, -86, 8, 92, 4).edge(rgb(0x3E2A52), 1.2).fill_soft(light.on_child(rgb(0x6B4A8A)));
  easel.glow({0, -92}, 56, rgb(0xFFE27A).faded(0.7));
  draw_star(easel, {0, -92}, 20, rgb(0xFFD857), 0);
}

// Under a quilt, the head on a pillow; the quilt's lower edge at 0.
void sleeper(Easel& easel, const Look& look, const Light& light, const Countenance& face) {
  const Ink pillow = light.on_child(rgb(0xFDF6EC)), quilt = light.on_child(look.main),
            patch = light.on_child(look.second), trim = light.on_child(look.accent);
  easel.blob({{-232, -118}, {-150, -146}, {-62, -124}, {-48, -64}, {-80, -22}, {-170, -14}, {-238, -40}});
  easel.edge(darker(pillow, 0.12), 2).fill_soft(pillow, 0.06);
  {
    const auto kept = easel.at({-140, -92}, 0.98, -76);
    draw_hair_behind(easel, look, light, face);
  }
  {
    const auto kept = easel.at({-140, -92}, 0.98, -76);
    draw_head(easel, look, light, face);
  }
  const auto cover = [&] {
    easel.blob({{-86, -70},
                {-60, -112},
                {20, -132},
                {110, -118},
                {190, -104},
                {252, -74},
                {262, -22},
                {230, 6},
                {60, 12},
                {-90, 8},
                {-106, -24}});
  };
  cover();
  easel.edge(darker(quilt, 0.15), 2).fill_soft(quilt, 0.08);
  {
    cover();
    const auto kept = easel.inside();
    for (int row = 0; row < 4; ++row)
      for (int i = 0; i < 8; ++i)
        if ((row + i) % 2) easel.box(-110 + i * 48.0, -140 + row * 40.0, 48, 40, 4).fill_soft(patch.faded(0.9));
    for (int i = 0; i < 7; ++i) draw_star(easel, {-60 + i * 50.0, -60 + (i % 2) * 34.0}, 9, trim, i * 11.0);
    easel.through({{-92, -80}, {-60, -60}, {-66, -20}, {-88, 14}});
    easel.line(lighter(quilt, 0.10), 30);
    easel.through({{60, -120}, {90, -70}, {70, 10}});
    easel.line(darker(quilt, 0.10).faded(0.35), 12);
    easel.through({{180, -104}, {196, -60}, {176, 8}});
    easel.line(darker(quilt, 0.10).faded(0.35), 12);
  }
  const Ink skin = light.on_child(look.skin);
  easel.oval({-64, -62}, 16, 13, 20).edge(darker(skin, 0.15), 1.8).fill_soft(skin, 0.04);
}

}  // namespace

void draw_figure(Easel& easel, const Look& look, const Light& light, Pose pose, Mood mood, double wind) {
  Stance stance = Stance::of(pose);
  Countenance face{mood, pose == Pose::sleeping || (mood == Mood::sleepy && pose != Pose::reading), stance.turn, wind};
  if (pose == Pose::sleeping) {
    face.mood = Mood::sleepy, face.turn = 0, face.wind = 0;
    sleeper(easel, look, light, face);
    return;
  }
  const Build build = Build::of(look.stature, look.girth);
  const Joints joints(stance, build);
  const auto lifted = easel.at(joints.hip, 1, stance.whole);
  const auto placed = easel.at(Point{} - joints.hip);
  const bool airborne = pose == Pose::flying || pose == Pose::running || pose == Pose::jumping;
  // Hair trails behind whoever is fast.
  if (pose == Pose::flying || pose == Pose::swimming) face.wind -= 1.7;
  if (pose == Pose::running) face.wind -= 0.8;
  const auto in_place_of_head = [&] { return easel.at(joints.head, 1, -stance.tilt); };

  if (look.wings) wings(easel, light, joints.chest, look.accent);
  if (look.cape) draw_cape(easel, look, light, joints, airborne ? wind - 0.8 : wind * 0.6);
  if (look.backpack) backpack(easel, light, joints, look.second);
  {
    const auto kept = in_place_of_head();
    draw_hair_behind(easel, look, light, face);
  }
  for (const int side : {0, 1})
    if (!stance.arms[side].in_front) draw_arm(easel, look, light, joints.arms[side], build);
  draw_legs(easel, look, light, joints, build);
  draw_trunk(easel, look, light, joints, build);
  if (look.backpack)
    for (const double side : {-1.0, 1.0}) {
      easel.band({joints.chest + Point{side * 30, -2}, joints.chest + Point{side * 34, 34},
                  joints.chest + Point{side * 30, 66}},
                 {10, 10, 10});
      easel.fill_soft(darker(light.on_child(look.second), 0.08));
    }
  const auto head = [&] {
    const auto kept = in_place_of_head();
    draw_head(easel, look, light, face);
    if (look.helmet) glass_helmet(easel, light.on_child(look.accent));
  };
  const bool hands_at_chest = pose == Pose::reading || pose == Pose::hugging;
  if (look.wand && !hands_at_chest) wand_in_hand(easel, light, joints.arms[1]);
  if (!hands_at_chest) {
    const auto raised = [&](int side) { return std::abs(stance.arms[side].lower) > 90; };
    for (const int side : {0, 1})
      if (stance.arms[side].in_front && !raised(side)) draw_arm(easel, look, light, joints.arms[side], build);
    head();
    for (const int side : {0, 1})
      if (stance.arms[side].in_front && raised(side)) draw_arm(easel, look, light, joints.arms[side], build);
  } else {
    head();
    if (pose == Pose::reading)
      open_book(easel, light, between(joints.arms[0].end, joints.arms[1].end, 0.5) + Point{0, -12}, look.accent);
    for (const int side : {0, 1}) draw_arm(easel, look, light, joints.arms[side], build);
  }
}

void draw_bust(Easel& easel, const Look& look, const Light& light, Mood mood) {
  const Stance stance = Stance::of(Pose::standing);
  const Build build = Build::of(look.stature, look.girth);
  const Joints joints(stance, build);
  const auto placed = easel.at(Point{} - joints.head);
  const Countenance face{mood, false, 0.12, 0};
  if (look.wings) wings(easel, light, joints.chest, look.accent);
  if (look.cape) draw_cape(easel, look, light, joints, 0);
  if (look.backpack) backpack(easel, light, joints, look.second);
  {
    const auto kept = easel.at(joints.head, 1, -2);
    draw_hair_behind(easel, look, light, face);
  }
  for (const int side : {0, 1}) draw_arm(easel, look, light, joints.arms[side], build);
  draw_trunk(easel, look, light, joints, build);
  const auto kept = easel.at(joints.head, 1, -2);
  draw_head(easel, look, light, face);
}

}  // namespace odeon::storybook
