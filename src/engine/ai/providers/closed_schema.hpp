// JSON Schema as providers take it that promise to keep to it (Anthropic, Bedrock): every object is closed, only some
// keywords are known. What cannot be promised is told to the model, in the description of what it belongs to; so does
// @anthropic-ai/sdk.
#pragma once

#include <boost/json.hpp>
#include <string_view>

namespace odeon::ai {

// `schema` of an answer or of a tool's arguments; text that is no object is the schema of an object without members.
boost::json::object closed_schema(std::string_view schema);

}  // namespace odeon::ai
