#include "engine/http/multipart.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/http/binding.hpp"
#include "testing/http.hpp"

namespace odeon::http {
namespace {

struct SendPicture {
  Text<1, 20> title;
  Upload picture;
};
BOOST_DESCRIBE_STRUCT(SendPicture, (), (title, picture))

struct PictureReply {
  std::string title;
  Upload picture;
};
BOOST_DESCRIBE_STRUCT(PictureReply, (), (title, picture))

constexpr Endpoint<SendPicture, PictureReply> send_picture{
    {.method = Method::post, .path = "/pictures", .summary = "Send a picture", .max_body = 1000}};

struct Pictures {
  Task<PictureReply> send(SendPicture sent) { co_return PictureReply{sent.title, sent.picture}; }
};

std::string part(const std::string& head, const std::string& content) {
  return "--XX\r\nContent-Disposition: form-data; " + head + "\r\n\r\n" + content + "\r\n";
}

class Forms : public ::testing::Test {
 protected:
  Forms() { mount(server.api(""), send_picture, &Pictures::send, pictures); }
  testing::HttpReply send(const std::string& body) {
    return server.post("/pictures", body, {{"Content-Type", "multipart/form-data; boundary=XX"}});
  }
  Pictures pictures;
  testing::HttpServer server;
};

TEST_F(Forms, StreamsFilesToStorage) {
  const auto reply =
      send("preamble\r\n" + part("name=\"title\"", "Me") +
           part("name=picture; filename=\"C:\\\\a\\\\me.png\"\r\nContent-Type: image/png", "\r\n--XY\r\n") +
           "--XX--\r\nepilogue");
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.body,
            R"({"title":"Me","picture":{"key":"upload-1","file_name":"me.png","content_type":"image/png","size":8}})");
  EXPECT_EQ(server.uploads.kept["upload-1"], "\r\n--XY\r\n");
}

TEST_F(Forms, KeepsNothingOfAFaultyRequest) {
  const std::string file = part("name=\"picture\"; filename=\"a\"", "bytes");
  EXPECT_EQ(send(file + "--XX--").status, 400);                      // no title
  EXPECT_EQ(send(file + part("name=\"title\"", "Me")).status, 400);  // cut off
  EXPECT_EQ(send(file + part("name=\"title\"", std::string(21, 'x')) + "--XX--").status, 400);
  EXPECT_EQ(send(part("name=\"picture\"; filename=\"a\"", std::string(1001, 'x')) + "--XX--").status, 413);
  EXPECT_EQ(send(part("filename=\"a\"", "x") + "--XX--").status, 400);  // no name
  EXPECT_EQ(server.post("/pictures", "{}").status, 415);
  EXPECT_EQ(send(part("name=\"title\"", "Me") + file + file + "--XX--").status, 400);  // which of the two?
  // A client cannot name a stored object by itself.
  EXPECT_EQ(send(part("name=\"title\"", "Me") + part("name=\"picture\"", R"({"key":"x"})") + "--XX--").status, 400);
  EXPECT_TRUE(server.uploads.kept.empty());
}

struct SendNote {
  Text<0, 20> title;
  std::optional<Upload> picture;
};
BOOST_DESCRIBE_STRUCT(SendNote, (), (title, picture))

struct NoteReply {
  std::string title;
  std::string key;
};
BOOST_DESCRIBE_STRUCT(NoteReply, (), (title, key))

constexpr Endpoint<SendNote, NoteReply> send_note{
    {.method = Method::post, .path = "/notes", .summary = "Send a note", .max_body = 4 << 20}};

struct NoteDesk {
  Task<NoteReply> send(SendNote sent) { co_return NoteReply{sent.title, sent.picture ? sent.picture->key : ""}; }
};

TEST(FormsOrJson, AreBothTakenWhereNoFileIsNeeded) {
  NoteDesk notes;
  testing::HttpServer server;
  mount(server.api(""), send_note, &NoteDesk::send, notes);
  const auto form = [&](const std::string& body) {
    return server.post("/notes", body, {{"Content-Type", "multipart/form-data; boundary=XX"}});
  };
  const std::string file = part("name=\"picture\"; filename=\"a\"", "bytes"), title = part("name=\"title\"", "Me");
  EXPECT_EQ(form(title + file + "--XX--").body, R"({"title":"Me","key":"upload-1"})");
  EXPECT_EQ(form(title + "--XX--").body, R"({"title":"Me","key":""})");
  EXPECT_EQ(server.post("/notes", R"({"title":"Me"})").body, R"({"title":"Me","key":""})");
  EXPECT_EQ(server.post("/notes", "").status, 200U);
  EXPECT_EQ(server.post("/notes", "title=Me", {{"Content-Type", "text/plain"}}).status, 415U);
  const std::string named = R"({"picture":{"key":"upload-1","file_name":"","content_type":"","size":5}})";
  EXPECT_EQ(server.post("/notes", named).body, R"({"title":"","key":""})") << "nobody names what is stored";
  EXPECT_EQ(server.post("/notes", R"({"title":")" + std::string(2 << 20, 'x') + "\"}").status, 413U) << "only files";
}

