#include "engine/media/storybook/head.hpp"

namespace odeon::storybook {
namespace {

void draw_eye(Easel& easel, const Look& look, const Countenance& face, Point at, double narrow, bool left) {
  const Ink lash = mix(darker(look.hair, 0.25), rgb(0x2A1B22), 0.75);
  const double rx = unit * 0.150 * narrow, ry = unit * 0.205;
  const bool smiling = face.mood == Mood::laughing || face.mood == Mood::proud;
  if (face.eyes_closed || smiling) {
    const double bow = smiling && !face.eyes_closed ? -1 : 1;
    easel.from(at + Point{-rx * 1.15, bow * -unit * 0.03})
        .bend(at + Point{-rx * 0.5, bow * unit * 0.12}, at + Point{rx * 0.5, bow * unit * 0.12},
              at + Point{rx * 1.15, bow * -unit * 0.03});
    easel.line(lash, unit * 0.050);
    return;
  }
  const double wide = face.mood == Mood::surprised ? 1.12 : face.mood == Mood::curious ? 1.05 : 1;
  const double lid = face.mood == Mood::sleepy ? 0.45 : 0;
  const Point look_at = at + Point{face.turn * unit * 0.035, face.mood == Mood::sad ? unit * 0.02 : 0};
  easel.oval(at, rx * wide * 1.06, ry * wide * 1.02).fill(rgb(0xFFFDF8));
  {
    const auto kept = easel.oval(at, rx * wide * 1.06, ry * wide * 1.02).inside();
    easel.oval(look_at, rx * 0.93, ry * 0.88).fill(darker(look.eyes, 0.20));
    easel.oval(look_at + Point{0, unit * 0.025}, rx * 0.80, ry * 0.74)
        .fill_down(darker(look.eyes, 0.06), lighter(look.eyes, 0.14));
    easel.oval(look_at + Point{0, -unit * 0.005}, rx * 0.47, ry * 0.47).fill(rgb(0x1D1420));
    easel.oval(at + Point{0, -ry * 0.95}, rx * 1.3, ry * 0.42).fill(rgb(0x4A3550).faded(0.25));
    if (lid > 0) easel.box(at.x - rx * 2, at.y - ry * 2, rx * 4, ry * (1 + lid * 1.6)).fill(darker(look.skin, 0.03));
  }
  easel.oval(look_at + Point{-unit * 0.045, -unit * 0.075}, unit * 0.047, unit * 0.054).fill(rgb(0xFFFFFF));
  easel.disc(look_at + Point{unit * 0.05, unit * 0.07}, unit * 0.022).fill(rgb(0xFFFFFF).faded(0.85));
  const double top = lid > 0 ? -ry * 0.25 : -ry * wide;
  const double outer = left ? -1 : 1;
  easel.from(at + Point{-outer * rx * 1.0 * wide, top * 0.45 + (lid > 0 ? -unit * .02 : 0)})
      .bend(at + Point{-outer * rx * 0.6, top * 1.22}, at + Point{outer * rx * 0.7, top * 1.25},
            at + Point{outer * rx * 1.28 * wide, top * 0.30});
  easel.line(lash, unit * 0.046);
}

void draw_brow(Easel& easel, const Look& look, const Countenance& face, Point at, bool left) {
  const double outer = left ? -1 : 1;
  double inner_up = 0, raise = 0;
  switch (face.mood) {
    case Mood::worried:
    case Mood::sad:
      inner_up = 0.10;
      break;
    case Mood::surprised:
      raise = 0.09;
      break;
    case Mood::curious:
      raise = left ? 0.0 : 0.08;
      break;
    case Mood::proud:
      inner_up = -0.03;
      break;
    default:
      break;
  }
  const Point inner = at + Point{-outer * unit * 0.13, -unit * (0.02 + inner_up + raise)};
  const Point middle = at + Point{outer * unit * 0.02, -unit * (0.055 + raise)};
  const Point end = at + Point{outer * unit * 0.17, -unit * (raise - 0.005)};
  easel.band({inner, middle, end}, {unit * 0.055, unit * 0.060, unit * 0.022})
      .fill(mix(darker(look.hair, 0.10), rgb(0x50352B), 0.35));
}

void draw_mouth(Easel& easel, const Look& look, const Countenance& face, Point at) {
  const Ink lip = mix(darker(look.skin, 0.24), rgb(0xA8323F), 0.5);
  const auto curve = [&](double half, double sag, double skew) {
    easel.from(at + Point{-half, -sag * 0.35 + skew})
        .bend(at + Point{-half * 0.45, sag}, at + Point{half * 0.45, sag}, at + Point{half, -sag * 0.35 - skew});
    easel.line(lip, unit * 0.045);
  };
  const auto open = [&](double half, double deep) {
    const auto shape = [&] {
      easel.from(at + Point{-half, -unit * 0.03})
          .bend(at + Point{-half * 0.5, unit * 0.01}, at + Point{half * 0.5, unit * 0.01},
                at + Point{half, -unit * 0.03})
          .bend(at + Point{half * 0.9, deep}, at + Point{-half * 0.9, deep}, at + Point{-half, -unit * 0.03})
          .close();
    };
    shape();
    easel.edge(lip, unit * 0.016).fill(rgb(0x8E2B3A));
    shape();
    const auto kept = easel.inside();
    easel.oval(at + Point{0, deep * 0.78}, half * 0.62, deep * 0.32).fill(rgb(0xF08A8C));
    easel.box(at.x - half, at.y - unit * 0.05, half * 2, unit * 0.075).fill(rgb(0xFFFDF6));
  };
  switch (face.mood) {
    case Mood::happy:
      open(unit * 0.20, unit * 0.21);
      break;
    case Mood::laughing:
      open(unit * 0.27, unit * 0.34);
      break;
    case Mood::proud:
      curve(unit * 0.21, unit * 0.11, unit * 0.02);
      break;
    case Mood::curious:
      curve(unit * 0.12, unit * 0.06, unit * 0.015);
      break;
    case Mood::sleepy:
      curve(unit * 0.10, unit * 0.05, 0);
      break;
    case Mood::surprised:
      easel.oval(at + Point{0, unit * 0.05}, unit * 0.075, unit * 0.095).edge(lip, unit * 0.018).fill(rgb(0x8E2B3A));
      break;
    case Mood::worried:
      curve(unit * 0.11, -unit * 0.05, unit * 0.01);
      break;
    case Mood::sad:
      curve(unit * 0.15, -unit * 0.09, 0);
      break;
  }
}

void draw_glasses(Easel& easel, const Look& look, Point left, Point right) {
  const Ink frame = lightness(look.accent) > 0.7 ? darker(look.accent, 0.3) : look.accent;
  for (const Point eye : {left, right}) {
    easel.disc(eye, unit * 0.265).edge(frame, unit * 0.022).fill(rgb(0xDFF3FF).faded(0.18));
    easel.disc(eye, unit * 0.265).line(frame, unit * 0.045);
    easel.from(eye + Point{-unit * 0.14, -unit * 0.13})
        .to(eye + Point{-unit * 0.05, -unit * 0.20})
        .line(rgb(0xFFFFFF).faded(0.7), unit * 0.03);
  }
  easel.from(left + Point{unit * 0.26, -unit * 0.02})
      .bend({left.x + unit * 0.3, left.y - unit * 0.08}, {right.x - unit * 0.3, right.y - unit * 0.08},
            right + Point{-unit * 0.26, -unit * 0.02});
  easel.line(frame, unit * 0.045);
}

}  // namespace

void draw_face(Easel& easel, const Look& look, const Light& light, const Countenance& face) {
  Look lit = look;
  for (Ink* ink : {&lit.skin, &lit.hair, &lit.eyes, &lit.accent}) *ink = light.on_child(*ink);
  const Ink rim = darker(lit.skin, 0.17),
            blush = mix(lit.skin, rgb(0xF0566A), lightness(look.skin) < 0.55 ? 0.40 : 0.55);
  const double turn = face.turn * unit;
  for (const double side : {-1.0, 1.0}) {
    const Point ear{side * unit * 0.93 - turn * 0.10, unit * 0.20};
    easel.oval(ear, unit * 0.16, unit * 0.20).edge(rim, 2).fill_soft(lit.skin, 0.05);
    easel.oval(ear + Point{side * unit * 0.01, unit * 0.01}, unit * 0.08, unit * 0.115)
        .fill(mix(lit.skin, rgb(0xD9556A), 0.35));
    if (look.hearing_aid && side > 0)
      easel.oval(ear + Point{unit * 0.05, -unit * 0.10}, unit * 0.07, unit * 0.12, 20).fill_soft(lit.accent);
  }
  const auto skull = [&] {
    easel.blob({{0, -unit},
                {unit * 0.72, -unit * 0.68},
                {unit * 0.95, 0},
                {unit * 0.88, unit * 0.42},
                {unit * 0.50 + turn * 0.05, unit * 0.82},
                {turn * 0.10, unit * 0.93},
                {-unit * 0.50 + turn * 0.05, unit * 0.82},
                {-unit * 0.88, unit * 0.42},
                {-unit * 0.95, 0},
                {-unit * 0.72, -unit * 0.68}});
  };
  skull();
  easel.edge(rim, 2).fill_soft(lit.skin, 0.045);
  {
    skull();
    const auto kept = easel.inside();
    for (const double side : {-1.0, 1.0})
      easel.glow({side * unit * 0.56 + turn * 0.20, unit * 0.46}, unit * 0.34, blush.faded(0.85));
    easel.oval({turn * 0.1, -unit * 0.80}, unit * 1.0, unit * 0.62).fill(darker(lit.skin, 0.10).faded(0.35));
    if (look.freckles)
      for (const auto& [x, y] : {std::pair{-0.60, 0.36},
                                 {-0.50, 0.42},
                                 {-0.40, 0.36},
                                 {-0.53, 0.31},
                                 {0.60, 0.36},
                                 {0.50, 0.42},
                                 {0.40, 0.36},
                                 {0.53, 0.31},
                                 {-0.08, 0.30},
                                 {0.09, 0.32}})
        easel.oval({x * unit + turn * 0.2, y * unit}, unit * 0.022, unit * 0.019)
            .fill(darker(mix(lit.skin, rgb(0xB5622E), 0.6), 0.04));
  }
  const double far_left = 1 - std::max(0.0, -face.turn) * 0.12, far_right = 1 - std::max(0.0, face.turn) * 0.12;
  const Point left{-unit * 0.385 + turn * 0.20, unit * 0.17}, right{unit * 0.385 + turn * 0.20, unit * 0.17};
  draw_eye(easel, lit, face, left, far_left, true);
  if (look.eye_patch) {
    easel.from({-unit * 0.9, -unit * 0.32}).to(right).to({unit * 0.95, unit * 0.02}).line(rgb(0x2B2230), unit * 0.05);
    easel.blob({right + Point{0, -unit * 0.23}, right + Point{unit * 0.23, -unit * 0.08}, right + Point{0, unit * 0.24},
                right + Point{-unit * 0.23, -unit * 0.08}});
    easel.fill_soft(rgb(0x2B2230));
  } else {
    draw_eye(easel, lit, face, right, far_right, false);
  }
  draw_brow(easel, lit, face, left + Point{-unit * 0.01, -unit * 0.31}, true);
  draw_brow(easel, lit, face, right + Point{unit * 0.01, -unit * 0.31}, false);
  const Point nose{turn * 0.27, unit * 0.37};
  easel.oval(nose, unit * 0.075, unit * 0.052).fill(mix(darker(lit.skin, 0.10), rgb(0xD9556A), 0.28));
  easel.oval(nose + Point{-unit * 0.018, -unit * 0.018}, unit * 0.026, unit * 0.016).fill(rgb(0xFFFFFF).faded(0.55));
  draw_mouth(easel, lit, face, {turn * 0.22, unit * 0.575});
  if (look.glasses) draw_glasses(easel, lit, left, right);
}

}  // namespace odeon::storybook
