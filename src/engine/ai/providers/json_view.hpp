// A JSON document (RFC 8259) seen in the very text it came in, for what is read once and let go of: nothing is copied
// but strings with escapes in them.
#pragma once

#include <boost/container/small_vector.hpp>
#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace odeon::ai::wire {

namespace detail {
struct Node {
  enum class Kind : std::uint8_t { null, literal, number, text, list, object };
  Kind kind = Kind::null;
  std::uint32_t span = 1;    // nodes, with those inside it
  std::string_view name;     // as a member
  std::string_view text;     // of a string, without its escapes
  std::string_view written;  // as it stands in the document
};
}  // namespace detail

// A value, or nothing. Lives as long as its document.
class View {
 public:
  View() = default;
  explicit View(const detail::Node* node) : node_(node) {}

  // False for nothing, and for null.
  explicit operator bool() const { return node_ != nullptr && node_->kind != Kind::null; }
  bool is_object() const { return is(Kind::object); }
  bool is_text() const { return is(Kind::text); }
  bool is_true() const { return is(Kind::literal) && node_->written == "true"; }
  // Nothing unless it is an object with such a member that is not null. Of several, the last.
  View member(std::string_view name) const;
  // Empty unless it is a string.
  std::string_view text() const { return is(Kind::text) ? node_->text : std::string_view(); }
  std::string_view written() const { return node_ != nullptr ? node_->written : std::string_view(); }
  // Built anew; null for nothing, and for a number that is out of all bounds.
  boost::json::value value() const;

  // Of a list; of anything else there are none.
  class Elements {
   public:
    class Iterator {
     public:
      explicit Iterator(const detail::Node* at) : at_(at) {}
      View operator*() const { return View(at_); }
      Iterator& operator++() {
        at_ += at_->span;
        return *this;
      }
      bool operator==(const Iterator&) const = default;

     private:
      const detail::Node* at_;
    };
    Elements(const detail::Node* begin, const detail::Node* end) : begin_(begin), end_(end) {}
    Iterator begin() const { return Iterator(begin_); }
    Iterator end() const { return Iterator(end_); }
    bool empty() const { return begin_ == end_; }

   private:
    const detail::Node *begin_, *end_;
  };
  Elements elements() const;

 private:
  using Kind = detail::Node::Kind;
  bool is(Kind kind) const { return node_ != nullptr && node_->kind == kind; }

  const detail::Node* node_ = nullptr;
};

// `text` outlives it.
class Document {
 public:
  // UTF-8, at most 32 levels deep and a million values, spaces around it allowed. `root` is nothing where it is no such
  // document.
  explicit Document(std::string_view text);
  Document(const Document&) = delete;
  View root() const { return nodes_.empty() ? View() : View(nodes_.data()); }

 private:
  class Parser;
  static constexpr std::size_t kUsualNodes = 40;

  boost::container::small_vector<detail::Node, kUsualNodes> nodes_;
  std::string unescaped_;
};

// The same as of what boost::json has built (wire_json.hpp).
inline View member(View from, std::string_view name) {
  return from.member(name);
}
template <class... More>
View member(View from, std::string_view name, More... more) {
  return member(from.member(name), more...);
}
inline std::string_view text_of(View value) {
  return value.text();
}
inline View::Elements list_of(View value) {
  return value.elements();
}
std::int64_t count_of(View value);

}  // namespace odeon::ai::wire
