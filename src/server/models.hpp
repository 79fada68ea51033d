// Which providers there are, and in what order they are asked.
#pragma once

#include "engine/ai/gateway.hpp"
#include "engine/http/client.hpp"
#include "server/settings.hpp"

namespace odeon::server {

// Configured providers first; the embedded voices come last and always answer. All arguments outlive
// the gateway.
void add_models(ai::Gateway& gateway, http::Client& client, const Clock& clock, ThreadPool& heavy,
                const Settings& settings);

}  // namespace odeon::server
