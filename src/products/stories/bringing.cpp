#include "products/stories/bringing.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "products/stories/showing.hpp"

namespace odeon::stories {
namespace {

Task<void> show_anew(Transaction& tx, std::string story_id) {
  if (const auto now = co_await store::tale(tx, story_id))
    co_await store::show_at(tx, showings(*now, co_await store::illustrations(tx, story_id)));
}

double seconds_at(const PictureTime& time, const TaleRow& tale, const std::vector<IllustrationRow>& pictures) {
  if (time.at) return std::clamp(*time.at, 0.0, kLongestStory);
  if (time.of > 0) return seconds_of(tale) * static_cast<double>(time.number) / static_cast<double>(time.of);
  const auto all = showings(tale, pictures);
  const auto longest = std::ranges::max_element(all, {}, &Showing::seconds);
  return longest == all.end() ? 0 : longest->starts_at + longest->seconds / 2;
}

}  // namespace

Task<void> bring_sound(Transaction& tx, TaleRow tale, BroughtSound sound, Instant now) {
  co_await store::take_audio(tx, tale.id, std::move(sound), now);
  co_await show_anew(tx, std::move(tale.id));
}

Task<void> bring_picture(Transaction& tx, TaleRow tale, std::string id, std::string storage_key, PictureTime time,
                         Instant now) {
  const auto pictures = co_await store::illustrations(tx, tale.id);
  const auto is_awaited = [](const IllustrationRow& picture) {
    return picture.status == DrawStatus::pending || picture.status == DrawStatus::generating;
  };
  if (std::ranges::any_of(pictures, is_awaited))
    throw Error(Fault::conflict, "BEING_DRAWN", "Pictures of this story are being drawn. Wait for them.");
  if (pictures.size() >= kMostPictures)
    throw Error(Fault::conflict, "TOO_MANY_PICTURES", "This story has as many pictures as it may have.");
  IllustrationRow row{.id = std::move(id),
                      .story_id = tale.id,
                      .user_id = tale.user_id,
                      .image_key = std::move(storage_key),
                      .is_timed = true,
                      .starts_at = seconds_at(time, tale, pictures),
                      .status = DrawStatus::completed,
                      .created_at = now};
  row.display_order =
      std::ranges::count_if(pictures, [&](const auto& other) { return other.starts_at <= row.starts_at; });
  if (const auto scenes = timed_scenes(tale, {row}); !scenes.empty()) row.scene = scenes.front();
  co_await store::add_between(tx, std::move(row));
  co_await show_anew(tx, std::move(tale.id));
}

}  // namespace odeon::stories
