// Coordination between nodes by Redis or Valkey (one server, version 5 or newer).
//
// Limits are counted by one script, so they are atomic over all nodes. The script is told the time by the
// calling node's clock: nodes whose clocks differ by d judge the first d of a window by the one before or
// after it, and what a wrong clock has counted is gone after two windows of the server's own time. Cached
// values end by the reader's clock or the server's, whichever comes first.
//
// A server that is away, or not able (loading, read-only, out of memory, nonsense), degrades and recovers:
// limits hold per node, the cache is empty, announcements stay on their node. The call that finds out waits
// for `patience` at most; from then on nothing waits until the server is back, which is tried in the
// background. Keys written or forgotten meanwhile are removed before the cache is used again.
// What is announced on other nodes while a node is not connected is not heard there.
#pragma once

#include "engine/coordination/coordination.hpp"

namespace odeon::coordination {

struct RedisOptions {
  // redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE], or rediss:// for TLS, with parts percent-encoded.
  std::string url;
  std::string authorities_file;   // PEM of who may sign the server's certificate; empty: the system's
  std::string prefix = "odeon:";  // of all keys and of the channel

  std::chrono::milliseconds patience{250};     // with an answer
  std::chrono::milliseconds connecting{1000};  // with a connection, which no call waits for
  std::chrono::milliseconds first_retry{50};   // doubled up to the last
  std::chrono::milliseconds last_retry{2000};
  std::chrono::milliseconds heartbeat{1000};  // between looks at a silent connection
  std::size_t max_limited_keys = 1'000'000;   // on this node, while the server is away
};

// Connects in the background, on a thread of its own. Throws Error{invalid} for an address that is none.
// It is destroyed before the loops whose tasks call it.
std::unique_ptr<Coordination> open_redis(RedisOptions options, const Clock& clock);

}  // namespace odeon::coordination
