// `odeon demo`: the whole server once, with nothing configured. Feed files in, a spoken briefing out,
// fetched over HTTP as an app would.
#pragma once

#include <string>
#include <vector>

namespace odeon::server {

struct DemoOptions {
  std::string out = "demo-out";
  std::vector<std::string> feeds;
};

// Prints what it does and a summary of what it made; leaves the MP3, the transcript, the captions and
// the API's JSON in `out`. Throws Error when no briefing could be made.
void run_demo(DemoOptions options);

}  // namespace odeon::server
