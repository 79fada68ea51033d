#include "engine/notify/templates.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <pugixml.hpp>

#include "base/error.hpp"
#include "base/text.hpp"

namespace odeon::notify {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Data = std::map<std::string, std::string>;

const std::map<MailTemplate, Data> kEach{
    {MailTemplate::verify_address,
     {{"product", "Stories"}, {"link", "https://s.example/v?t=1&u=2"}, {"code", "123456"}, {"valid_for", "24 hours"}}},
    {MailTemplate::reset_password,
     {{"product", "Stories"}, {"link", "https://s.example/r?t=1"}, {"code", "123456"}, {"valid_for", "30 minutes"}}},
    {MailTemplate::notice,
     {{"product", "Chat"},
      {"title", "80 % used"},
      {"message", "Two\nlines"},
      {"link", "https://c.example/"},
      {"link_text", "See plans"}}},
    {MailTemplate::export_ready, {{"product", "Chat"}, {"link", "https://c.example/e"}, {"valid_for", "3 days"}}},
    {MailTemplate::erasure_receipt, {{"product", "Chat"}, {"receipt", "r-1"}, {"erased_at", "20 November 2026"}}},
    {MailTemplate::usage_warning,
     {{"product", "Stories"},
      {"what", "tales"},
      {"used", "8"},
      {"limit", "10"},
      {"renewal", "The next month begins on 1 December 2026."},
      {"link", "https://s.example/plans"}}},
    {MailTemplate::usage_reached,
     {{"product", "Stories"},
      {"what", "tales"},
      {"limit", "10"},
      {"renewal", "The next month begins on 1 December 2026."},
      {"link", "https://s.example/plans"}}},
};

TEST(MailTemplates, SayTheSameAsTextAndAsHtml) {
  for (const auto& [which, data] : kEach) {
    const auto content = render(which, data);
    EXPECT_THAT(content.subject, Not(HasSubstr("\n")));
    for (const auto& [name, value] : data) {
      EXPECT_THAT(content.text + content.subject, HasSubstr(value)) << name;
      EXPECT_THAT(content.html, HasSubstr(text::escape_html(value))) << name;
    }
    for (const auto& part : {content.subject, content.text, content.html}) {
      EXPECT_THAT(part, Not(HasSubstr("{{")));
      EXPECT_THAT(part, Not(HasSubstr("}}")));
    }
    EXPECT_THAT(content.html, HasSubstr("<html lang=\"en\">"));
  }
}

TEST(MailTemplates, NeedExactlyTheirValues) {
  for (const auto& [which, data] : kEach) {
    for (const auto& [name, value] : data) {
      Data less = data;
      less.erase(name);
      EXPECT_THROW(render(which, less), std::logic_error) << name;
    }
    Data more = data;
    more["hobby"] = "chess";
    EXPECT_THROW(render(which, more), std::logic_error);
  }
}

TEST(MailTemplates, LinksLeadToTheWebOnly) {
  Data data = kEach.at(MailTemplate::export_ready);
  data["link"] = "javascript:alert(1)";
  EXPECT_THROW(render(MailTemplate::export_ready, data), Error);
}

// Every text of a part of a document, in order.
std::string texts(const pugi::xml_node& node) {
  std::string out;
  for (const auto& child : node.children())
    out += child.type() == pugi::node_pcdata ? std::string(child.value()) : texts(child);
  return out;
}

// Whatever people call themselves or their things, HTML stays the document that it is and shows just that.
RC_GTEST_PROP(MailTemplates, ShowHostileValuesAsText, ()) {
  std::string evil;
  for (const auto& part : *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
           "<script>", "\"", "'", "&amp;", "</p>", "{{code}}", "}}", "{{", "<!--", "x", "ä", "onload=")))
    evil += part;
  Data data = kEach.at(MailTemplate::notice);
  data["message"] = evil;
  data["title"] = "t" + evil;
  const auto content = render(MailTemplate::notice, data);
  RC_ASSERT(content.subject == "t" + evil);
  RC_ASSERT(content.text.contains(evil));
  // With its void elements closed, the page is XML.
  std::string page = text::replace_all(content.html, "<!DOCTYPE html>\n", "");
  for (const char* meta : {"\"utf-8\">", "initial-scale=1\">", "\"light\">"})
    page = text::replace_all(page, meta, std::string(meta).insert(std::string_view(meta).size() - 1, "/"));
  pugi::xml_document document;
  RC_ASSERT(document.load_string(page.c_str(), pugi::parse_default | pugi::parse_ws_pcdata));
  const auto article = document.select_node("//div[@role='article']").node();
  RC_ASSERT(texts(article.child("h1")) == "t" + evil);
  RC_ASSERT(std::string_view(article.attribute("aria-label").value()) == "t" + evil);
  RC_ASSERT(texts(article.find_child_by_attribute("p", "style", "margin:0 0 16px;white-space:pre-line")) == evil);
  RC_ASSERT(document.select_nodes("//script").empty());
}

}  // namespace
}  // namespace odeon::notify
