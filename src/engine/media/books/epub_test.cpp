#include "engine/media/books/epub.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "engine/media/books/books_test.hpp"
#include "engine/media/books/epub_documents.hpp"
#include "engine/media/strangers_test.hpp"

namespace odeon::books {
namespace {

using media::strangers::run;
using media::strangers::save;

// Reads books with what Python brings along, strictly: prints what is asked for as lines of "key value".
constexpr const char* kReader = R"(
import sys, zipfile, posixpath
import xml.etree.ElementTree as xml
OPF, DC, SMIL = '{http://www.idpf.org/2007/opf}', '{http://purl.org/dc/elements/1.1/}', '{http://www.w3.org/ns/SMIL}'
XHTML, OPS = '{http://www.w3.org/1999/xhtml}', '{http://www.idpf.org/2007/ops}'
seconds = lambda value: round(float(value.removesuffix('s')) * 1000)
for path in sys.argv[1:]:
    zip = zipfile.ZipFile(path)
    assert zip.testzip() is None
    trees = {name: xml.fromstring(zip.read(name)) for name in zip.namelist() if name.endswith(('xml', 'opf', 'smil'))}
    package = trees['EPUB/package.opf']
    items = {item.get('id'): item for item in package.iter(OPF + 'item')}
    assert {'EPUB/' + item.get('href') for item in items.values()} == \
        {name for name in zip.namelist() if name.startswith('EPUB/')} - {'EPUB/package.opf'}
    total, parts = None, {}
    for meta in package.iter(OPF + 'meta'):
        if meta.get('property') == 'media:duration':
            if meta.get('refines'): parts[meta.get('refines')[1:]] = seconds(meta.text)
            else: total = seconds(meta.text)
    assert total is None or total == sum(parts.values())
    last = None
    for ref in package.iter(OPF + 'itemref'):
        item = items[ref.get('idref')]
        page = xml.fromstring(zip.read('EPUB/' + item.get('href')))
        ids = {e.get('id') for e in page.iter() if e.get('id')}
        for image in page.iter(XHTML + 'img'):
            assert image.get('alt') is not None and 'EPUB/' + image.get('src') in zip.namelist()
        if not item.get('media-overlay'): continue
        overlay, length = trees['EPUB/' + items[item.get('media-overlay')].get('href')], 0
        for par in overlay.iter(SMIL + 'par'):
            file, id = par.find(SMIL + 'text').get('src').split('#')
            assert file == item.get('href') and id in ids
            audio = par.find(SMIL + 'audio')
            assert 'EPUB/' + audio.get('src') in zip.namelist()
            begin, end = seconds(audio.get('clipBegin')), seconds(audio.get('clipEnd'))
            assert begin < end and (last is None or begin == last)
            last, length = end, length + end - begin
        assert length == parts[item.get('media-overlay')]
    print('title', package.find('.//' + DC + 'title').text)
    print('total', total)
    for ref in package.iter(OPF + 'itemref'):
        page = xml.fromstring(zip.read('EPUB/' + items[ref.get('idref')].get('href')))
        print('page', ' '.join(''.join(page.find(XHTML + 'body').itertext()).split()))
)";

std::string read_by_python(const std::vector<Book>& books) {
  const odeon::testing::ScratchFolder folder;
  save(folder / "read.py", kReader);
  std::vector<std::string> command{"/usr/bin/python3", folder / "read.py"};
  for (std::size_t i = 0; i < books.size(); ++i) {
    command.push_back(folder / fmt::format("{}.epub", i));
    save(command.back(), testing::collect(write_epub, books[i]));
  }
  return run(command);
}

TEST(Epub, HoldsItsTextsPicturesAndTimes) {
  Book book = testing::book_of(testing::tales()[2], 3);
  testing::narrate(book);
  EXPECT_EQ(
      read_by_python({book}),
      "title Chloé et l’île aux étoiles\n"
      "total 10349\n"
      "page Chloé et l’île aux étoiles Maja Brun Lu par Ada Stimme\n"
      "page Il était une fois une petite fille qui s’appelait Chloé. « Où vont les étoiles quand il fait jour ? » "
      "demanda-t-elle à sa grand-mère. « Elles dorment sur une île, bien sûr ! »\n"
      "page Alors Chloé prit son cœur à deux mains, son bateau bleu, et partit à l’aventure.\n");
}

TEST(Epub, MarkupIsOnlyText) {
  const std::string told = read_by_python({testing::hostile_book()});
  EXPECT_NE(told.find("title </p><script>alert('x')</script> ]]> &amp; & \" ' {{}} <!-- desrever"), told.npos) << told;
  EXPECT_NE(told.find("👩‍👩‍👧‍👦🇩🇪👍🏽 שלום עולם مرحبا 日本語"), told.npos);
}

TEST(Epub, TheSameBookGivesTheSameBytes) {
  const Book book = testing::book_of(testing::tales()[3], 4);
  EXPECT_EQ(testing::collect(write_epub, book), testing::collect(write_epub, book));
}

TEST(Epub, LargeFilesGoToTheSinkAsTheyAre) {
  Book book = testing::book_of(testing::tales()[3], 4);
  testing::narrate(book);
  std::vector<const char*> pieces;
  write_epub(book, [&](std::string_view piece) { pieces.push_back(piece.data()); });
  for (const std::string* large : {&book.cover->bytes, &book.pages[0].picture->bytes, &book.narration->bytes})
    EXPECT_NE(std::ranges::find(pieces, large->data()), pieces.end());
}

TEST(Epub, SaysHowItCanBeRead) {
  Book book = testing::book_of(testing::tales()[1], 2);
  const auto package = [&] {
    const Edition edition = prepare(book);
    return package_document(edition);
  };
  EXPECT_NE(package().find("\"schema:accessibilityFeature\">alternativeText<"), std::string::npos);
  EXPECT_EQ(package().find("synchronizedAudioText"), std::string::npos);
  EXPECT_EQ(package().find("media:"), std::string::npos);
  testing::narrate(book);
  EXPECT_NE(package().find("\"schema:accessibilityFeature\">synchronizedAudioText<"), std::string::npos);
  EXPECT_NE(package().find("\"media:narrator\">Ada Stimme<"), std::string::npos);
  EXPECT_NE(package().find("Der Text ist zu hören"), std::string::npos);
  book.cover.reset();
  for (Page& page : book.pages) page.picture.reset();
  EXPECT_EQ(package().find("\"schema:accessMode\">visual<"), std::string::npos);
  EXPECT_EQ(package().find("alternativeText"), std::string::npos);
}

TEST(Epub, WhatIsNoBookIsRefusedBeforeAnythingIsWritten) {
  bool has_written = false;
  EXPECT_THROW(write_epub({}, [&](std::string_view) { has_written = true; }), Error);
  EXPECT_FALSE(has_written);
}

// Runs in one go: Python takes longer to start than to read.
TEST(EpubProperty, RandomTextsAreWellFormed) {
  std::vector<Book> books;
  rc::check("books are written", [&] {
    const auto texts = *rc::gen::container<std::vector<std::string>>(
        rc::gen::oneOf(rc::gen::arbitrary<std::string>(),
                       rc::gen::map(rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange(0u, 0x10'FFFFu)),
                                    [](const std::vector<std::uint32_t>& numbers) {
                                      std::string text;
                                      for (const auto number : numbers) text::append_code_point(text, number);
                                      return text;
                                    })));
    Book book{.title = "x" + (texts.empty() ? "" : texts[0]),
              .author = texts.empty() ? "" : texts.back(),
              .language = "it",
              .identifier = "018f3c52-0000-7000-8000-000000000001"};
    for (const std::string& text : texts) book.pages.push_back({.sentences = {{text}, {text, {}, true}}});
    testing::narrate(book);
    book.description = book.author;
    RC_ASSERT(!testing::collect(write_epub, book).empty());
    books.push_back(std::move(book));
  });
  EXPECT_GE(books.size(), 100u);
  read_by_python(books);
}

}  // namespace
}  // namespace odeon::books
