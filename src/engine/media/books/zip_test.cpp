#include "engine/media/books/zip.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <zlib.h>

#include "engine/media/strangers_test.hpp"

namespace odeon::books {
namespace {

using media::strangers::run;
using media::strangers::save;

std::string zip_of(const std::function<void(Zip&)>& fill) {
  std::string bytes;
  const Sink sink = [&bytes](std::string_view piece) { bytes += piece; };
  Zip zip(sink);
  fill(zip);
  zip.finish();
  return bytes;
}

TEST(Zip, IsReadByPythonAndUnzipsToTheSame) {
  const odeon::testing::ScratchFolder folder;
  std::string text;
  for (int i = 0; i < 5000; ++i) text += fmt::format("line {}\n", i);
  save(folder / "a.zip", zip_of([&](Zip& zip) {
         zip.store("mimetype", "application/epub+zip");
         zip.deflate("folder/long.txt", text);
         zip.deflate("folder/empty.txt", "");
       }));
  save(folder / "text", text);
  save(folder / "read.py", R"(
import sys, zipfile
zip = zipfile.ZipFile(sys.argv[1])
assert zip.testzip() is None
assert [(i.filename, i.compress_type, i.extra, i.flag_bits, i.date_time) for i in zip.infolist()] == [
    ('mimetype', 0, b'', 0, (1980, 1, 1, 0, 0, 0)),
    ('folder/long.txt', 8, b'', 0, (1980, 1, 1, 0, 0, 0)),
    ('folder/empty.txt', 8, b'', 0, (1980, 1, 1, 0, 0, 0))]
assert zip.read('folder/long.txt') == open(sys.argv[2], 'rb').read()
assert zip.infolist()[1].compress_size < zip.infolist()[1].file_size // 3
)");
  run({"/usr/bin/python3", folder / "read.py", folder / "a.zip", folder / "text"});
}

// OCF 3.2, 4.3: where readers look without reading a ZIP.
TEST(Zip, BeginsWithTheMediaTypeAtByte38) {
  const std::string bytes = zip_of([](Zip& zip) { zip.store("mimetype", "application/epub+zip"); });
  EXPECT_EQ(bytes.substr(30, 28), "mimetypeapplication/epub+zip");
}

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

RC_GTEST_PROP(ZipProperty, WhatGoesInIsInIt, (const std::string& content)) {
  const std::string bytes = zip_of([&](Zip& zip) { zip.deflate("f", content); });
  RC_ASSERT(number_at(bytes, 22) == content.size());
  std::string packed = bytes.substr(31, number_at(bytes, 18)), out(content.size() + 1, '\0');
  z_stream stream{};
  RC_ASSERT(inflateInit2(&stream, -MAX_WBITS) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = inflate(&stream, Z_FINISH);
  inflateEnd(&stream);
  RC_ASSERT(result == Z_STREAM_END);
  out.resize(stream.total_out);
  RC_ASSERT(out == content);
}

}  // namespace
}  // namespace odeon::books
