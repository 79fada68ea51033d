// What is known of an object, kept behind its bytes in the same file.
//
// One file and one rename per object: bytes and what is said of them can never come from different
// puts, on any filesystem, through any crash, backup or copy. The file is
//
//   the object | JSON of Trailer | length of the JSON, 4 bytes, little endian | "ODEONOB1"
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>

namespace odeon::storage {

struct Trailer {
  std::string content_type;
  std::string sha256;  // hexadecimal
  std::string md5;     // hexadecimal
  std::int64_t modified = 0;
};
BOOST_DESCRIBE_STRUCT(Trailer, (), (content_type, sha256, md5, modified))

std::string encode(const Trailer& trailer);

struct ObjectFile {
  std::uint64_t size = 0;  // of the object alone
  Trailer trailer;
};

// Reads it from an open file. Throws Error{unavailable} when the file is not an object or is cut off.
ObjectFile read_object_file(int descriptor);

}  // namespace odeon::storage
