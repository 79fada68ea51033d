// What people's own programs are told of stories.
#pragma once

#include "engine/notify/webhooks.hpp"
#include "products/stories/media.hpp"
#include "products/stories/tale_store.hpp"

namespace odeon::stories {

struct StoryTold {
  std::string id;
  std::string title;
  std::string url;  // of the story, which has the rest
};
BOOST_DESCRIBE_STRUCT(StoryTold, (), (id, title, url))
struct AudioTold {
  std::string id;
  std::string title;
  double duration = 0;    // seconds
  std::string audio_url;  // plays without headers, for a day or two; the story gives another
  std::string url;
};
BOOST_DESCRIBE_STRUCT(AudioTold, (), (id, title, duration, audio_url, url))
struct PicturesTold {
  std::string id;
  std::string title;
  std::int64_t completed = 0, total = 0;
  std::string url;
};
BOOST_DESCRIBE_STRUCT(PicturesTold, (), (id, title, completed, total, url))

// In the transaction that stores what is told. `base_url` is where people reach the product.
class Telling {
 public:
  Telling(notify::Webhooks& webhooks, const Media& media, std::string base_url)
      : webhooks_(webhooks), media_(media), base_url_(std::move(base_url)) {}

  Task<void> story_ready(Transaction& transaction, TaleRow tale);
  Task<void> audio_ready(Transaction& transaction, TaleRow tale, NarratedTale audio);
  Task<void> illustrations_ready(Transaction& transaction, TaleRow tale, std::int64_t completed, std::int64_t total);

 private:
  std::string url_of(const TaleRow& tale) const;

  notify::Webhooks& webhooks_;
  const Media& media_;
  std::string base_url_;
};

}  // namespace odeon::stories
