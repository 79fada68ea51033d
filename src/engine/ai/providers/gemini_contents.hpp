// A conversation as Gemini wants it: what a user and the model said, in turns.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ai/text.hpp"

namespace odeon::ai {

// What signatures of Google's begin with outside of their own wire.
inline constexpr std::string_view kGoogleSigned = "google:";

class GeminiContents {
 public:
  struct Rules {
    bool call_ids = true;       // calls of tools and their results carry ids
    bool signed_calls = false;  // a turn whose first call has no signature is refused
  };
  explicit GeminiContents(Rules rules) : rules_(rules) {}

  // Throws Error{invalid} for what cannot stand where it does.
  void add(const Message& message);
  // Sets `contents`, and `systemInstruction` if there is any.
  void put_into(boost::json::object& body) &&;

 private:
  struct Turn {
    std::string_view role;             // "user", "model", or "tool" for a user's turn of results alone
    bool has_call = false;             // a call has been written
    std::vector<std::size_t> results;  // of which calls, by their order
  };
  struct Known {
    std::string name;
    std::size_t order = 0;
  };

  boost::json::array& parts_of(std::string_view role);
  void call(const ToolCall& call);
  void result(const ToolResult& result);
  void think(const Reasoning& thought);

  Rules rules_;
  boost::json::array system_, contents_;
  Turn turn_;
  std::map<std::string, Known> calls_;  // by id
  std::size_t made_ = 0;                // so many calls
};

}  // namespace odeon::ai
