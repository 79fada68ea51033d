// A stored object, wherever it is, as work on another thread reads it.
#pragma once

#include <memory>
#include <stop_token>

#include "base/bytes.hpp"
#include "engine/media/blocking_source.hpp"

namespace odeon::podcasts {

// Of a file on this machine, the file; else what a loop fetches in pieces of 2 MB, the next one while one is worked on
// where it is read front to back: two are held at most. `loop` must run as long as the source is read, so it is read by
// another thread: it waits. Once `stop` is asked for it waits no more, and throws operation_aborted.
std::unique_ptr<media::BlockingSource> source_of(std::shared_ptr<ReadableObject> object, asio::any_io_executor loop,
                                                 std::stop_token stop);

// Only of a file on this machine; else null.
std::unique_ptr<media::BlockingSource> open_file(std::shared_ptr<ReadableObject> object);

}  // namespace odeon::podcasts
