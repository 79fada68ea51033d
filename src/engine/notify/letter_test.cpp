#include "engine/notify/letter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fstream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "engine/notify/outbox.hpp"
#include "testing/child.hpp"
#include "testing/scratch.hpp"

namespace odeon::notify {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Letter letter() {
  return {.id = "m-1",
          .from = {"Stories", "hello@stories.example"},
          .to = {"Ann Example", "ann@example.org"},
          .subject = "Confirm your address",
          .text = "Hello\nAnn",
          .html = "<p>Hello</p>",
          .date = Instant(1795159800s)};
}

// Text of code points that break naive writers: line breaks, dots, equal signs, trailing spaces, every script.
std::string any_text(std::size_t most, bool one_line) {
  std::string out;
  const auto size = *rc::gen::inRange<std::size_t>(0, most);
  for (std::size_t i = 0; i < size; ++i) {
    const auto kind = *rc::gen::inRange(0, 10);
    if (kind < 4)
      text::append_code_point(out, *rc::gen::inRange<char32_t>(0x20, 0x7F));
    else if (kind < 6)
      text::append_code_point(out, *rc::gen::element<char32_t>('.', '=', ' ', '"', '\\', '?', '_', ',', '<', '@'));
    else if (kind < 7 && !one_line)
      out += *rc::gen::element<std::string>("\n", "\r\n", " \n", "\n.\n", "\n--", "\t\n", "\nFrom ");
    else if (kind < 8)
      text::append_code_point(out, *rc::gen::inRange<char32_t>(0xA1, 0x800));
    else if (kind < 9)
      text::append_code_point(out, *rc::gen::inRange<char32_t>(0x4E00, 0x9FFF));
    else
      text::append_code_point(out, *rc::gen::inRange<char32_t>(0x1F300, 0x1F600));
  }
  return out;
}

// A mail program shows one space for several, and none at the ends of a header field.
std::string any_field(std::size_t most) {
  return text::collapse_spaces(any_text(most, true));
}

Letter any_letter(int number) {
  Letter any = letter();
  any.id = fmt::format("m-{}", number);
  any.from.name = any_field(20);
  any.to.name = any_field(60);
  any.subject = any_field(120) + "!";
  any.text = any_text(400, false);
  any.html = any_text(400, false);
  if (*rc::gen::arbitrary<bool>())
    any.unsubscribe_url = "https://stories.example/leave?" + std::string(number % 90, 'x');
  any.date += std::chrono::seconds(*rc::gen::inRange(0, 1'000'000'000));
  return any;
}

std::string read_by_python(const testing::ScratchFolder& folder) {
  testing::Child python(
      {"/usr/bin/python3", ODEON_SOURCE_DIR "/src/engine/notify/strangers/read_mails.py", folder.path().string()});
  python.wait_for_line("\r\r");  // to its end
  return python.output();
}

void keep(const testing::ScratchFolder& folder, const Letter& written) {
  std::ofstream(folder / (written.id + ".eml"), std::ios::binary) << compose(written);
  std::ofstream(folder / (written.id + ".letter"), std::ios::binary) << json::write(written);
}

TEST(Letters, AreReadAsTheyWereMeantByPythonsEmailPackage) {
  const testing::ScratchFolder folder;
  int count = 0;
  EXPECT_TRUE(rc::check([&] { keep(folder, any_letter(count++)); }));
  EXPECT_EQ(read_by_python(folder), fmt::format("read {} mails\n", count));
  EXPECT_GE(count, 100);
}

TEST(Letters, WhatTheStrangerWouldNotForgiveIsNoticed) {
  const testing::ScratchFolder folder;
  Letter meant = letter();
  keep(folder, meant);
  meant.subject += " tampered";
  std::ofstream(folder / "m-1.letter") << json::write(meant);
  EXPECT_THAT(read_by_python(folder), HasSubstr("subject: found"));
}

TEST(Letters, AreTheSameBytesEveryTime) {
  EXPECT_EQ(compose(letter()), compose(letter()));
  EXPECT_EQ(message_id(letter()), "<m-1@stories.example>");
  EXPECT_THAT(compose(letter()), HasSubstr("Date: Fri, 20 Nov 2026 07:30:00 +0000\r\n"));
}

TEST(Letters, OfferToUnsubscribeOnlyWhenThereIsAWay) {
  EXPECT_THAT(compose(letter()), Not(HasSubstr("List-Unsubscribe")));
  Letter some = letter();
  some.unsubscribe_url = "http://localhost:8080/leave";
  EXPECT_THAT(compose(some), Not(HasSubstr("One-Click")));
  some.unsubscribe_url = "https://stories.example/leave";
  EXPECT_THAT(compose(some), HasSubstr("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
}

// Whatever is put into a field, either the mail is refused or it has the fields that it should have.
RC_GTEST_PROP(Letters, CannotBeGivenFieldsFromOutside, ()) {
  const auto field = *rc::gen::inRange(0, 7);
  const std::string poison = *rc::gen::element<std::string>("\r\nBcc: eve@example.org", "\nX-Evil: 1", "\rX: 1",
                                                            "\r\n\r\n<p>evil</p>", std::string("\0", 1), "\x7F");
  std::string text = any_field(30);
  text.insert(*rc::gen::inRange<std::size_t>(0, text.empty() ? 1 : 2), poison);
  Letter bad = letter();
  std::string* const fields[] = {&bad.id,         &bad.from.name, &bad.from.address,   &bad.to.name,
                                 &bad.to.address, &bad.subject,   &bad.unsubscribe_url};
  *fields[field] += text;
  RC_ASSERT_THROWS_AS(compose(bad), Error);
}

TEST(Letters, ThatCanBeNoneAreRefused) {
  auto with_address = [](std::string address) {
    Letter one = letter();
    one.to.address = std::move(address);
    return one;
  };
  for (const char* bad : {"", "ann", "@example.org", "ann@", "ann@.org", "ann@a..org", "ann @example.org",
                          "ann@example.org,eve@example.org", "<ann@example.org>", "ann@[127.0.0.1]", "a@b\xFF.org"})
    EXPECT_THROW(check(with_address(bad)), Error) << bad;
  EXPECT_THROW(check(with_address(std::string(65, 'a') + "@example.org")), Error);
  for (const char* good : {"ann@example.org", "ann+tag@mail.example.org", "o'hara@localhost", "änn@exämple.org"})
    EXPECT_NO_THROW(check(with_address(good))) << good;
  Letter empty = letter();
  empty.subject = "";
  EXPECT_THROW(check(empty), Error);
  Letter broken = letter();
  broken.text = "\xC3";
  EXPECT_THROW(check(broken), Error);
  Letter script = letter();
  script.unsubscribe_url = "javascript:alert(1)";
  EXPECT_THROW(check(script), Error);
}

TEST(Letters, AFaultTellsNoAddress) {
  Letter bad = letter();
  bad.to.address = "ann.secret@@exa mple.org";
  try {
    check(bad);
    FAIL() << "it was taken";
  } catch (const Error& error) {
    EXPECT_THAT(error.message + error.detail, Not(HasSubstr("secret")));
  }
}

RC_GTEST_PROP(QuotedPrintable, HasShortLinesOfPlainCharacters, ()) {
  const std::string encoded = quoted_printable(any_text(400, false));
  for (const auto line : text::split(encoded, '\n')) {
    RC_ASSERT(line.size() <= 77U);  // with the "\r"
    RC_ASSERT(!line.starts_with('.'));
    RC_ASSERT(std::ranges::all_of(line, [](char c) { return (c >= 0x20 && c < 0x7F) || c == '\t' || c == '\r'; }));
  }
}

TEST(HeaderText, StaysReadableWherePlain) {
  EXPECT_EQ(header_text("Confirm your address"), "Confirm your address");
  EXPECT_EQ(header_text("Grüße"), "=?UTF-8?B?R3LDvMOfZQ==?=");
  EXPECT_EQ(header_mailbox({"O'Hara, \"Ann\"", "a@b.org"}), "\"O'Hara, \\\"Ann\\\"\"\r\n <a@b.org>");
  EXPECT_EQ(header_mailbox({"", "a@b.org"}), "a@b.org");
}

TEST(Outbox, KeepsWholeMailsAndOneOfEach) {
  const testing::ScratchFolder folder;
  Log log{Log::Level::off};
  ThreadPool pool(1);
  Outbox outbox(folder / "outbox", pool, log);
  run_task(outbox.send(letter()));
  run_task(outbox.send(letter()));
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "outbox"))
    names.push_back(entry.path().filename().string());
  EXPECT_THAT(names, ElementsAre("m-1.eml"));
  std::ifstream file(folder / "outbox/m-1.eml", std::ios::binary);
  EXPECT_EQ((std::string{std::istreambuf_iterator<char>(file), {}}), compose(letter()));
  std::ofstream(folder / "a-file").close();
  Outbox nowhere(folder / "a-file", pool, log);
  try {
    run_task(nowhere.send(letter()));
    FAIL() << "it was written";
  } catch (const Error& error) {
    EXPECT_TRUE(error.may_pass());
  }
  pool.join();
}

TEST(Outbox, FindsLinks) {
  EXPECT_THAT(links_in("Open https://a.org/x?y=1&z or\nhttp://b.org/ https: http"),
              ElementsAre("https://a.org/x?y=1&z", "http://b.org/"));
  EXPECT_THAT(links_in("<https://a.org/>"), ElementsAre("https://a.org/"));
}

}  // namespace
}  // namespace odeon::notify