TEST_F(Forms, PassOverFilesThatNobodyAskedFor) {
  const auto reply = send(part("name=\"title\"", "Me") + part("name=\"other\"; filename=\"b\"", "unwanted") +
                          part("name=\"picture\"; filename=\"a\"", "bytes") + "--XX--");
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(server.uploads.kept, (std::map<std::string, std::string>{{"upload-1", "bytes"}}));
}

// Writes down what happens to files on their way.
class Scribe final : public UploadWatcher {
 public:
  Scribe(std::vector<std::string>& book, std::string before) : book_(book), seen_(std::move(before)) {}
  ~Scribe() override { book_.push_back(seen_); }
  void arrived(std::span<const char> bytes) override { seen_.append(bytes.data(), bytes.size()); }
  void accepted(const Upload& upload) override { seen_ += " is " + upload.key; }

 private:
  std::vector<std::string>& book_;
  std::string seen_;
};

struct SendTake {
  Text<0, 20> title;
  Upload sound;
  std::optional<Upload> notes;
};
BOOST_DESCRIBE_STRUCT(SendTake, (), (title, sound, notes))

constexpr Endpoint<SendTake, Nothing> send_take{
    {.method = Method::post, .path = "/takes", .summary = "Send a take", .max_body = 100'000}};

class WatchedForms : public ::testing::Test {
 protected:
  WatchedForms() {
    mount(server.api(""), send_take, &WatchedForms::take, *this, [this](const json::object& fields) {
      return std::make_unique<Scribe>(book, json::write(json::value(fields)) + " ");
    });
  }
  Task<Nothing> take(SendTake) {
    book.emplace_back("taken");
    co_return Nothing{};
  }
  unsigned send(const std::string& body) {
    return server.post("/takes", body, {{"Content-Type", "multipart/form-data; boundary=XX"}}).status;
  }
  static std::string file(const std::string& name, const std::string& bytes) {
    return part("name=\"" + name + "\"; filename=\"a\"", bytes);
  }
  std::vector<std::string> book;
  testing::HttpServer server;
};

TEST_F(WatchedForms, AreSeenAsTheyComeAndAreTheHandlersInTheEnd) {
  EXPECT_EQ(send(part("name=\"title\"", "Hi") + file("sound", "la la") + "--XX--"), 200U);
  EXPECT_EQ(book, (std::vector<std::string>{R"({"title":"Hi"} la la is upload-1)", "taken"}));
}

TEST_F(WatchedForms, OfWhichNothingComesAreToldNoMore) {
  const std::string sound = file("sound", "la la");
  EXPECT_EQ(send(sound), 400U);                                                            // cut off behind it
  EXPECT_EQ(send(sound.substr(0, sound.size() - 4)), 400U);                                // and within
  EXPECT_EQ(send(sound + part("name=\"title\"", std::string(21, 'x')) + "--XX--"), 400U);  // too long
  EXPECT_EQ(send(sound + sound + "--XX--"), 400U);                                         // twice
  EXPECT_EQ(send(file("sound", std::string(100'001, 'x')) + "--XX--"), 413U);
  ASSERT_EQ(book.size(), 5U);
  for (const auto& line : book) EXPECT_EQ(line.find(" is "), std::string::npos) << line;
  EXPECT_TRUE(server.uploads.kept.empty());
}

TEST_F(WatchedForms, AreAskedAboutForEachFileThatIsWanted) {
  EXPECT_EQ(send(file("sound", "la") + file("other", "x") + file("notes", "do re") + "--XX--"), 200U);
  ASSERT_EQ(book.size(), 3U);
  EXPECT_EQ(book[0], "{} la is upload-1");
  EXPECT_TRUE(book[1].ends_with(" do re is upload-2")) << book[1];
}

RC_GTEST_FIXTURE_PROP(WatchedForms, AreSeenByteForByte, ()) {
  const auto size = *rc::gen::inRange(0, 60'000);
  const auto bytes =
      *rc::gen::container<std::string>(static_cast<std::size_t>(size), rc::gen::elementOf(std::string("\r\n-X ")));
  RC_PRE(("\r\n" + bytes + "\r\n").find("\r\n--XX") == std::string::npos);
  RC_ASSERT(send(file("sound", bytes) + "--XX--") == 200U);
  RC_ASSERT(book.size() == 2U);
  RC_ASSERT(book[0] == "{} " + bytes + " is upload-1");
}

struct PlanWeek {
  std::optional<std::vector<std::string>> days;
  Upload plan;
};
BOOST_DESCRIBE_STRUCT(PlanWeek, (), (days, plan))

struct Week {
  std::vector<std::string> days;
};
BOOST_DESCRIBE_STRUCT(Week, (), (days))

constexpr Endpoint<PlanWeek, Week> plan_week{{.method = Method::post, .path = "/week", .summary = "Plan a week"}};

struct Weeks {
  Task<Week> plan(PlanWeek sent) { co_return Week{sent.days.value_or(std::vector<std::string>())}; }
};

TEST(FormLists, HaveANameThatEndsWithBrackets) {
  Weeks weeks;
  testing::HttpServer server;
  mount(server.api(""), plan_week, &Weeks::plan, weeks);
  const auto days = [&](const std::string& parts) {
    return server
        .post("/week", parts + part("name=\"plan\"; filename=\"a\"", "x") + "--XX--",
              {{"Content-Type", "multipart/form-data; boundary=XX"}})
        .body;
  };
  EXPECT_EQ(days(part("name=\"days[]\"", "Monday") + part("name=\"days[]\"", "Tuesday, early")),
            R"({"days":["Monday","Tuesday, early"]})");
  EXPECT_EQ(days(part("name=\"days[]\"", "Monday")), R"({"days":["Monday"]})");
  EXPECT_EQ(days(part("name=\"days\"", "Monday,Friday")), R"({"days":["Monday","Friday"]})");
  EXPECT_EQ(days(part("name=\"days\"", "Monday") + part("name=\"days[]\"", "Friday")), R"({"days":["Friday"]})");
  EXPECT_EQ(days(""), R"({"days":[]})");
}

// Gives its text in slices of random size.
class Slices final : public ByteSource {
 public:
  explicit Slices(std::string text) : text_(std::move(text)) {}
  Task<std::size_t> read(std::span<char> into) override {
    const auto wanted = static_cast<std::size_t>(*rc::gen::inRange(1, 6));
    const auto count = std::min({wanted, into.size(), text_.size() - at_});
    std::copy_n(text_.data() + at_, count, into.data());
    at_ += count;
    co_return count;
  }

 private:
  std::string text_;
  std::size_t at_ = 0;
};

Task<std::vector<std::string>> read_parts(Slices source) {
  MultipartReader reader(source, "XX");
  std::vector<std::string> contents;
  while (co_await reader.next()) contents.push_back(co_await read_all(reader.content(), 10'000));
  co_return contents;
}

RC_GTEST_PROP(Multipart, GivesBackWhatWasSentHoweverItIsCut, ()) {
  const auto contents = *rc::gen::container<std::vector<std::string>>(
      rc::gen::container<std::string>(rc::gen::elementOf(std::string("\r\n-X "))));
  std::string body;
  for (const auto& content : contents) {
    RC_PRE(("\r\n" + content + "\r\n").find("\r\n--XX") == std::string::npos);
    body += part("name=\"a\"", content);
  }
  RC_ASSERT(run_task(read_parts(Slices(body + "--XX--\r\n"))) == contents);
}

}  // namespace
}  // namespace odeon::http
