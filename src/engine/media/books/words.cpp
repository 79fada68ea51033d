#include "engine/media/books/words.hpp"

#include <array>
#include <string>
#include <utility>

#include "base/text.hpp"

namespace odeon::books {
namespace {

constexpr std::array<std::pair<std::string_view, Words>, 5> kWords{{
    {"en",
     {.cover = "Cover",
      .contents = "Contents",
      .page = "Page",
      .read_by = "Read by",
      .described = "Its pictures are described in words.",
      .narrated = "The text can be heard, and the sentence that is read is highlighted.",
      .legible = "Any reader can enlarge the text or read it aloud."}},
    {"es",
     {.cover = "Portada",
      .contents = "Índice",
      .page = "Página",
      .read_by = "Leído por",
      .described = "Sus imágenes están descritas con palabras.",
      .narrated = "El texto se puede escuchar, y se resalta la frase que se lee.",
      .legible = "Cualquier lector puede ampliar el texto o leerlo en voz alta."}},
    {"fr",
     {.cover = "Couverture",
      .contents = "Table des matières",
      .page = "Page",
      .read_by = "Lu par",
      .described = "Ses images sont décrites par des mots.",
      .narrated = "Le texte peut être écouté, et la phrase lue est surlignée.",
      .legible = "Toute liseuse peut agrandir le texte ou le lire à voix haute."}},
    {"de",
     {.cover = "Umschlag",
      .contents = "Inhalt",
      .page = "Seite",
      .read_by = "Gelesen von",
      .described = "Die Bilder sind in Worten beschrieben.",
      .narrated = "Der Text ist zu hören, und der gelesene Satz wird hervorgehoben.",
      .legible = "Jedes Lesegerät kann den Text vergrößern oder vorlesen."}},
    {"it",
     {.cover = "Copertina",
      .contents = "Indice",
      .page = "Pagina",
      .read_by = "Letto da",
      .described = "Le immagini sono descritte a parole.",
      .narrated = "Il testo si può ascoltare, e la frase letta viene evidenziata.",
      .legible = "Ogni lettore può ingrandire il testo o leggerlo ad alta voce."}},
}};

}  // namespace

const Words& words_in(std::string_view language) {
  const std::string primary = text::to_lower(language.substr(0, language.find('-')));
  for (const auto& [tag, words] : kWords)
    if (tag == primary) return words;
  return kWords[0].second;
}

}  // namespace odeon::books
