#include "engine/ai/providers/json_view.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai::wire {
namespace {

namespace bj = boost::json;

// Whether it is what boost::json makes of the same text.
bool is_same(View view, const bj::value& built) {
  if (const auto* object = built.if_object()) {
    return view.is_object() && std::ranges::all_of(*object, [&](const auto& member) {
             return member.value().is_null() ? !view.member(member.key())
                                             : is_same(view.member(member.key()), member.value());
           });
  }
  if (const auto* list = built.if_array()) {
    auto next = list->begin();
    for (const auto element : view.elements())
      if (next == list->end() || !is_same(element, *next++)) return false;
    return next == list->end();
  }
  if (built.is_string()) return view.is_text() && view.text() == text_of(&built);
  if (built.is_null()) return !view;
  return view && view.value() == built && view.is_true() == (built == bj::value(true)) &&
         count_of(view) == count_of(&built);
}

std::string space() {
  return *rc::gen::element<std::string>("", "", "", " ", "\n\t", "\r\n ");
}

std::string draw_text() {
  const auto piece = rc::gen::element<std::string>("a", "name", " long enough for a word ", "\\n", "\\\"", "\\\\",
                                                   "\\/", "\\u00e9", "\\ud83d\\ude00", "é", "😀", "");
  std::string text;
  for (const auto& each : *rc::gen::container<std::vector<std::string>>(piece)) text += each;
  return "\"" + text + "\"";
}

std::string draw_value(int depth) {
  const int kind = *rc::gen::inRange(0, depth > 0 ? 6 : 4);
  if (kind == 0) return draw_text();
  if (kind == 1) return *rc::gen::element<std::string>("null", "true", "false");
  if (kind < 4)
    return *rc::gen::element<std::string>("0", "19", "-3", "1.5", "-0", "2e3", "1E-2", "123456789012",
                                          "12345678901234567", "99999999999999999999");
  const bool object = kind == 4;
  std::string out = object ? "{" : "[";
  const int size = *rc::gen::inRange(0, 5);
  for (int i = 0; i < size; ++i) {
    if (i > 0) out += ',';
    out += space();
    if (object) out += draw_text() + space() + ":" + space();
    out += draw_value(depth - 1) + space();
  }
  return out + (object ? "}" : "]");
}

RC_GTEST_PROP(JsonView, SeesWhatBoostBuilds, ()) {
  const std::string text = space() + draw_value(4) + space();
  const Document document(text);
  RC_ASSERT(is_same(document.root(), bj::parse(text)));
}

// Whatever is broken in it.
RC_GTEST_PROP(JsonView, TakesWhatBoostTakes, ()) {
  std::string text = draw_value(3);
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
  const char byte = *rc::gen::element('"', '\\', '{', '}', '[', ']', ',', ':', '0', '1', '-', '.', 'e', 'u', 'n', 't',
                                      ' ', '\n', '\0', '\xC3', '\xFF');
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      text[at] = byte;
      break;
    case 1:
      text.insert(at, 1, byte);
      break;
    default:
      text.resize(at);
  }
  boost::system::error_code fault;
  const auto built = bj::parse(text, fault);
  const Document document(text);
  RC_ASSERT(document.root().written().empty() == fault.failed());
  if (!fault) RC_ASSERT(is_same(document.root(), built));
}

TEST(JsonView, TakesTheLastOfSeveralMembers) {
  const Document document(R"({"a":1,"a":{"b":2}})");
  EXPECT_EQ(count_of(member(document.root(), "a", "b")), 2);
}

TEST(JsonView, TakesExponentsOfAnInt) {
  EXPECT_FALSE(Document("[1e2147483647]").root().written().empty());
  EXPECT_TRUE(Document("[1e2147483648]").root().written().empty());
}

TEST(JsonView, TakesAsMuchAsIsBearable) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_FALSE(Document(nested(32)).root().written().empty());
  EXPECT_TRUE(Document(nested(33)).root().written().empty());
  std::string many = "[0";
  for (int i = 0; i < 1'000'000; ++i) many += ",0";
  EXPECT_TRUE(Document(many + "]").root().written().empty());
}

}  // namespace
}  // namespace odeon::ai::wire
