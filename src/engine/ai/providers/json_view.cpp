#include "engine/ai/providers/json_view.hpp"

#include <algorithm>
#include <bit>
#include <charconv>

#include "base/json_plain.hpp"
#include "base/text.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai::wire {
namespace {

using detail::Node;

constexpr int kDeepest = 32;
constexpr std::size_t kMostNodes = 1'000'000;
constexpr std::size_t kWord = sizeof(text::Word);

// How many bytes at the front of a word are plain.
std::size_t plain_of_word(const char* bytes) {
  static_assert(std::endian::native == std::endian::little);
  return static_cast<std::size_t>(std::countr_zero(json::any_not_plain(text::word_at(bytes)))) / 8;
}

}  // namespace

class Document::Parser {
 public:
  Parser(Document& document, std::string_view text)
      : nodes_(document.nodes_), unescaped_(document.unescaped_), at_(text.data()), end_(at_ + text.size()) {}

  bool all() {
    if (!value({}, 1)) return false;
    skip_space();
    return at_ == end_;
  }

 private:
  void skip_space() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
  }
  bool take(char wanted) {
    if (at_ == end_ || *at_ != wanted) return false;
    ++at_;
    return true;
  }

  bool value(std::string_view name, int depth) {
    skip_space();
    const std::size_t index = nodes_.size();
    if (at_ == end_ || index == kMostNodes) return false;
    nodes_.push_back({.name = name});
    const char* const begin = at_;
    Node node{.name = name};
    if (!fill(node, depth)) return false;
    node.written = {begin, at_};
    node.span = static_cast<std::uint32_t>(nodes_.size() - index);
    nodes_[index] = node;
    return true;
  }

  bool fill(Node& node, int depth) {
    switch (*at_) {
      case '{':
        node.kind = Node::Kind::object;
        return depth <= kDeepest && members(depth);
      case '[':
        node.kind = Node::Kind::list;
        return depth <= kDeepest && elements(depth);
      case '"':
        node.kind = Node::Kind::text;
        return string(node.text);
      case 'n':
        return literal("null");
      case 't':
        node.kind = Node::Kind::literal;
        return literal("true");
      case 'f':
        node.kind = Node::Kind::literal;
        return literal("false");
      default:
        node.kind = Node::Kind::number;
        return number();
    }
  }

  bool members(int depth) {
    ++at_;
    skip_space();
    if (take('}')) return true;
    for (;;) {
      std::string_view name;
      skip_space();
      if (at_ == end_ || *at_ != '"' || !string(name)) return false;
      skip_space();
      if (!take(':') || !value(name, depth + 1)) return false;
      skip_space();
      if (take('}')) return true;
      if (!take(',')) return false;
    }
  }

  bool elements(int depth) {
    ++at_;
    skip_space();
    if (take(']')) return true;
    for (;;) {
      if (!value({}, depth + 1)) return false;
      skip_space();
      if (take(']')) return true;
      if (!take(',')) return false;
    }
  }

  bool literal(std::string_view wanted) {
    if (!std::string_view(at_, end_).starts_with(wanted)) return false;
    at_ += wanted.size();
    return true;
  }

  bool figures() {
    const char* const begin = at_;
    while (at_ != end_ && text::is_digit(*at_)) ++at_;
    return at_ != begin;
  }

  bool number() {
    take('-');
    if (!take('0') && !figures()) return false;
    if (take('.') && !figures()) return false;
    if (!take('e') && !take('E')) return true;
    if (!take('-')) take('+');
    const char* const exponent = at_;
    int most = 0;
    return figures() && std::from_chars(exponent, at_, most).ec == std::errc();
  }

  void skip_plain() {
    while (static_cast<std::size_t>(end_ - at_) >= kWord) {
      const std::size_t plain = plain_of_word(at_);
      at_ += plain;
      if (plain < kWord) return;
    }
    while (at_ != end_ && json::is_plain(*at_)) ++at_;
  }

  bool string(std::string_view& text) {
    const char* begin = ++at_;
    skip_plain();
    if (take('"')) {
      text = {begin, at_ - 1};
      return true;
    }
    // Never longer than the text that it is made of: it is not moved while it is pointed into.
    if (unescaped_.empty()) unescaped_.reserve(static_cast<std::size_t>(end_ - begin));
    const std::size_t first = unescaped_.size();
    for (;;) {
      unescaped_.append(begin, at_);
      if (at_ == end_) return false;
      if (take('"')) break;
      if (!take('\\') || !escape()) return false;
      begin = at_;
      skip_plain();
    }
    text = std::string_view(unescaped_).substr(first);
    return true;
  }

  bool escape() {
    constexpr std::string_view letters = "\"\\/bfnrt", meant = "\"\\/\b\f\n\r\t";
    if (at_ == end_) return false;
    const char letter = *at_++;
    if (letter == 'u') return escaped_code();
    const std::size_t which = letters.find(letter);
    if (which == std::string_view::npos) return false;
    unescaped_ += meant[which];
    return true;
  }

  std::optional<std::uint32_t> four_digits() {
    std::uint32_t code = 0;
    if (end_ - at_ < 4) return std::nullopt;
    const auto [end, failure] = std::from_chars(at_, at_ + 4, code, 16);
    if (failure != std::errc() || end != at_ + 4) return std::nullopt;
    at_ = end;
    return code;
  }

  // What is beyond the first plane comes as two (RFC 8259 §7).
  bool escaped_code() {
    auto code = four_digits();
    if (!code || (*code >= 0xDC00 && *code < 0xE000)) return false;
    if (*code >= 0xD800 && *code < 0xDC00) {
      if (!take('\\') || !take('u')) return false;
      const auto low = four_digits();
      if (!low || *low < 0xDC00 || *low >= 0xE000) return false;
      code = 0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00);
    }
    text::append_code_point(unescaped_, *code);
    return true;
  }

  decltype(Document::nodes_)& nodes_;
  std::string& unescaped_;
  const char* at_;
  const char* const end_;
};

Document::Document(std::string_view text) {
  if (!text::is_utf8(text) || !Parser(*this, text).all()) nodes_.clear();
}

View View::member(std::string_view name) const {
  if (!is_object()) return View();
  const Node* found = nullptr;
  for (const Node *at = node_ + 1, *end = node_ + node_->span; at != end; at += at->span)
    if (at->name == name) found = at;
  return found != nullptr && found->kind != Kind::null ? View(found) : View();
}

View::Elements View::elements() const {
  return is(Kind::list) ? Elements(node_ + 1, node_ + node_->span) : Elements(nullptr, nullptr);
}

boost::json::value View::value() const {
  boost::system::error_code fault;
  auto built = node_ != nullptr ? boost::json::parse(node_->written, fault) : boost::json::value();
  return fault ? boost::json::value() : built;
}

std::int64_t count_of(View value) {
  constexpr std::size_t kSurelyFits = 12;
  if (!value) return 0;
  const std::string_view written = value.written();
  if (written.size() > kSurelyFits || !std::ranges::all_of(written, text::is_digit)) {
    const auto built = value.value();
    return count_of(&built);
  }
  std::int64_t count = 0;
  std::from_chars(written.data(), written.data() + written.size(), count);
  return count;
}

}  // namespace odeon::ai::wire
