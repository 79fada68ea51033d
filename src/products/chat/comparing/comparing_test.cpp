#include "products/chat/comparing/comparing.hpp"

#include <rapidcheck/gtest.h>

#include "products/chat/house_test.hpp"

namespace odeon::chat {
namespace {

const std::string kSeen =
    R"({"agreement":["Both name Paris."],"differences":[{"answer":1,"points":["Counts people."]},)"
    R"({"answer":2,"points":["Names the Seine."]}]})";

struct ComparingTest : ChatHouse {
  ComparingTest() { token = join("ada@example.com", "ultra"); }
  // Whoever is asked to compare, compares (or hangs, or fails); whoever is asked anything else, says his.
  void models(const std::string& compares) {
    talker("openai/gpt-4o", "Paris is the capital. It has 2.1 million people.", compares);
    talker("openai/gpt-4o-mini", "The capital is Paris. It lies on the Seine.", compares);
  }
  void talker(const std::string& name, const std::string& speaks, const std::string& compares) {
    model(name, {})->by_question = [this, speaks, compares](const ai::TextRequest& request) -> testing::PlayedPart {
      const bool compare = request.task == "chat.compare";
      if (compare) compared.push_back(request);
      if (compare && compares == "hang") return {.hangs = true};
      if (compare && compares == "fail") return {.refusal = Error(Fault::unavailable, "PROVIDER_BUSY", "Later.")};
      return {.reads = {says(compare ? compares : speaks), ends()}};
    };
  }
  json::object question() {
    return {{"text", "What is the capital?"}, {"models", json::array{"gpt-4o", "gpt-4o-mini"}}};
  }
  std::string token;
  std::vector<ai::TextRequest> compared;
};

TEST_F(ComparingTest, AModelComparesWhatTheOthersSaid) {
  models(kSeen);
  const auto events = hear(token, question(), "/api/chat/multi-model");
  ASSERT_GE(events.size(), 2U);
  const auto& told = events[events.size() - 2];
  ASSERT_EQ(told.event, "comparison");
  EXPECT_EQ(told.data.at("model"), "gpt-4o-mini") << "who answers simple questions";
  EXPECT_EQ(told.data.at("agreement").at("sentences"), (json::array{"Both name Paris."}));
  EXPECT_EQ(told.data.at("differences").at(0).at("model"), "gpt-4o");
  EXPECT_EQ(told.data.at("differences").at(0).at("figures"), (json::array{"2.1"})) << "figures are counted, not asked";
  EXPECT_EQ(told.data.at("differences").at(1).at("sentences"), (json::array{"Names the Seine."}));
  ASSERT_EQ(compared.size(), 1U);
  EXPECT_EQ(compared[0].form.kind, ai::AnswerForm::Kind::schema);
  EXPECT_EQ(compared[0].payer.user_id, ids.at("ada@example.com"));
  EXPECT_EQ(ask(token, question(), "/api/chat/multi-model").at("comparison").at("model"), "gpt-4o-mini");
}

TEST_F(ComparingTest, ElseTheirWordsDo) {
  const ToCompare what{.user_id = ids.at("ada@example.com"),
                       .question = "Which?",
                       .answers = {{"a", "Paris it is."}, {"b", "Paris it is."}},
                       .plan = run_task(subscriptions.entitlement(ids.at("ada@example.com"), product)).plan};
  const auto by = [&](Comparing comparing) { return run_task(comparing.compare(what)).model; };
  EXPECT_EQ(by({gateway, asking, choice}), "odeon-offline") << "nobody is set up";
  models("hang");
  EXPECT_EQ(by({gateway, asking, choice, std::chrono::milliseconds(50)}), "odeon-offline") << "in time";
  const auto before = compared.size();
  EXPECT_TRUE(use(what.user_id, "spend", run_task(asking.budget_left(what.user_id))));
  EXPECT_EQ(by({gateway, asking, choice}), "odeon-offline");
  EXPECT_EQ(compared.size(), before) << "nobody is asked whose budget is gone";
}

TEST_F(ComparingTest, FailingCostsNobodyHisAnswers) {
  models("fail");
  const auto whole = ask(token, question(), "/api/chat/multi-model");
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(whole.at("comparison").at("model"), "odeon-offline");
  EXPECT_EQ(whole.at("comparison").at("agreement").at("sentences"), (json::array{"Paris is the capital."}));
}

TEST(Comparisons, AreReadFromWhatWasAskedForOnly) {
  const auto words = compare({{"a", "One."}, {"b", "Two."}});
  EXPECT_TRUE(comparison_in(kSeen, words));
  EXPECT_TRUE(comparison_in("```json\n" + kSeen + "\n```", words));
  EXPECT_TRUE(comparison_in(R"({"agreement":[],"differences":[]})", words));
  for (const char* wrong :
       {"", "They agree.", "{}", "[]", "{", R"({"agreement":"x","differences":[]})",
        R"({"agreement":[],"differences":[{"answer":0,"points":[]}]})",
        R"({"agreement":[],"differences":[{"answer":3,"points":[]}]})",
        R"({"agreement":[],"differences":[{"answer":"1","points":[]}]})", R"({"agreement":[7],"differences":[]})"})
    EXPECT_FALSE(comparison_in(wrong, words)) << wrong;
}

RC_GTEST_PROP(ComparisonProperty, HoldsWhateverAModelWrites, ()) {
  const auto words = compare({{"a", "One."}, {"b", "Two."}});
  auto document = kSeen;
  const auto at = *rc::gen::inRange<std::size_t>(0, document.size());
  document.replace(at, *rc::gen::inRange<std::size_t>(0, 20), *rc::gen::arbitrary<std::string>());
  if (const auto seen = comparison_in(document, words)) {
    RC_ASSERT(seen->differences.size() == 2U);
    for (const auto& each : seen->differences)
      for (const auto& point : each.sentences) RC_ASSERT(!point.empty() && text::is_utf8(point));
  }
}

}  // namespace
}  // namespace odeon::chat
