#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/crypto.hpp"
#include "products/chat/apis/openai_api.hpp"

namespace odeon::chat {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

const std::string kPicture = "data:image/png;base64," + crypto::to_base64("\x89PNG");

// Members beside a model and a message.
Question asked(const std::string& members) {
  return openai_question(
      json::from<ChatCompletionRequest>(R"({"model":"small","messages":[{"role":"user","content":"Hi"}])" +
                                        (members.empty() ? "" : "," + members) + "}"));
}
Question conversation(const std::string& messages) {
  return openai_question(json::from<ChatCompletionRequest>(R"({"model":"small","messages":[)" + messages + "]}"));
}

template <class Ask>
std::vector<std::string> faults_of(Ask ask) {
  try {
    ask();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault, Fault::invalid);
    std::vector<std::string> paths;
    for (const auto& field : error.fields) paths.push_back(field.path);
    return paths;
  }
  return {};
}

TEST(OpenAiRequest, LeavesToTheModelWhatItDoesNotSay) {
  const auto question = asked("");
  EXPECT_EQ(question.model, "small");
  EXPECT_FALSE(question.streamed || question.counted || question.limited);
  EXPECT_FALSE(question.request.temperature || question.request.top_p);
  EXPECT_EQ(question.request.effort, ai::Effort::unset);
  EXPECT_TRUE(question.request.refusal_is_answer);
  EXPECT_EQ(question.request.task, "chat.api");
  EXPECT_THAT(question.request.messages, ElementsAre(ai::Message(ai::MessageRole::user, "Hi")));
}

TEST(OpenAiRequest, SaysHowToAnswer) {
  const auto question = asked(R"("stream":true,"stream_options":{"include_usage":true},"max_completion_tokens":70,
    "max_tokens":50,"temperature":0,"top_p":0.5,"stop":["a","b"],"parallel_tool_calls":false,
    "reasoning_effort":"minimal","seed":1,"user":"u","metadata":{"a":"b"},"store":false,"n":1,"logprobs":false,
    "presence_penalty":null,"logit_bias":{},"modalities":["text"],"made_up":[1]
  )");
  EXPECT_TRUE(question.streamed && question.counted && question.limited);
  const auto& request = question.request;
  EXPECT_EQ(request.max_tokens, 70);
  EXPECT_EQ(question.limit_at, "max_completion_tokens");
  EXPECT_EQ(request.temperature, 0.0);
  EXPECT_EQ(request.top_p, 0.5);
  EXPECT_THAT(request.stop, ElementsAre("a", "b"));
  EXPECT_TRUE(request.tool_choice.one_at_a_time);
  EXPECT_EQ(request.effort, ai::Effort::low);
  EXPECT_THAT(asked(R"("stop":"end")").request.stop, ElementsAre("end"));
  EXPECT_TRUE(asked(R"("stop":null)").request.stop.empty());
  EXPECT_EQ(asked(R"("max_tokens":50)").limit_at, "max_tokens");
}

TEST(OpenAiRequest, HasTools) {
  const std::string tools = R"("tools":[{"type":"function","function":{"name":"look","description":"Looks",
    "parameters":{"type":"object"},"strict":true}},{"type":"function","function":{"name":"see"}}])";
  const auto request = asked(tools + R"(,"tool_choice":{"type":"function","function":{"name":"see"}})").request;
  ASSERT_EQ(request.tools.size(), 2U);
  EXPECT_EQ(request.tools[0].name, "look");
  EXPECT_EQ(request.tools[0].description, "Looks");
  EXPECT_EQ(request.tools[0].parameters, R"({"type":"object"})");
  EXPECT_TRUE(request.tools[0].strict);
  EXPECT_EQ(request.tools[1].parameters, "");
  EXPECT_EQ(request.tool_choice.mode, ai::ToolChoice::Mode::named);
  EXPECT_EQ(request.tool_choice.name, "see");
  EXPECT_EQ(asked(tools + R"(,"tool_choice":"required")").request.tool_choice.mode, ai::ToolChoice::Mode::required);
  EXPECT_EQ(asked(tools + R"(,"tool_choice":"none")").request.tool_choice.mode, ai::ToolChoice::Mode::none);
  EXPECT_EQ(asked(R"("tool_choice":"auto")").request.tool_choice.mode, ai::ToolChoice::Mode::automatic);
}

