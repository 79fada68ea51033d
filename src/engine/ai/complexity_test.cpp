#include "engine/ai/complexity.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

namespace odeon::ai {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Labelled {
  bool reasoning;
  const char* prompt;
};

// What people ask, and whether it wants to be thought through.
const std::vector<Labelled>& prompts() {
  static const std::vector<Labelled> all{
      // English
      {false, "What's the capital of Australia?"},
      {false, "Translate \"good morning\" into Japanese."},
      {false, "Write a birthday message for my grandmother."},
      {false, "Summarize this article in three sentences."},
      {false, "Give me five names for a coffee shop."},
      {false, "What time is it in Tokyo when it is noon in Berlin?"},
      {false, "Fix the spelling: 'I recieved teh lettr'."},
      {false, "Tell me a joke about penguins."},
      {false, "List the planets of the solar system."},
      {false, "Please rewrite this mail so that it sounds friendlier."},
      {false, "Return; I said return to the house; then close the door."},
      {true, "Prove that the square root of two is irrational."},
      {true, "Compare PostgreSQL and MySQL for a write-heavy workload."},
      {true, "Walk me through it step by step."},
      {true, "Why does my recursive function overflow the stack, and how should I rewrite it?"},
      {true, "Analyze the trade-offs between monoliths and microservices for a team of five."},
      {true, "Which is better for us, given that we have two developers: React Native or Flutter?"},
      {true, "Derive the quadratic formula."},
      {true, "Find the root cause of these latency spikes."},
      {true, "Design a rate limiter for a distributed API."},
      {true, "What would happen if the moon disappeared?"},
      {true, "1. Read the table\n2. Compute the median of every column\n3. Plot the result and comment on it"},
      {true, "How old is she? Who was her father? Where did they live, and did they ever meet again? Were they happy?"},
      {true, "What does this do?\n```python\nprint([x for x in range(10)])\n```"},
      {true, "for (int i = 0; i < n; ++i) {\n  total += values[i];\n}\nIs there an overflow?"},
      {true, "Integrate x^2 * sin(x) from 0 to pi."},
      {true, "Evaluate \\int_0^1 \\frac{1}{1+x} dx"},
      {true, "Estimate the cost and explain the consequences for next year's budget."},
      // German
      {false, "Wie heißt die Hauptstadt von Finnland?"},
      {false, "Schreib mir ein Gedicht über den Herbst."},
      {false, "Übersetze das bitte ins Englische."},
      {false, "Nenne mir drei gute Restaurants in Köln."},
      {false, "Fasse den Text kurz zusammen."},
      {true, "Vergleiche die gesetzliche mit der privaten Krankenversicherung."},
      {true, "Erkläre mir Schritt für Schritt, was hier passiert."},
      {true, "Beweise, dass es unendlich viele Primzahlen gibt."},
      {true, "Warum ist der Himmel blau, und was folgt daraus? Berechne die Streuung."},
      {true, "Welche Vor- und Nachteile hat eine Wärmepumpe?"},
      {true, "ANALYSIERE bitte die Ursachen der Inflation."},
      // French
      {false, "Quelle est la capitale du Canada ?"},
      {false, "Écris une lettre de remerciement à ma voisine."},
      {false, "Donne-moi une recette de crêpes."},
      {false, "Traduis cette phrase en espagnol."},
      {true, "Démontre que la somme des angles d'un triangle vaut 180 degrés."},
      {true, "Comparez les avantages et inconvénients du nucléaire."},
      {true, "Explique-moi étape par étape comment résoudre ce problème."},
      {true, "Pourquoi les prix montent-ils, et quelles en sont les conséquences ?"},
      // Spanish
      {false, "¿Cuál es la capital de Perú?"},
      {false, "Escribe un poema sobre el mar."},
      {false, "Recomiéndame una película para esta noche."},
      {false, "Traduce esto al inglés, por favor."},
      {true, "Demuestra el teorema de Pitágoras."},
      {true, "Analiza las causas de la Primera Guerra Mundial."},
      {true, "¿Por qué cae la presión y qué diferencia hay con el otro motor?"},
      {true, "Resuelve el ejercicio paso a paso."},
      // Italian
      {false, "Qual è la capitale della Svizzera?"},
      {false, "Scrivi un messaggio di auguri per mia sorella."},
      {true, "Confronta i due contratti e spiega le differenze."},
      {true, "Analizza il bilancio dell'azienda."},
      // Turkish
      {false, "Türkiye'nin başkenti neresidir?"},
      {false, "Annem için kısa bir doğum günü mesajı yaz."},
      {false, "Bunu İngilizceye çevir."},
      {false, "Bana üç tane kitap öner."},
      {true, "İki sözleşmeyi karşılaştırın."},
      {true, "Bu problemi adım adım çözer misin?"},
      {true, "Neden fiyatlar artıyor ve sonuçları ne olur?"},
      {true, "Bu kodun neden yavaş olduğunu analiz et."},
      // Others
      {false, "Qual é a capital do Brasil?"},
      {true, "Quais são as vantagens e desvantagens de cada opção?"},
      {false, "Как зовут президента Франции?"},
      {true, "Докажи, что корень из двух иррационален."},
      {true, "СРАВНИ эти два подхода."},
      {false, "法国的首都是哪里？"},
      {false, "帮我写一封感谢信。"},
      {true, "请一步一步地解释这个算法。"},
      {true, "比较这两种方案的优缺点。"},
      {false, "フランスの首都はどこですか。"},
      {true, "この二つの方法を比較してください。"},
      {false, "프랑스의 수도는 어디입니까?"},
      {true, "두 가지 방법의 장단점을 비교해 주세요."},
  };
  return all;
}

// Something to ask about, that itself asks nothing.
std::string padding(std::size_t words) {
  std::string text;
  for (std::size_t i = 0; i < words; ++i) text += i % 12 == 11 ? "the harbour.\n" : "old boats lay near ";
  return text;
}

TEST(Complexity, KnowsWhatWantsToBeThoughtThrough) {
  for (const auto& [reasoning, prompt] : prompts()) {
    const Assessment found = assess(prompt);
    EXPECT_EQ(found.reasoning, reasoning) << prompt;
    EXPECT_EQ(found.complexity, Complexity::simple) << prompt;
  }
}

TEST(Complexity, ThatIsComplexWhereItIsLongToo) {
  const std::string about = padding(400), much_about = padding(800);
  for (const auto& [reasoning, prompt] : prompts()) {
    const auto asked = prompt + ("\n" + much_about);
    EXPECT_EQ(assess(asked).complexity, reasoning ? Complexity::complex : Complexity::medium) << prompt;
    EXPECT_EQ(assess(much_about + "\n" + prompt).complexity, reasoning ? Complexity::complex : Complexity::medium)
        << prompt;
    EXPECT_EQ(assess(prompt + ("\n" + about.substr(0, 3'000))).complexity, Complexity::medium) << prompt;
  }
}

TEST(Complexity, SaysByWhatItShows) {
  EXPECT_THAT(assess("Good morning!").signs, IsEmpty());
  EXPECT_THAT(assess("Prove it.").signs, ElementsAre("words"));
  EXPECT_THAT(assess("Why?").signs, ElementsAre("words"));
  EXPECT_FALSE(assess("Why?").reasoning) << "one weak sign is not enough";
  EXPECT_THAT(assess("1. a\n2. b\n 3) c").signs, ElementsAre("steps"));
  EXPECT_THAT(assess("1. a\n2. b\n").signs, IsEmpty());
  EXPECT_THAT(assess("a? b? c?").signs, ElementsAre("questions"));
  EXPECT_THAT(assess("١؟ ٢؟ ٣؟").signs, ElementsAre("questions"));
  EXPECT_THAT(assess("```\nx\n```").signs, ElementsAre("code"));
  EXPECT_THAT(assess("∑ over all i").signs, ElementsAre("maths"));
  EXPECT_THAT(assess("−5 °C, ∼10 % and ≤ 20 ms: ^_^ \\o/").signs, IsEmpty());
  EXPECT_THAT(assess("Compare 1? 2? 3? x^2 ```").signs, ElementsAre("words", "questions", "code", "maths"));
}

// Words within words, and across the places that are looked at.
TEST(Complexity, LooksAtWholeWords) {
  for (const char* prompt :
       {"The proven comparator went to the shop.", "Unprove", "provenance", "xcompare", "disproved"})
    EXPECT_FALSE(assess(prompt).reasoning) << prompt;
  for (const char* prompt : {"COMPARE", "compare", "(compare)", "compare\n", "Please,compare:", "“Compare”",
                             "¿Compare?", "überlege und vergleiche"})
    EXPECT_TRUE(assess(prompt).reasoning) << prompt;
}

TEST(Complexity, OfWhatIsPastedAsksNothing) {
  const std::string middle = padding(400) + "compare, analyze, prove it step by step. " + padding(400);
  EXPECT_EQ(assess("Shorten this:\n" + middle).complexity, Complexity::medium);
  EXPECT_EQ(assess("Compare these:\n" + middle).complexity, Complexity::complex);
}

TEST(Complexity, FollowsTheThresholds) {
  std::string text;
  while (assess(text + "a").tokens <= kMediumTokens) text += "a b c d e ";
  while (assess(text).tokens > kMediumTokens) text.pop_back();
  ASSERT_EQ(assess(text).tokens, kMediumTokens);
  EXPECT_EQ(assess(text).complexity, Complexity::simple);
  EXPECT_EQ(assess(text + " f g").complexity, Complexity::medium);
}

RC_GTEST_PROP(Complexity, HoldsAnyBytes, (const std::string& bytes)) {
  const Assessment found = assess(bytes);
  RC_ASSERT(found.tokens >= 0);
  RC_ASSERT(found.signs.size() <= 5);
  RC_ASSERT(found.complexity != Complexity::complex || found.reasoning);
}

// Of the pieces that matter: cut characters, fences, marks.
RC_GTEST_PROP(Complexity, HoldsAnythingMadeOfItsSigns, ()) {
  const auto pieces = *rc::gen::container<std::vector<std::string>>(
      rc::gen::element<std::string>("```", "1. ", "\n", "?", "\xE2", "\xE2\x88", "\xC4", "\xD0", "\xEF\xBC", "\\frac",
                                    "x^", "step by ", "step", "逐步", "\xE9", "İ", ");", " "));
  std::string text;
  for (const auto& piece : pieces) text += piece;
  RC_ASSERT(assess(text).reasoning == assess(text).reasoning);
  RC_ASSERT(assess(text + "\nProve it.").reasoning);
}

TEST(Complexity, OfHugeTextsIsToldByTheirEnds) {
  const std::string huge(64 << 20, 'x');
  EXPECT_EQ(assess(huge).complexity, Complexity::medium);
  EXPECT_EQ(assess(huge + " Analyze this.").complexity, Complexity::complex);
}

}  // namespace
}  // namespace odeon::ai
