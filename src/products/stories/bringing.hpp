// What people bring of their own becomes a story's: its sound, or one more picture of it.
#pragma once

#include "products/stories/illustration_store.hpp"

namespace odeon::stories {

inline constexpr double kLongestStory = 7200;     // seconds
inline constexpr std::size_t kMostPictures = 20;  // of one story

// In place of the sound that there was; pictures move to where they come then. Nobody read it sentence by sentence, so
// it has no times to read along by.
Task<void> bring_sound(Transaction& tx, TaleRow tale, BroughtSound sound, Instant now);

// When a picture comes: at that time, else as one of so many that come evenly, else in the middle of what is looked at
// longest.
struct PictureTime {
  std::optional<double> at;  // seconds
  std::size_t number = 0, of = 0;
};
// Throws Error{conflict} while pictures of the story are being drawn, or when it has as many as it may.
Task<void> bring_picture(Transaction& tx, TaleRow tale, std::string id, std::string storage_key, PictureTime time,
                         Instant now);

}  // namespace odeon::stories
