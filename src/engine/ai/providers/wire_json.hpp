// Writing what providers read; and reading what they send, which is never quite what their documents say: what is
// absent, null or of another type is the same as nothing.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace odeon::ai::wire {

// Writes an object into a string, member by member. Names are such as need no escapes.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::string& out) : out_(out), begin_(out.size() + 1) { out_ += '{'; }
  // Its value is what is appended to the string next.
  std::string& member(std::string_view name) {
    if (out_.size() > begin_) out_ += ',';
    out_.append("\"").append(name).append("\":");
    return out_;
  }
  template <class T>
  void add(std::string_view name, const T& value) {
    json::append(member(name), value);
  }
  void close() { out_ += '}'; }

 private:
  std::string& out_;
  const std::size_t begin_;
};

// Null unless `from` is an object with such a member that is not null.
const boost::json::value* member(const boost::json::value* from, std::string_view name);
const boost::json::value* member(const boost::json::object& from, std::string_view name);
// Of several members inside each other.
template <class... More>
const boost::json::value* member(const boost::json::value* from, std::string_view name, More... more) {
  return member(member(from, name), more...);
}

// Empty unless it is a string.
std::string_view text_of(const boost::json::value* value);
// 0 unless it is a whole number that is not negative; at most a million millions.
std::int64_t count_of(const boost::json::value* value);
// Empty unless it is a list.
const boost::json::array& list_of(const boost::json::value* value);

// Memory for what is read of one answer and let go of again: most of it on the stack, all of it given back at once.
class Scratch {
 public:
  operator boost::json::storage_ptr() { return &memory_; }

 private:
  unsigned char room_[4096];
  boost::json::monotonic_resource memory_{room_, sizeof room_};
};

// `body`, spaces around it allowed, as an object. Throws Error{upstream, "BAD_ANSWER"}.
boost::json::object object_of(std::string_view body, const std::string& provider);

// An object from text that should be one (a schema, arguments of a tool); an empty one from anything else.
boost::json::object object_or_empty(std::string_view text);

}  // namespace odeon::ai::wire
