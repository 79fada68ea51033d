// Frames of AWS's event streams, for tests: the writing half, with headers that are strings.
#pragma once

#include <zlib.h>

#include <map>
#include <string>

namespace odeon::ai::aws_frames {

inline std::string number(std::uint32_t value, int bytes) {
  std::string out;
  for (int at = bytes - 1; at >= 0; --at) out += static_cast<char>(value >> (8 * at) & 0xFF);
  return out;
}

inline std::string checksum(const std::string& bytes) {
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  return number(static_cast<std::uint32_t>(crc32_z(0, data, bytes.size())), 4);
}

inline std::string frame(const std::map<std::string, std::string, std::less<>>& headers, const std::string& payload) {
  std::string fields;
  for (const auto& [name, value] : headers)
    fields += number(static_cast<std::uint32_t>(name.size()), 1) + name + '\x07' +
              number(static_cast<std::uint32_t>(value.size()), 2) + value;
  std::string made = number(static_cast<std::uint32_t>(12 + fields.size() + payload.size() + 4), 4) +
                     number(static_cast<std::uint32_t>(fields.size()), 4);
  made += checksum(made);
  made += fields + payload;
  return made + checksum(made);
}

}  // namespace odeon::ai::aws_frames
