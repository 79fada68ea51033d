// The keys of an issuer elsewhere, from its JWKS address: kept, looked up again when a token names one that
// is not known, and still good while the issuer cannot be reached.
#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "base/log.hpp"
#include "engine/coordination/coordination.hpp"
#include "engine/http/client.hpp"
#include "engine/identity/keys.hpp"

namespace odeon::identity {

// Gives the body of a document; throws an Error if there is none to be had.
using Fetch = std::function<Task<std::string>(std::string url)>;
// At most 256 KB within 5 s, without redirects.
Fetch fetch_by(http::Client& client);

// Thread-safe.
class RemoteKeys {
 public:
  RemoteKeys(std::string url, Fetch fetch, coordination::Coordination& coordination, const Clock& clock, Log& log);

  // Keys of which one is of that algorithm and id, if the issuer has such a key. Asks the issuer at most once
  // a minute (every five seconds while it has never answered), and again after ten minutes, so that a
  // withdrawn key does not stay good. Throws Error{unavailable} as long as no keys are known at all.
  Task<std::shared_ptr<const KeySet>> keys_for(Algorithm algorithm, std::string id);

 private:
  struct State {
    std::shared_ptr<const KeySet> keys;  // none before the first answer
    Instant fetched_at;
    std::optional<Instant> tried_at;
    int fetching = 0;
  };
  bool should_ask(Algorithm algorithm, const std::string& id) const;
  Task<void> ask();

  std::string url_;
  Fetch fetch_;
  coordination::Coordination& coordination_;
  const Clock& clock_;
  Log& log_;
  mutable std::mutex mutex_;
  State state_;
};

}  // namespace odeon::identity
