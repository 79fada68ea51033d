#include "products/stories/feed_channel.hpp"

#include <array>
#include <cmath>

#include "base/text.hpp"
#include "engine/media/books/plain_text.hpp"

namespace odeon::stories {
namespace {

constexpr std::size_t kFeedDescription = 500;  // code points of the story

struct ChannelWords {
  const char *title, *description;
};

// In the order of Language.
constexpr std::array<ChannelWords, kLanguages.size()> kChannelWords{
    {{"Your stories", "The stories of your heroes, read aloud. This address is yours alone: do not pass it on."},
     {"Tus cuentos", "Los cuentos de tus héroes, leídos en voz alta. Esta dirección es solo tuya: no la compartas."},
     {"Tes histoires",
      "Les histoires de tes héros, lues à voix haute. Cette adresse n’est qu’à toi : ne la transmets pas."},
     {"Deine Geschichten",
      "Die Geschichten deiner Helden, vorgelesen. Diese Adresse gehört nur dir: Gib sie nicht weiter."},
     {"Le tue storie",
      "Le storie dei tuoi eroi, lette ad alta voce. Questo indirizzo è solo tuo: non darlo a nessuno."}}};

std::string beginning_of(std::string_view content) {
  const auto begins = text::prefix(content, kFeedDescription);
  return begins.size() < content.size() ? fmt::format("{} …", begins) : std::string(begins);
}

}  // namespace

feeds::Channel private_channel(Language language) {
  const auto& words = kChannelWords.at(static_cast<std::size_t>(language));
  return {.title = words.title,
          .description = words.description,
          .author = "Odeon",
          .language = std::string(code_of(language)),
          .is_private = true,
          .category = "Kids & Family > Stories for Kids"};
}

feeds::Item item_of(const HeardTale& tale) {
  return {.guid = tale.id,
          .title = books::plain_text(tale.title),
          .description = books::plain_text(beginning_of(tale.content)),
          .published = tale.created_at,
          .audio_bytes = tale.audio_bytes,
          .seconds = static_cast<std::int64_t>(std::ceil(tale.audio_seconds))};
}

}  // namespace odeon::stories