TEST(OpenAiRequest, HasAForm) {
  EXPECT_EQ(asked(R"("response_format":{"type":"text"})").request.form.kind, ai::AnswerForm::Kind::text);
  EXPECT_EQ(asked(R"("response_format":{"type":"json_object"})").request.form.kind, ai::AnswerForm::Kind::json);
  const auto form =
      asked(R"("response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"object"}}})")
          .request.form;
  EXPECT_EQ(form.kind, ai::AnswerForm::Kind::schema);
  EXPECT_EQ(form.name, "a");
  EXPECT_EQ(form.schema, R"({"type":"object"})");
  EXPECT_FALSE(form.strict);
  const auto strict = asked(R"("response_format":{"type":"json_schema","json_schema":
    {"name":"a","description":"All.","strict":true,"schema":{"type":"object"}}})")
                          .request.form;
  EXPECT_EQ(strict.description, "All.");
  EXPECT_TRUE(strict.strict);
}

TEST(OpenAiRequest, IsAConversation) {
  const auto question = conversation(
      R"({"role":"developer","content":[{"type":"text","text":"Be "},{"type":"text","text":"kind."}]},
         {"role":"user","content":[{"type":"text","text":"What is this?"},
           {"type":"image_url","image_url":{"url":")" +
      kPicture + R"(","detail":"low"}},{"type":"image_url","image_url":{"url":"https://example.com/a.png"}},
           {"type":"image_url","image_url":{"url":"https://example.com/b.png","detail":"auto"}}]},
         {"role":"assistant","content":null,"tool_calls":[
           {"id":"c1","type":"function","function":{"name":"look","arguments":"{\"a\":1}"},
            "extra_content":{"google":{"thought_signature":"sig"}}},
           {"id":"c2","type":"function","function":{"name":"see","arguments":""}}]},
         {"role":"tool","tool_call_id":"c2","content":"two"},
         {"role":"tool","tool_call_id":"c1","content":[{"type":"text","text":"one"}]},
         {"role":"assistant","content":[{"type":"refusal","refusal":"No."}]})");
  using ai::MessageRole;
  const std::vector<ai::Message> expected{
      {MessageRole::system, {ai::TextPart{"Be "}, ai::TextPart{"kind."}}},
      {MessageRole::user,
       {ai::TextPart{"What is this?"}, ai::Picture{"image/png", "\x89PNG", "", ai::PictureDetail::low},
        ai::Picture{"", "", "https://example.com/a.png"}, ai::Picture{"", "", "https://example.com/b.png"}}},
      {MessageRole::assistant, {ai::ToolCall{"c1", "look", R"({"a":1})", "sig"}, ai::ToolCall{"c2", "see", "", ""}}},
      {MessageRole::tool, {ai::ToolResult{"c2", "see", "two"}, ai::ToolResult{"c1", "look", "one"}}},
      {MessageRole::assistant, {ai::TextPart{"No."}}}};
  EXPECT_EQ(question.request.messages, expected);
  EXPECT_EQ(question.picture_at, "messages[1].content[1].image_url.url");
}

