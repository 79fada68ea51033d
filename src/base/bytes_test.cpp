#include "base/bytes.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/error.hpp"

namespace odeon {
namespace {

RC_GTEST_PROP(Bytes, are_read_whole_or_refused, (const std::string& bytes)) {
  const auto limit = *rc::gen::inRange<std::size_t>(0, bytes.size() * 2 + 1);
  StringSource source(bytes);
  try {
    RC_ASSERT(run_task(read_all(source, limit)) == bytes);
    RC_ASSERT(bytes.size() <= limit);
  } catch (const Error& error) {
    RC_ASSERT(error.fault == Fault::too_large);
    RC_ASSERT(bytes.size() > limit);
  }
}

RC_GTEST_PROP(Bytes, come_in_pieces_of_any_size, (const std::string& bytes)) {
  StringSource source(bytes);
  std::string read;
  for (;;) {
    std::string piece(*rc::gen::inRange<std::size_t>(1, 10), '\0');
    const std::size_t count = run_task(source.read(piece));
    if (count == 0) break;
    read += piece.substr(0, count);
  }
  RC_ASSERT(read == bytes);
}

}  // namespace
}  // namespace odeon
