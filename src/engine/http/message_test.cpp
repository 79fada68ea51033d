#include "engine/http/message.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.hpp"
#include "engine/http/target.hpp"

namespace odeon::http {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

TEST(HeadersTest, NamesCompareWithoutCase) {
  Headers headers;
  headers.add("Content-Type", "text/plain");
  EXPECT_EQ(headers.get("content-type"), "text/plain");
  EXPECT_EQ(headers.find("Content-Typ"), std::nullopt);
}

TEST(HeadersTest, SetReplacesEveryFieldOfThatNameInPlaceOfTheFirst) {
  Headers headers;
  headers.add("A", "1");
  headers.add("B", "2");
  headers.add("a", "3");
  headers.set("a", "4");
  EXPECT_EQ(Fields(headers.begin(), headers.end()), (Fields{{"a", "4"}, {"B", "2"}}));
}

TEST(HeadersTest, RemoveTakesEveryFieldOfThatName) {
  Headers headers;
  headers.add("A", "1");
  headers.add("B", "2");
  headers.add("a", "3");
  headers.remove("A");
  EXPECT_EQ(Fields(headers.begin(), headers.end()), (Fields{{"B", "2"}}));
}

RC_GTEST_PROP(HeadersProperty, ChangesAreThoseOfAList, ()) {
  const auto is_same = [](const std::string& name) {
    return [&name](const auto& field) { return text::equals_ignoring_case(field.first, name); };
  };
  Headers headers;
  Fields list;
  const auto steps = *rc::gen::inRange(0, 40);
  for (int step = 0; step < steps; ++step) {
    const auto name = *rc::gen::element<std::string>("a", "A", "Accept", "accept", "X-Y", "");
    const auto value = *rc::gen::arbitrary<std::string>();
    const auto first = std::ranges::find_if(list, is_same(name));
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        headers.remove(name);
        std::erase_if(list, is_same(name));
        break;
      case 1:
        headers.set(name, value);
        if (first == list.end()) {
          list.emplace_back(name, value);
        } else {
          list.erase(std::remove_if(first + 1, list.end(), is_same(name)), list.end());
          *first = {name, value};
        }
        break;
      default:
        headers.add(name, value);
        list.emplace_back(name, value);
    }
    const auto found = std::ranges::find_if(list, is_same(name));
    RC_ASSERT(headers.find(name).has_value() == (found != list.end()));
    if (found != list.end()) RC_ASSERT(*headers.find(name) == found->second);
  }
  RC_ASSERT(headers.size() == list.size());
  RC_ASSERT(Fields(headers.begin(), headers.end()) == list);
}

TEST(TargetTest, IsSplitAndDecoded) {
  struct Case {
    std::string_view target, authority, path;
    Fields query;
  };
  const Case cases[] = {
      {"/", "", "/", {}},
      {"/a%20b/c+d?x=1&y=%C3%A4+z&flag&=v", "", "/a b/c+d", {{"x", "1"}, {"y", "\xC3\xA4 z"}, {"flag", ""}, {"", "v"}}},
      {"/p?", "", "/p", {}},
      {"/p?a=b=c&&d=?", "", "/p", {{"a", "b=c"}, {"d", "?"}}},
      {"http://Example.com:80/x?y=1", "Example.com:80", "/x", {{"y", "1"}}},
      {"https://example.com", "example.com", "/", {}},
      {"http://example.com?q=1", "example.com", "/", {{"q", "1"}}},
      {"*", "", "/", {}},
      {"/\xC3\xA4", "", "/\xC3\xA4", {}},  // not allowed, but people type it
  };
  for (const auto& item : cases) {
    const auto parsed = parse_target(item.target);
    ASSERT_TRUE(parsed) << item.target;
    EXPECT_EQ(parsed->authority, item.authority) << item.target;
    EXPECT_EQ(parsed->path, item.path) << item.target;
    EXPECT_EQ(parsed->query, item.query) << item.target;
  }
}

TEST(TargetTest, WhatIsNoTargetIsRefused) {
  for (std::string_view target : {"", "a", "/%", "/%4", "/%zz", "/%00", "/a b", "/a\tb", "/a#b", "/?q=%g1", "ftp://x/",
                                  "http://", "http:///x", "http://user@host/", "host:443", "/\x7f"})
    EXPECT_FALSE(parse_target(target)) << target;
}

RC_GTEST_PROP(TargetProperty, EncodingThenParsingGivesTheSame, ()) {
  auto letters = rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127));
  const std::string path = "/" + *letters;
  const Fields query = *rc::gen::container<Fields>(rc::gen::pair(rc::gen::nonEmpty(letters), letters));
  std::string target = text::replace_all(text::percent_encode(path), "%2F", "/");
  for (const auto& [name, value] : query)
    target +=
        (&name == &query.front().first ? "?" : "&") + text::percent_encode(name) + "=" + text::percent_encode(value);
  const auto parsed = parse_target(target);
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(parsed->path == path);
  RC_ASSERT(parsed->query == query);
}

RC_GTEST_PROP(TargetProperty, AnyBytesGiveATargetOrNothing, (const std::string& bytes)) {
  const auto parsed = parse_target("/" + bytes);
  if (parsed) RC_ASSERT(parsed->path.starts_with('/'));
}

}  // namespace
}  // namespace odeon::http
