// The table of contents: every middleware in order, and every product mounted.
#pragma once

#include "server/rooms.hpp"

namespace odeon::server {

// Mounts what the settings enable and returns what answers all requests.
http::Handler contents(House::Rooms& rooms);

}  // namespace odeon::server
