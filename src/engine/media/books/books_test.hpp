// Books to test with: small stories in the five languages, with pictures that are drawn here.
#pragma once

#include <numbers>

#include "engine/media/books/book.hpp"
#include "engine/media/pictures/canvas.hpp"
#include "engine/media/pictures/encode.hpp"

namespace odeon::books::testing {

inline std::string collect(void (*write)(const Book&, const Sink&), const Book& book) {
  std::string bytes;
  write(book, [&bytes](std::string_view piece) { bytes += piece; });
  return bytes;
}

// Hills under the moon, each by its number a little different.
inline std::string scene(int number, int width, int height, pictures::Format format) {
  using namespace pictures;
  Canvas canvas(width, height);
  const double w = width, h = height, turn = number * 0.7;
  canvas.paint(LinearGradient{{0, 0}, {0, h}, {{0, {24, 38, 92}}, {0.6, {122, 104, 170}}, {1, {250, 190, 150}}}});
  for (int i = 0; i < 40; ++i)
    canvas.fill(Path::circle({std::fmod(i * 97.0 + number * 31, w), std::fmod(i * 53.0, h * 0.5)}, 1 + h / 400),
                Colour{255, 248, 220, 200});
  canvas.fill(Path::circle({w * (0.5 + 0.3 * std::cos(turn)), h * 0.25}, h * 0.11), Colour{255, 240, 190});
  for (int layer = 0; layer < 3; ++layer) {
    std::vector<Point> hill{{-50, h * 1.3}};
    for (int x = 0; x <= 6; ++x)
      hill.push_back({w * x / 6, h * (0.6 + 0.12 * layer + 0.06 * std::sin(turn + x * 1.3 + layer * 2))});
    hill.push_back({w + 50, h * 1.3});
    const auto shade = static_cast<std::uint8_t>(110 - 30 * layer);
    canvas.fill(Path::smooth(hill, true), Colour{static_cast<std::uint8_t>(shade / 2), shade, 96});
  }
  const Point head{w * (0.3 + 0.08 * (number % 5)), h * 0.66};
  canvas.fill(Path::rounded({head.x - h * 0.05, head.y, h * 0.1, h * 0.2}, h * 0.04), Colour{214, 69, 65});
  canvas.fill(Path::circle(head, h * 0.06), Colour{246, 205, 168});
  canvas.fill(Path().arc(head, h * 0.062, std::numbers::pi, 2 * std::numbers::pi).close(), Colour{84, 50, 30});
  return encode(std::move(canvas).finish(), format, {.quality = 85});
}

// Not a sound, but of the size of one.
inline Narration fake_narration(Millis duration) {
  return {.bytes = std::string(4096, '\x55'), .duration = duration, .narrator = "Ada Stimme"};
}

// Gives every sentence two and a half seconds and 7 ms, from half a second on.
inline void narrate(Book& book) {
  Millis now(500);
  for (Page& page : book.pages)
    for (Sentence& sentence : page.sentences) {
      sentence.begins = now;
      now += Millis(2507);
    }
  book.narration = fake_narration(now + Millis(321));
}

struct Tale {
  std::string language, title;
  std::vector<std::vector<std::string>> pages;
};

inline const std::vector<Tale>& tales() {
  static const std::vector<Tale> all{
      {"en",
       "Luna and the Lantern of the Firefly Forest",
       {{"Once upon a time, in a little house at the edge of the Firefly Forest, there lived a brave and curious girl "
         "called Luna.",
         "Every evening she waved to the moon, and every evening the moon seemed to wave back.",
         "But tonight the sky "
         "was dark.",
         "“Where have you gone?” whispered Luna.",
         "She put on her red boots, took her grandfather’s old "
         "lantern and tiptoed out of the door."},
        {"Between the trees it was so quiet that she could hear her own heart.",
         "A tiny firefly landed on her sleeve 🌟 "
         "and said, “Finally! We have been waiting for someone who is not afraid of a difficult night.”",
         "“I am a bit afraid,” said Luna.", "“That is fine,” said the firefly. “The brave ones always are.”"},
        {"Together they climbed the highest hill.",
         "There sat the moon, caught in the branches of an old oak, and "
         "it looked rather embarrassed.",
         "Luna climbed up, one branch after another, and gave it a gentle push.",
         "Up it floated, round and golden, and all the forest began to shine."},
        {"Since that night Luna has had a friend who never forgets to say good night. ❤️"}}},
      {"de",
       "Emil, der Fuchs und die größte Brücke der Welt",
       {{"Emil war fünf Jahre alt und baute am liebsten Brücken: aus Löffeln, aus Büchern und einmal sogar aus "
         "Pfannkuchen.",
         "„Heute“, sagte er zum Fuchs, „bauen wir die größte Brücke der Welt.“"},
        {"Sie sammelten Äste, Seile und eine Donaudampfschifffahrtsgesellschaftskapitänsmütze.",
         "Dann überquerten sie den Bach, ganz ohne nasse Füße."}}},
      {"fr",
       "Chloé et l’île aux étoiles",
       {{"Il était une fois une petite fille qui s’appelait Chloé.",
         "« Où vont les étoiles quand il fait jour ? » "
         "demanda-t-elle à sa grand-mère.",
         "« Elles dorment sur une île, bien sûr ! »"},
        {"Alors Chloé prit son cœur à deux mains, son bateau bleu, et partit à l’aventure."}}},
      {"es",
       "Íñigo y el dragón que tenía frío",
       {{"Había una vez un niño llamado Íñigo que no les tenía miedo a los dragones.",
         "—¿Por qué tiemblas? —le "
         "preguntó al más pequeño de todos.",
         "—¡Porque he perdido mi fuego! —respondió el dragón."}}},
      {"it",
       "Sofia e la città sotto il mare",
       {{"C’era una volta una bambina che sapeva parlare con i pesci.", "«Perché siete così tristi?» chiese Sofia.",
         "«La nostra città ha perso i suoi colori», rispose il più vecchio."}}}};
  return all;
}

inline Book book_of(const Tale& tale, int number) {
  Book book{.title = tale.title,
            .author = "Maja Brun",
            .language = tale.language,
            .identifier = fmt::format("018f3c52-0000-7000-8000-00000000000{}", number),
            .date = std::chrono::sys_days(std::chrono::year(2026) / 11 / 20) + std::chrono::hours(7),
            .description = "A story for bedtime & brave hearts.",
            .cover = Picture{scene(number, 1000, 1000, pictures::Format::jpeg), "The hero of the story on a hill"}};
  for (const auto& sentences : tale.pages) {
    Page& page = book.pages.emplace_back();
    for (const auto& sentence : sentences) page.sentences.push_back({sentence});
    page.picture = Picture{scene(number + static_cast<int>(book.pages.size()), 1200, 800, pictures::Format::jpeg),
                           "A child walks over hills under the moon"};
  }
  return book;
}

// What nobody should write and somebody will.
inline Book hostile_book() {
  std::string evil = "</p><script>alert('x')</script> ]]> &amp; & \" ' {{}} <!-- ";
  evil += std::string("\0\x01\x08\x0B\x1F\x7F", 6);
  evil +=
      "\xC2\x85\xE2\x80\xA8\xE2\x80\xAE"
      "desrever\xE2\x81\xA6 \xEF\xBF\xBF \xEF\xB7\x90 \xED\xA0\x80 \xFF\xC3 ";
  evil += "👩‍👩‍👧‍👦🇩🇪👍🏽 שלום עולם مرحبا 日本語 Ä\u0308\u0301\u0302";
  Book book{.title = evil,
            .author = evil,
            .language = "en-GB",
            .identifier = "018F3C52-AAAA-7000-8000-000000000009",
            .date = std::chrono::sys_days(std::chrono::year(1999) / 12 / 31),
            .description = evil,
            .cover = Picture{scene(3, 40, 900, pictures::Format::png), evil}};
  book.pages.push_back({});
  book.pages.push_back({.sentences = {{""}, {"\x01 \n"}}});
  book.pages.push_back({.sentences = {{evil}, {std::string(3000, 'W')}, {evil, {}, true}}});
  book.pages.push_back({.picture = Picture{scene(4, 2000, 30, pictures::Format::png), ""}});
  std::string many;
  for (int i = 0; i < 700; ++i) many += fmt::format("word{} ", i % 100);
  many.resize(kMaxSentence);
  book.pages.push_back(
      {.sentences = {{many}, {many}}, .picture = Picture{scene(5, 300, 300, pictures::Format::jpeg), evil}});
  return book;
}

}  // namespace odeon::books::testing
