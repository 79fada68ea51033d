// When a story is where: by the narration's own times once there is one, by its words until then.
#pragma once

#include "products/stories/illustration_store.hpp"
#include "products/stories/words/read_along.hpp"

namespace odeon::stories {

SceneTold told_scene(const StoryScene& scene);
// `story`: the language of the story that it is of.
StoryScene scene_from(const SceneTold& scene, Language story);

// Whether it is narrated as it stands: it may have been edited since.
bool is_narrated(const TaleRow& tale);
// Of its content.
ReadAlong along(const TaleRow& tale);
// Of the narration, or as long as it would be; seconds.
double seconds_of(const TaleRow& tale);
// What is told at the times that were asked for; empty where none were.
std::vector<SceneTold> timed_scenes(const TaleRow& tale, const std::vector<IllustrationRow>& pictures);
// Of pictures in their order: each until the next one, the last until the end.
std::vector<Showing> showings(const TaleRow& tale, const std::vector<IllustrationRow>& pictures);

}  // namespace odeon::stories
