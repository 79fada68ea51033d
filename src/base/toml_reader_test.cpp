#include "base/toml_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/error.hpp"

namespace odeon {
namespace {

using ::testing::ElementsAre;

std::string fault_of(const auto& read) {
  try {
    read();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "MENU");
    return error.message;
  }
  return "none";
}

TEST(TomlReader, ReadsWhatIsThere) {
  TomlReader reader(
      "name = 'soup'\nwarm = true\nwith = ['bread', 'salt']\nof = 'peas'\nprice = 0.075\n[sizes.small]\nml = 200\n",
      "menu.toml", "MENU");
  const auto& menu = reader.root();
  EXPECT_EQ(reader.text(menu, "menu", "name"), "soup");
  EXPECT_TRUE(reader.flag(menu, "menu", "warm"));
  EXPECT_THAT(reader.texts(menu, "menu", "with"), ElementsAre("bread", "salt"));
  EXPECT_THAT(reader.texts(menu, "menu", "of"), ElementsAre("peas"));
  EXPECT_EQ(reader.billionths(menu, "menu", "price", 1'000'000'000), 75'000'000);
  std::vector<std::string> sizes;
  reader.each(menu, "menu", "sizes", [&](const toml::table& size, const std::string& name, const std::string& path) {
    sizes.push_back(name + " at " + path);
    EXPECT_EQ(reader.whole(size, path, "ml", 1, 500), 200);
  });
  EXPECT_THAT(sizes, ElementsAre("small at menu.sizes.small"));
  EXPECT_EQ(reader.whole(menu, "menu", "spoons", 1, 9), 0);
  EXPECT_EQ(reader.billionths(menu, "menu", "tip", 1), std::nullopt);
  EXPECT_TRUE(reader.flag(menu, "menu", "sold_out", true));
  EXPECT_NO_THROW(reader.raise());
}

TEST(TomlReader, TellsEveryFaultWithItsLine) {
  TomlReader reader("name = ''\nwarm = 1\nwith = ['bread', 3]\nprice = 0.0000000001\n[sizes]\nsmall = 200\n",
                    "menu.toml", "MENU");
  const auto& menu = reader.root();
  reader.only(menu, "menu", {"name", "warm", "with", "sizes"});
  reader.text(menu, "menu", "name");
  reader.flag(menu, "menu", "warm");
  reader.texts(menu, "menu", "with");
  reader.billionths(menu, "menu", "price", 2'000'000'000);
  reader.whole(menu, "menu", "warm", 2, 3);
  reader.each(menu, "menu", "sizes", [](const toml::table&, const std::string&, const std::string&) { FAIL(); });
  EXPECT_EQ(fault_of([&] { reader.raise(); }),
            "menu.toml:4: menu.price: no such setting\n"
            "menu.toml:1: menu: name must be a text\n"
            "menu.toml:2: menu.warm: must be true or false\n"
            "menu.toml:3: menu.with: must be a list of texts\n"
            "menu.toml:4: menu.price: must be a number from 0 to 2 with at most nine decimals\n"
            "menu.toml:2: menu.warm: must be a whole number from 2 to 3\n"
            "menu.toml:6: menu.sizes.small: must be a table");
}

TEST(TomlReader, WhatIsNoTomlIsToldWithItsLine) {
  const std::string fault = fault_of([] { TomlReader("a = 1\nb = = 2\n", "menu.toml", "MENU"); });
  EXPECT_TRUE(fault.starts_with("menu.toml:2: ")) << fault;
  EXPECT_TRUE(
      fault_of([] { TomlReader("a = 99999999999999999999", "menu.toml", "MENU"); }).starts_with("menu.toml:1: "));
  EXPECT_TRUE(fault_of([] { TomlReader("a = '\xFF'", "menu.toml", "MENU"); }).starts_with("menu.toml:1: "));
  EXPECT_TRUE(
      fault_of([] { TomlReader(std::string(100'000, '['), "menu.toml", "MENU"); }).starts_with("menu.toml:1: "));
}

RC_GTEST_PROP(TomlReaderProperty, AnyDocumentIsReadOrRefused, ()) {
  const auto document = *rc::gen::container<std::string>(
      rc::gen::elementOf(std::string("[[]]{}==..,,''\"\"#\\\n\r\t ab1:-_+eTx\xC3\xBC")));
  try {
    for (const auto& [key, value] : parse_toml(document, "menu.toml", "MENU")) RC_ASSERT(line_of(value) > 0);
  } catch (const Error& error) {
    RC_ASSERT(error.fault == Fault::invalid);
  }
}

}  // namespace
}  // namespace odeon
