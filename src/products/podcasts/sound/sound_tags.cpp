#include "products/podcasts/sound/sound_tags.hpp"

namespace odeon::podcasts {

media::Tags tags_of(const EpisodeRow& episode, const ShowRow& show, std::string language) {
  return {.title = episode.title,
          .artist = show.author.value_or(show.title),
          .album = show.title,
          .language = std::move(language),
          .date = to_iso8601(episode.created_at).substr(0, 10),
          .number = static_cast<int>(episode.episode_number.value_or(0))};
}

std::string language_of(const ProcessingOptions& options, const ShowRow& show) {
  return options.language && !options.language->empty() ? *options.language : show.language;
}

}  // namespace odeon::podcasts