TEST(OpenAiRequest, KeepsThoughtsOfOursAndNobodyElses) {
  const auto thoughts = [](const std::string& members) {
    return conversation(R"({"role":"assistant","content":"x",)" + members + "}").request.messages.at(0).parts;
  };
  using Parts = std::vector<ai::Part>;
  const ai::Part text = ai::TextPart{"x"};
  EXPECT_EQ(thoughts(R"("reasoning_content":"Hm.")"), (Parts{ai::Reasoning{.text = "Hm."}, text}));
  EXPECT_EQ(
      thoughts(R"("reasoning_content":"Hm.","reasoning_details":[
              {"type":"reasoning.text","format":"odeon","text":"Hm.","signature":"s"},
              {"type":"reasoning.encrypted","format":"odeon","data":"d"},
              {"type":"reasoning.text","format":"anthropic-claude-v1","text":"?","signature":"t"},3])"),
      (Parts{ai::Reasoning{.text = "Hm.", .signature = "s"}, ai::Reasoning{.signature = "d", .redacted = true}, text}));
}

TEST(OpenAiRequest, SaysWhatIsWrongWithIt) {
  struct Case {
    std::string members;
    std::string path;
  };
  const Case cases[] = {
      {R"("n":2)", "n"},
      {R"("logprobs":true)", "logprobs"},
      {R"("top_logprobs":3)", "top_logprobs"},
      {R"("functions":[{"name":"f"}])", "functions"},
      {R"("modalities":["text","audio"])", "modalities"},
      {R"("audio":{"voice":"a"})", "audio"},
      {R"("web_search_options":{})", "web_search_options"},
      {R"("temperature":2.1)", "temperature"},
      {R"("temperature":"hot")", "temperature"},
      {R"("top_p":-0.1)", "top_p"},
      {R"("max_tokens":0)", "max_tokens"},
      {R"("max_completion_tokens":-1)", "max_completion_tokens"},
      {R"("stop":["1","2","3","4","5"])", "stop"},
      {R"("stop":[1])", "stop[0]"},
      {R"("reasoning_effort":"huge")", "reasoning_effort"},
      {R"("response_format":{"type":"yaml"})", "response_format.type"},
      {R"("response_format":{"type":"json_schema"})", "response_format.json_schema"},
      {R"("tools":[{"type":"custom","custom":{"name":"c"}}])", "tools[0].type"},
      {R"("tools":[{"type":"function","function":{"name":"no spaces"}}])", "tools[0].function.name"},
      {R"("tools":[{"type":"function","function":{"name":"a"}},{"type":"function","function":{"name":"a"}}])",
       "tools[1].function.name"},
      {R"("tools":[{"type":"function","function":{"name":"a","parameters":[]}}])", "tools[0].function.parameters"},
      {R"("tool_choice":"required")", "tool_choice"},
      {R"("tool_choice":"perhaps")", "tool_choice"},
      {R"("tools":[{"type":"function","function":{"name":"a"}}],"tool_choice":{"type":"function","function":{"name":"b"}})",
       "tool_choice"},
  };
  for (const auto& [members, path] : cases) {
    const auto faults = faults_of([&] { asked(members); });
    EXPECT_TRUE(std::ranges::find(faults, path) != faults.end()) << members;
  }
}

