#include "engine/ai/catalogue.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "base/error.hpp"

namespace odeon::ai {
namespace {

using ::testing::HasSubstr;

const Catalogue& standard() {
  static const Catalogue all = Catalogue::standard();
  return all;
}

TEST(Catalogue, KnowsEveryNameOfTheSpecs) {
  const std::vector<std::pair<const char*, ModelKind>> names{
      {"gpt-4o", ModelKind::text},
      {"gpt-4o-mini", ModelKind::text},
      {"gpt-5", ModelKind::text},
      {"gpt5", ModelKind::text},
      {"claude-3-5-sonnet", ModelKind::text},
      {"claude-3-5-sonnet-20241022", ModelKind::text},
      {"claude-3-opus", ModelKind::text},
      {"claude-3-haiku", ModelKind::text},
      {"claude", ModelKind::text},
      {"gemini-2.5-flash", ModelKind::text},
      {"gemini-2.0-flash", ModelKind::text},
      {"gemini-1.5-pro", ModelKind::text},
      {"grok-3", ModelKind::text},
      {"deepseek-chat", ModelKind::text},
      {"deepseek-r1", ModelKind::text},
      {"deepseek", ModelKind::text},
      {"mistral-large", ModelKind::text},
      {"llama-3.1-70b", ModelKind::text},
      {"qwen", ModelKind::text},
      {"pixtral", ModelKind::text},
      {"dall-e-3", ModelKind::image},
      {"gemini-2.5-flash", ModelKind::image},  // as the studio calls it
      {"nano-banana-pro", ModelKind::image},
      {"flux", ModelKind::image},
      {"kling", ModelKind::video},
      {"tts-1", ModelKind::speech},
      {"tts-1-hd", ModelKind::speech},
      {"elevenlabs", ModelKind::speech},
      {"cartesia", ModelKind::speech},
      {"kokoro", ModelKind::speech},
      {"whisper-1", ModelKind::transcription},
  };
  for (const auto& [name, kind] : names) {
    const ModelCard* card = standard().find(name, kind);
    ASSERT_NE(card, nullptr) << name;
    EXPECT_EQ(card->kind, kind) << name;
    EXPECT_NE(standard().find(name), nullptr) << name;
  }
  EXPECT_EQ(standard().find("gpt-99"), nullptr);
  EXPECT_EQ(standard().find("gpt-4o", ModelKind::image), nullptr);
}

TEST(Catalogue, FindsByOfferToo) {
  EXPECT_EQ(standard().find("openai/gpt-4o")->name, "gpt-4o");
  EXPECT_EQ(standard().find("openrouter/openai/gpt-4o")->name, "gpt-4o");
  EXPECT_EQ(standard().offer("openai/gpt-4o")->price.input, 2'500'000'000);
  EXPECT_EQ(standard().offer("gpt-4o"), nullptr);
  EXPECT_EQ(standard().find("gemini-2.5-flash")->kind, ModelKind::text);
}

TEST(Catalogue, SellsTextFromTwoSidesAtASensiblePrice) {
  for (const auto& card : standard().models()) {
    if (card.kind != ModelKind::text) continue;
    EXPECT_GT(card.window, 0) << card.name;
    for (const auto& offer : card.offers) {
      const Price& price = offer.price;
      EXPECT_GT(price.input, 0) << offer.name();
      EXPECT_GE(price.output, price.input) << offer.name();
      EXPECT_LE(price.cached, price.input / 2) << offer.name();
      if (price.cache_write >= 0) EXPECT_GE(price.cache_write, price.input) << offer.name();
      if (price.cache_write_1h >= 0) EXPECT_GE(price.cache_write_1h, price.cache_write) << offer.name();
    }
    const bool open_weights = card.name.starts_with("llama-3.1") || card.name.starts_with("qwen");
    EXPECT_GE(card.offers.size(), open_weights ? 1U : 2U) << card.name;
    EXPECT_EQ(card.offers.back().provider == "openrouter" || card.offers.front().provider == "openrouter", true)
        << card.name;
  }
}

TEST(Catalogue, SellsWhatCanWaitWhereThatIsKnownToBeSo) {
  for (const auto& card : standard().models())
    for (const auto& offer : card.offers) {
      const bool sold = card.kind == ModelKind::text && (offer.provider == "openai" || offer.provider == "anthropic");
      EXPECT_EQ(offer.batch, sold ? 50 : 0) << offer.name();
    }
}

std::string fault_of(const std::string& document) {
  try {
    Catalogue::from_toml(document, "own.toml");
  } catch (const Error& error) {
    EXPECT_EQ(error.fault, Fault::invalid);
    return error.message;
  }
  return "";
}

// A good model, to spoil.
const std::string kGood = R"([[model]]
name = "one"
aliases = ["uno"]
window = 1000
can = ["tools"]
price = { input = "1", output = 2.5 }
offer = [{ provider = "a", id = "x/one" }]
)";

TEST(Catalogue, ReadsWhatIsWritten) {
  const Catalogue all = Catalogue::from_toml(kGood + R"(
[[model]]
name = "two"
kind = "speech"
[[model.offer]]
provider = "b"
id = "two"
price = { characters = 0.000000001 }
)");
  const ModelCard& one = *all.find("uno");
  EXPECT_EQ(one.name, "one");
  EXPECT_EQ(one.window, 1000);
  EXPECT_TRUE(one.tools);
  EXPECT_FALSE(one.json);
  EXPECT_EQ(one.offers.front().name(), "a/x/one");
  EXPECT_EQ(one.offers.front().price.input, 1'000'000'000);
  EXPECT_EQ(one.offers.front().price.output, 2'500'000'000);
  EXPECT_EQ(one.offers.front().price.cached, -1);
  EXPECT_EQ(all.offer("b/two")->price.characters, 1);
}

TEST(Catalogue, SaysWhichModelWhichKeyAndWhy) {
  const std::string in_one = kGood.substr(0, kGood.find("price"));
  const std::string offered = R"(offer = [{ provider = "a", id = "i" }])";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "there must be models"},
      {"[[model]", "own.toml"},
      {"color = 1\n" + kGood, "own.toml:1: the file.color: no such setting"},
      {kGood + "color = 1\n", "own.toml:8: one.color: no such setting"},
      {"[[model]]\nwindow = 1\n", "model 1: name must be a text"},
      {kGood + kGood, "one: one means one already"},
      {kGood + "[[model]]\nname = \"uno\"\nprice = { input = 1 }\n" + offered, "uno: uno means one already"},
      {kGood + "[[model]]\nname = \"two\"\nprice = { input = 1 }\noffer = [{ provider = \"a\", id = \"x/one\" }]",
       "two: a/x/one is offered already"},
      {kGood + "kind = \"smell\"\n", "one.kind: must be text, speech"},
      {in_one + "price = { input = 1 }\n", "one: offer must be a list"},
      {in_one + "price = { input = 1 }\noffer = []\n", "one: offer must be a list"},
      {in_one + offered, "one.offer[0]: there is no price"},
      {in_one + "price = {}\n" + offered, "one.price: names no price"},
      {in_one + "price = { inputs = 1 }\n" + offered, "one.price.inputs: no such setting"},
      {in_one + "price = { input = -1 }\n" + offered, "one.price.input: must be a number from 0 to 100000"},
      {in_one + "price = { input = \"1e3\" }\n" + offered, "one.price.input: must be a number"},
      {in_one + "price = { input = \"1,5\" }\n" + offered, "one.price.input: must be a number"},
      {in_one + "price = { input = 0.0000000001 }\n" + offered, "one.price.input: must be a number"},
      {in_one + "price = { input = nan }\n" + offered, "one.price.input: must be a number"},
      {in_one + "price = { input = 100001 }\n" + offered, "one.price.input: must be a number"},
      {in_one + "price = { input = true }\n" + offered, "one.price.input: must be a number"},
      {in_one + "price = { input = 1, when_long = { above = 0, input = 2, output = 2 } }\n" + offered,
       "one.price.when_long.above: must be a whole number from 1"},
      {in_one + "price = { input = 1, when_long = { above = 5, input = 0.5, output = 2 } }\n" + offered,
       "one.price.when_long: input must be from 1 to 10"},
      {in_one + "price = { input = 1, when_long = { above = 5, input = 1.555, output = 2 } }\n" + offered,
       "one.price.when_long: input must be from 1 to 10"},
      {in_one + "price = { input = 1 }\noffer = [{ provider = \"a/b\", id = \"i\" }]",
       "provider must not have a slash"},
      {in_one + "price = { input = 1 }\noffer = [{ provider = \"a\" }]", "one.offer[0]: id must be a text"},
      {in_one + "price = { input = 1 }\noffer = [{ provider = \"a\", id = \"i\", batch = 101 }]",
       "one.offer[0].batch: must be a whole number from 1 to 100"},
      {in_one + "price = { input = 1 }\noffer = [{ provider = \"a\", id = \"i\", batch = 0 }]",
       "one.offer[0].batch: must be a whole number from 1 to 100"},
      {kGood.substr(0, kGood.find("offer")) +
           "kind = \"speech\"\noffer = [{ provider = \"a\", id = \"i\", batch = 50 }]",
       "one.offer[0]: only texts are asked for in batches"},
      {in_one + "price = { input = 1 }\noffer = [7]", "one.offer[0]: must be a table"},
      {kGood + "max_output = 1001\n", "one: max_output is more than the window holds"},
      {kGood + "max_output = 1.5\n", "one.max_output: must be a whole number"},
      {"[[model]]\nname = \"two\"\ncan = [\"fly\"]\nprice = { input = 1 }\n" + offered, "two.can: fly is not known"},
      {"[[model]]\nname = \"two\"\naliases = [7]\nprice = { input = 1 }\n" + offered,
       "two.aliases: must be a list of texts"},
  };
  for (const auto& [document, fault] : cases) EXPECT_THAT(fault_of(document), HasSubstr(fault)) << document;
}

TEST(Catalogue, SaysAllThatIsWrong) {
  const std::string fault = fault_of("[[model]]\nname = \"one\"\nkind = 7\nwindow = \"wide\"\n");
  EXPECT_THAT(fault, HasSubstr("kind must be a text"));
  EXPECT_THAT(fault, HasSubstr("one.window"));
  EXPECT_THAT(fault, HasSubstr("offer must be a list"));
}

// A price is what is written, to the last digit, as a number and as a text.
RC_GTEST_PROP(Catalogue, LosesNothingOfAPrice, ()) {
  const auto nano =
      *rc::gen::oneOf(rc::gen::inRange<std::int64_t>(0, 1'000'000), rc::gen::inRange<std::int64_t>(0, 999'999'999'999));
  const std::string number = fmt::format("{}.{:09}", nano / 1'000'000'000, nano % 1'000'000'000);
  for (const auto& written : {number, '"' + number + '"'}) {
    const Catalogue all = Catalogue::from_toml(
        "[[model]]\nname = \"m\"\noffer = [{ provider = \"p\", id = \"i\", price = { input = " + written + " } }]");
    RC_ASSERT(all.offer("p/i")->price.input == nano);
  }
}

}  // namespace
}  // namespace odeon::ai
