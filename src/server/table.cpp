#include "server/table.hpp"

#include "base/text.hpp"

namespace odeon::server {
namespace {

using Row = std::vector<std::string>;

// C0, DEL, and in UTF-8 C1, whose second byte says which.
std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool c1 = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (c1)
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[++i]));
    else if (byte < 0x20 || byte == 0x7F)
      out += fmt::format("\\x{:02x}", byte);
    else
      out += text[i];
  }
  return out;
}

std::string cell(const json::value* value) {
  if (value == nullptr || value->is_null()) return "-";
  if (value->is_string()) return value->as_string().empty() ? "-" : printable(value->as_string());
  if (value->is_bool()) return value->as_bool() ? "yes" : "no";
  return printable(json::write(*value));
}

// Columns are two spaces apart.
std::string aligned(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i == widths.size()) widths.push_back(0);
      widths[i] = std::max(widths[i], text::length(row[i]));
    }
  std::string out;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += row[i];
      if (i + 1 < row.size()) out.append(widths[i] - text::length(row[i]) + 2, ' ');
    }
    out += '\n';
  }
  return out;
}

bool is_table(const json::value& value) {
  return value.is_array() &&
         std::ranges::all_of(value.as_array(), [](const json::value& item) { return item.is_object(); });
}

std::string table(const json::array& items) {
  if (items.empty()) return "none\n";
  Row names;
  for (const auto& item : items)
    for (const auto& member : item.as_object())
      if (std::ranges::find(names, member.key()) == names.end()) names.emplace_back(member.key());
  std::vector<Row> rows{names};
  for (const auto& item : items) {
    Row& row = rows.emplace_back();
    for (const auto& name : names) row.push_back(cell(item.as_object().if_contains(name)));
  }
  return aligned(rows);
}

}  // namespace

std::string as_text(const json::value& value) {
  if (is_table(value)) return table(value.as_array());
  if (!value.is_object()) return cell(&value) + '\n';
  std::vector<Row> lines;
  std::string tables;
  for (const auto& member : value.as_object()) {
    if (is_table(member.value()))
      tables += fmt::format("\n{}:\n{}", std::string_view(member.key()), table(member.value().as_array()));
    else
      lines.push_back({std::string(member.key()), cell(&member.value())});
  }
  return aligned(lines) + tables;
}

}  // namespace odeon::server
