#include "server/table.hpp"

#include <gtest/gtest.h>

namespace odeon::server {
namespace {

std::string of(const char* text) {
  return as_text(json::parse(text));
}

TEST(Table, HasAColumnForEachMember) {
  EXPECT_EQ(of(R"([{"id":"a","n":12},{"id":"bcd","on":true,"n":null}])"),
            "id   n   on\n"
            "a    12  -\n"
            "bcd  -   yes\n");
  EXPECT_EQ(of("[]"), "none\n");
}

TEST(Table, StandsBelowTheLinesOfItsObject) {
  EXPECT_EQ(of(R"({"mail":"a@b.c","sessions":[{"id":"x"}],"signed_in_at":"","links":[],"details":{"a":[1]}})"),
            "mail          a@b.c\n"
            "signed_in_at  -\n"
            "details       {\"a\":[1]}\n"
            "\nsessions:\nid\nx\n"
            "\nlinks:\nnone\n");
}

TEST(Table, CountsWhatPeopleSee) {
  EXPECT_EQ(of(R"([{"a":"é","b":1},{"a":"xy","b":2}])"), "a   b\né   1\nxy  2\n");
}

TEST(Table, LeavesTheTerminalAlone) {
  EXPECT_EQ(of(R"({"a":"\u001b[2J\r\n\u009b1m\u007f é"})"), "a  \\x1b[2J\\x0d\\x0a\\x9b1m\\x7f é\n");
  EXPECT_EQ(of(R"({"a":{"\u009b":"\u009b"}})").find("\xC2\x9B"), std::string::npos);
}

}  // namespace
}  // namespace odeon::server
