#include "engine/media/feeds/feed_file.hpp"

namespace odeon::feeds {

Error no_such_feed() {
  return Error(Fault::not_found, "FEED_NOT_FOUND", "There is no such feed.");
}

std::string name_of(const FeedRequest& request) {
  constexpr std::string_view ending = ".xml";
  if (!request.file.ends_with(ending)) throw no_such_feed();
  return request.file.substr(0, request.file.size() - ending.size());
}

std::shared_ptr<http::Document> document_of(const Channel& channel) {
  return std::make_shared<http::Document>("application/rss+xml; charset=utf-8", write_rss(channel), channel.changed);
}

}  // namespace odeon::feeds