TEST(OpenAiRequest, SaysWhatIsWrongWithAMessage) {
  struct Case {
    std::string message;
    std::string path;
  };
  const Case cases[] = {
      {R"({"role":"function","content":"x"})", "messages[0].role"},
      {R"({"role":"user"})", "messages[0].content"},
      {R"({"role":"user","content":[]})", "messages[0].content"},
      {R"({"role":"user","content":7})", "messages[0].content"},
      {R"({"role":"user","content":[{"type":"input_audio"}]})", "messages[0].content[0].type"},
      {R"({"role":"user","content":[{"type":"text"}]})", "messages[0].content[0].text"},
      {R"({"role":"user","content":["x"]})", "messages[0].content[0].type"},
      {R"({"role":"system","content":[{"type":"image_url","image_url":{"url":"https://a/b"}}]})",
       "messages[0].content[0].type"},
      {R"({"role":"user","content":[{"type":"image_url","image_url":{"url":"http://a/b.png"}}]})",
       "messages[0].content[0].image_url.url"},
      {R"({"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/tiff;base64,AAAA"}}]})",
       "messages[0].content[0].image_url.url"},
      {R"({"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,=?"}}]})",
       "messages[0].content[0].image_url.url"},
      {R"({"role":"user","content":[{"type":"image_url","image_url":{"url":"https://a/b.png","detail":"sharp"}}]})",
       "messages[0].content[0].image_url.detail"},
      {R"({"role":"user","content":[{"type":"image_url","image_url":{"url":"https://a/b.png","detail":1}}]})",
       "messages[0].content[0].image_url.detail"},
      {R"({"role":"assistant","content":null})", "messages[0].content"},
      {R"({"role":"assistant","content":""})", "messages"},
      {R"({"role":"assistant","tool_calls":[{"id":"","function":{"name":"a","arguments":""}}]})",
       "messages[0].tool_calls[0].id"},
      {R"({"role":"tool","content":"x"})", "messages[0].tool_call_id"},
      {R"({"role":"tool","content":"x","tool_call_id":"unknown"})", "messages[0].tool_call_id"},
  };
  for (const auto& [message, path] : cases) {
    const auto faults = faults_of([&] { conversation(message); });
    EXPECT_TRUE(std::ranges::find(faults, path) != faults.end()) << message;
  }
  EXPECT_THAT(faults_of([] { conversation(R"({"role":"user","content":7},{"role":"user","content":[{}]})"); }),
              UnorderedElementsAre("messages[0].content", "messages[1].content[0].type"));
  EXPECT_THAT(faults_of([] { conversation(""); }), ElementsAre("messages"));
}

json::value some_json(int depth) {
  const int kind = *rc::gen::inRange(0, depth > 0 ? 8 : 6);
  static const std::vector<std::string> words{"type",  "text",     "image_url", "url",    "function",
                                              "name",  "role",     "content",   "system", "data:image/png;base64,AA",
                                              "named", "required", "tool_use",  "input",  ""};
  if (kind == 0) return nullptr;
  if (kind == 1) return *rc::gen::arbitrary<bool>();
  if (kind == 2) return *rc::gen::arbitrary<std::int64_t>();
  if (kind == 3) return 0.5;
  if (kind < 6) return json::value(*rc::gen::elementOf(words));
  const int size = *rc::gen::inRange(0, 4);
  json::array list;
  json::object object;
  for (int i = 0; i < size; ++i) {
    list.push_back(some_json(depth - 1));
    object[*rc::gen::elementOf(words)] = some_json(depth - 1);
  }
  return kind == 6 ? json::value(list) : json::value(object);
}

// Whatever comes is a question or a fault, never anything else.
RC_GTEST_PROP(OpenAiRequests, AreReadOrRefused, ()) {
  json::object document{{"model", "m"}, {"messages", json::array{json::object{{"role", "user"}, {"content", "x"}}}}};
  static const std::vector<std::string> members{"messages",    "stop",   "tools", "tool_choice",
                                                "temperature", "stream", "audio", "response_format",
                                                "functions",   "n",      "model", "max_tokens"};
  document[*rc::gen::elementOf(members)] = some_json(4);
  if (*rc::gen::arbitrary<bool>())
    document["messages"] =
        json::array{json::object{{"role", *rc::gen::element<std::string>("user", "assistant", "tool", "system")},
                                 {"content", some_json(3)},
                                 {"tool_calls", some_json(3)},
                                 {"reasoning_details", some_json(3)},
                                 {"tool_call_id", some_json(0)}}};
  try {
    const auto question = openai_question(json::from<ChatCompletionRequest>(json::write(document)));
    RC_ASSERT(!question.request.messages.empty());
  } catch (const Error& error) {
    RC_ASSERT(error.fault == Fault::invalid);
    RC_ASSERT(!error.fields.empty());
  }
}

}  // namespace
}  // namespace odeon::chat
