// A finished sound with another tag: the same MP3, told again what it is, which chapters and which cover it has. It is
// a new object at a new address, since listeners may be in the midst of the old one.
#pragma once

#include "engine/storage/storage.hpp"
#include "products/podcasts/artwork/artwork.hpp"
#include "products/podcasts/sound/audio.hpp"
#include "products/podcasts/sound/sound_work.hpp"
#include "products/podcasts/texts/show_notes.hpp"

namespace odeon::podcasts {

// Thread-safe; what it is given outlives it.
class TaggedSound {
 public:
  TaggedSound(database::Database& database, storage::Storage& storage, Audio& audio, Artwork& artwork, SoundWork& work)
      : database_(database), storage_(storage), audio_(audio), artwork_(artwork), work_(work) {}

  // Written, and ready for `finish`. Nothing where there is no finished sound, its source is gone, or it says all that
  // already.
  Task<std::optional<Finished>> tag(EpisodeRow episode, std::vector<NotesChapter> chapters);
  // What is heard from now on. False if somebody else works on it, and then it is to be dropped.
  Task<bool> finish(Transaction& tx, std::string source_id, Finished tagged);
  Task<void> drop(std::string storage_key);

 private:
  database::Database& database_;
  storage::Storage& storage_;
  Audio& audio_;
  Artwork& artwork_;
  SoundWork& work_;
};

}  // namespace odeon::podcasts
