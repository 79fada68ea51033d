#include "products/chat/files/file_parts.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "products/chat/prompts.hpp"

namespace odeon::chat {
namespace {

PartKept file(const std::string& id, const std::string& media_type, std::int64_t tokens, std::int64_t bytes = 1000) {
  return {kAttachment, "", id, id + ".file", media_type, bytes, tokens};
}
MessageRow said(Role role, std::vector<PartKept> parts) {
  parts.push_back({"text", "A few words."});
  return {.role = role, .parts = std::move(parts)};
}

TEST(FileParts, OlderFilesComeWhileThereIsRoomTheNewestFirst) {
  const std::vector<MessageRow> path{said(Role::user, {file("old", "text/plain", 100)}),   said(Role::assistant, {}),
                                     said(Role::user, {file("big", "text/plain", 5'000)}), said(Role::assistant, {}),
                                     said(Role::user, {file("new", "text/plain", 100)}),   said(Role::assistant, {}),
                                     said(Role::user, {file("own", "text/plain", 400)})};
  EXPECT_EQ(plan_files(path, 2'000, true).whole, (std::vector<std::string>{"own", "new"}));
  EXPECT_EQ(plan_files(path, 20'000, true).whole, (std::vector<std::string>{"own", "new", "big", "old"}));
  EXPECT_EQ(plan_files(path, 100, true).whole, (std::vector<std::string>{"own"})) << "the question's always";
}

TEST(FileParts, PicturesAreForWhoCanSee) {
  const std::vector<MessageRow> path{said(Role::user, {file("a", "image/png", 1'600, 15 << 20)}),
                                     said(Role::user, {file("b", "image/png", 1'600, 10 << 20)})};
  EXPECT_TRUE(plan_files(path, 100'000, false).whole.empty());
  EXPECT_EQ(plan_files(path, 100'000, true).whole, (std::vector<std::string>{"b"})) << "25 MB are too much at once";
  EXPECT_TRUE(needs_of(path).pictures);
  EXPECT_FALSE(needs_of(std::vector{said(Role::user, {})}).pictures);
}

// Whatever was said and attached: what is whole has a slot of its own where its message stands, and the words stay.
RC_GTEST_PROP(FilePartsProperty, StandWithTheirMessages, ()) {
  std::vector<MessageRow> path;
  const auto turns = *rc::gen::inRange(1, 6);
  for (int i = 0; i < turns; ++i) {
    std::vector<PartKept> files;
    const auto count = *rc::gen::inRange(0, 4);
    for (int n = 0; n < count; ++n)
      files.push_back(file(fmt::format("{}-{}", i, n), *rc::gen::element<std::string>("image/png", "text/plain"),
                           *rc::gen::inRange(1, 3'000)));
    path.push_back(said(Role::user, std::move(files)));
    if (i + 1 < turns) path.push_back(said(Role::assistant, {}));
  }
  const auto room = *rc::gen::inRange(100, 20'000);
  const auto plan = plan_files(path, room, *rc::gen::arbitrary<bool>());
  auto context = context_of(path, "Rules.", {}, room - plan.tokens);
  const auto slots = put_files(path, plan, context);
  RC_ASSERT(slots.size() <= plan.whole.size());
  for (const auto& slot : slots) {
    auto& part = context.at(slot.message).parts.at(slot.part);
    RC_ASSERT(std::ranges::find(plan.whole, *slot.file.id) != plan.whole.end());
    part = filled(slot.file, "bytes");
    RC_ASSERT(std::holds_alternative<ai::Picture>(part) == (*slot.file.media_type == "image/png"));
  }
  for (const auto& message : context)
    if (message.role != ai::MessageRole::system) RC_ASSERT(message.text().ends_with("A few words."));
}

}  // namespace
}  // namespace odeon::chat
