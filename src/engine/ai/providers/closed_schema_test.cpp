#include "engine/ai/providers/closed_schema.hpp"

#include <gtest/gtest.h>

namespace odeon::ai {
namespace {

namespace bj = boost::json;

TEST(ClosedSchema, ClosesObjectsAndTellsWhatCannotBePromised) {
  const std::pair<const char*, const char*> cases[]{
      {"", R"({"type":"object","properties":{},"additionalProperties":false})"},
      {"[1]", R"({"type":"object","properties":{},"additionalProperties":false})"},
      {R"({"$schema":"x","type":"object","additionalProperties":true,"required":["a"],
           "properties":{"a":{"type":"object","properties":{"b":{"type":"string","maxLength":3}}}}})",
       R"({"type":"object","additionalProperties":false,"required":["a"],
           "properties":{"a":{"type":"object","additionalProperties":false,
             "properties":{"b":{"type":"string","description":"{\"maxLength\":3}"}}}}})"},
      {R"({"type":"array","items":{"type":"object"},"minItems":1,"maxItems":9,"description":"All."})",
       R"({"type":"array","items":{"type":"object","properties":{},"additionalProperties":false},"minItems":1,
           "description":"All.\n\n{\"maxItems\":9}"})"},
      {R"({"type":"array","items":{"type":"integer"},"minItems":2})",
       R"({"type":"array","items":{"type":"integer"},"description":"{\"minItems\":2}"})"},
      {R"({"type":"string","format":"date"})", R"({"type":"string","format":"date"})"},
      {R"({"type":"string","format":"color"})", R"({"type":"string","description":"{\"format\":\"color\"}"})"},
      {R"({"type":"string","enum":["a","b"],"title":"T"})", R"({"enum":["a","b"],"title":"T"})"},
      {R"({"type":["object","null"]})", R"({"type":["object","null"],"properties":{},"additionalProperties":false})"},
      {R"({"oneOf":[{"type":"object"},{"type":"null"}]})",
       R"({"anyOf":[{"type":"object","properties":{},"additionalProperties":false},{"type":"null"}]})"},
      {R"({"$ref":"#/$defs/a","$defs":{"a":{"type":"object"}}})",
       R"({"$ref":"#/$defs/a","$defs":{"a":{"type":"object","properties":{},"additionalProperties":false}}})"}};
  for (const auto& [given, expected] : cases) EXPECT_EQ(bj::value(closed_schema(given)), bj::parse(expected)) << given;
}

}  // namespace
}  // namespace odeon::ai
