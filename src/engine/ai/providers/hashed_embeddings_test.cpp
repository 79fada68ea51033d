#include "engine/ai/providers/hashed_embeddings.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <numeric>

namespace odeon::ai {
namespace {

float likeness(std::string_view a, std::string_view b) {
  const auto left = hashed_embedding(a), right = hashed_embedding(b);
  return std::inner_product(left.begin(), left.end(), right.begin(), 0.0F);
}

struct Memory {
  const char* kept;
  const char* asked;  // about it, in other words
  const char* other;  // of something else
};

TEST(HashedEmbeddings, FindWhatIsMeantByTheStemsOfWords) {
  const Memory memories[] = {
      {"My daughter's favourite colour is green.", "Which colours does my daughter like?",
       "The train to Berlin leaves at nine."},
      {"I am allergic to peanuts.", "Do I have any allergies?", "We will meet on Tuesday afternoon."},
      {"Ich habe zwei Hunde und eine Katze.", "Wie heißt dein Hund?", "Das Konzert beginnt am Freitag."},
      {"J'habite à Lyon depuis cinq ans.", "Où est-ce que tu habites ?", "Le chien dort dans le jardin."},
      {"Trabajo como enfermera en un hospital.", "¿Dónde trabajas?", "Mañana vamos a la playa."},
      {"Studio il pianoforte da tre anni.", "Quale strumento studi?", "Il treno parte alle nove."},
      {"Kahvemi şekersiz içerim.", "Kahveni şekerli mi içersin?", "Yarın Ankara'ya uçuyorum."},
      {"Я работаю программистом в Москве.", "Где ты работаешь?", "Завтра будет сильный дождь."},
      {"Mieszkam w Krakowie z siostrą.", "Gdzie mieszkasz?", "Pociąg odjeżdża o dziewiątej."},
      {"Δουλεύω σε ένα νοσοκομείο.", "Πού δουλεύεις;", "Αύριο θα βρέξει πολύ."},
      {"私は毎朝コーヒーを飲みます。", "コーヒーは好きですか？", "明日は雨が降るでしょう。"},
      {"我喜欢喝绿茶。", "你喝什么茶？", "明天会下雨。"},
      {"저는 서울에서 일합니다.", "서울에 살아요?", "내일 비가 올 거예요."},
  };
  for (const auto& each : memories)
    EXPECT_GT(likeness(each.kept, each.asked), likeness(each.kept, each.other) + 0.1F) << each.kept;
}

TEST(HashedEmbeddings, FindTheRightOneOfMany) {
  const std::vector<std::string> kept{
      "Her birthday is on the third of March.",     "He plays tennis every weekend.",
      "Their flat in Lisbon has two bedrooms.",     "She is vegetarian and loves mushrooms.",
      "The project's deadline is the end of June.", "His sister studies medicine in Vienna."};
  const std::pair<const char*, std::size_t> questions[] = {
      {"When is her birthday?", 0},           {"Who is playing tennis?", 1},
      {"How many bedrooms are there?", 2},    {"a vegetarian dinner with mushroom sauce", 3},
      {"When are the project deadlines?", 4}, {"What does his sister study?", 5}};
  for (const auto& [question, right] : questions) {
    const auto best =
        std::ranges::max_element(kept, {}, [question](const std::string& text) { return likeness(question, text); });
    EXPECT_EQ(static_cast<std::size_t>(best - kept.begin()), right) << question;
  }
}

TEST(HashedEmbeddings, AreTheSameEverywhere) {
  EXPECT_EQ(hashed_embedding("Café CRÈME, Ärger; ĞÜLE!"), hashed_embedding("cafe creme arger gule"));
  EXPECT_EQ(hashed_embedding("Cafe\u0301"), hashed_embedding("café"));
  EXPECT_EQ(hashed_embedding("МОСКВА"), hashed_embedding("москва"));
  // Kept vectors are compared with new ones: whatever changes here needs another name.
  const auto vector = hashed_embedding("odeon");
  std::uint64_t sum = 0;
  for (const float number : vector) sum = sum * 31 + static_cast<std::uint64_t>(std::lround(number * 1000) + 1000);
  EXPECT_EQ(sum, 1558054916961392121U);
}

TEST(HashedEmbeddings, HaveNothingToSayOfNothing) {
  for (const char* nothing : {"", " ", "?!… 。", "\xFF\xFE"})
    EXPECT_EQ(hashed_embedding(nothing), std::vector<float>(kHashedDimensions)) << nothing;
}

TEST(HashedEmbeddings, AreAModelLikeOthers) {
  ThreadPool pool(1);
  HashedEmbeddings model(pool);
  const auto found = run_task(model.embed({.texts = {"one", "two"}, .dimensions = 64}));
  EXPECT_EQ(found.vectors, (std::vector<std::vector<float>>{hashed_embedding("one"), hashed_embedding("two")}));
  EXPECT_EQ(found.model, "odeon-offline/hashed-words");
  EXPECT_FALSE(found.usage.anything());
  pool.join();
}

RC_GTEST_PROP(HashedEmbeddings, AreOfLengthOneWhateverComes, (const std::string& bytes)) {
  const auto vector = hashed_embedding(bytes);
  const double length = std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0);
  RC_ASSERT(vector.size() == kHashedDimensions);
  RC_ASSERT(length == 0 || std::abs(length - 1) < 1e-3);
}

}  // namespace
}  // namespace odeon::ai
