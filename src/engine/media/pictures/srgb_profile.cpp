#include "engine/media/pictures/srgb_profile.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <vector>

namespace odeon::pictures {
namespace {

void append_number(std::string& out, std::uint32_t value, int bytes = 4) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 255);
}

// s15Fixed16Number.
void append_fixed(std::string& out, double value) {
  append_number(out, static_cast<std::uint32_t>(static_cast<std::int32_t>(std::lround(value * 65536))));
}

std::string element(std::string_view type, std::initializer_list<double> values) {
  std::string out(type);
  append_number(out, 0);
  for (const double value : values) append_fixed(out, value);
  return out;
}

// multiLocalizedUnicodeType with one record.
std::string words(std::string_view ascii) {
  std::string out = "mluc";
  append_number(out, 0);
  append_number(out, 1), append_number(out, 12);
  out += "enUS";
  append_number(out, static_cast<std::uint32_t>(2 * ascii.size())), append_number(out, 28);
  for (const char letter : ascii) out += '\0', out += letter;
  return out;
}

std::string curve() {
  std::string out = "para";
  append_number(out, 0);
  append_number(out, 3, 2), append_number(out, 0, 2);
  for (const double value : {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045}) append_fixed(out, value);
  return out;
}

std::string make_srgb_profile() {
  struct Element {
    std::vector<std::string_view> tags;
    std::string data;
  };
  const std::vector<Element> elements = {
      {{"desc"}, words("sRGB")},
      {{"cprt"}, words("No copyright, use freely")},
      {{"wtpt"}, element("XYZ ", {0.9642, 1, 0.8249})},
      {{"chad"},
       element("sf32", {1.047882, 0.022918, -0.050217, 0.029587, 0.990478, -0.017075, -0.009247, 0.015076, 0.751678})},
      {{"rXYZ"}, element("XYZ ", {0.43607, 0.22249, 0.01392})},
      {{"gXYZ"}, element("XYZ ", {0.38515, 0.71687, 0.09708})},
      {{"bXYZ"}, element("XYZ ", {0.14307, 0.06061, 0.71410})},
      {{"rTRC", "gTRC", "bTRC"}, curve()},
  };
  std::size_t tags = 0;
  for (const Element& at : elements) tags += at.tags.size();
  std::string table, data;
  append_number(table, static_cast<std::uint32_t>(tags));
  const std::size_t first = 128 + 4 + 12 * tags;
  for (const Element& at : elements) {
    for (const std::string_view tag : at.tags) {
      table += tag;
      append_number(table, static_cast<std::uint32_t>(first + data.size()));
      append_number(table, static_cast<std::uint32_t>(at.data.size()));
    }
    data += at.data;
    data.resize((data.size() + 3) / 4 * 4);
  }
  std::string header;
  append_number(header, static_cast<std::uint32_t>(first + data.size()));
  append_number(header, 0);           // no preferred engine
  append_number(header, 0x04200000);  // version 4.2
  header += "mntrRGB XYZ ";
  for (const std::uint32_t part : {2026, 1, 1, 0, 0, 0}) append_number(header, part, 2);
  header += "acsp";
  header.resize(68);
  append_fixed(header, 0.9642), append_fixed(header, 1), append_fixed(header, 0.8249);
  header.resize(128);
  return header + table + data;
}

}  // namespace

const std::string& srgb_profile() {
  static const std::string profile = make_srgb_profile();
  return profile;
}

}  // namespace odeon::pictures
