// Feeds as files: "<name>.xml", answered with conditions and in gzip (http/document.hpp).
#pragma once

#include "base/error.hpp"
#include "engine/http/document.hpp"
#include "engine/http/endpoint.hpp"
#include "engine/media/feeds/rss.hpp"

namespace odeon::feeds {

struct FeedRequest {
  std::string file;  // <name>.xml
};
BOOST_DESCRIBE_STRUCT(FeedRequest, (), (file))

Error no_such_feed();
// Throws Error{not_found, "FEED_NOT_FOUND"} for a file that is called otherwise.
std::string name_of(const FeedRequest& request);

// Written now, which takes some milliseconds for a hundred items.
std::shared_ptr<http::Document> document_of(const Channel& channel);

}  // namespace odeon::feeds
