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

TEST_F(Forms, PassOverFilesThatNobodyAskedFor) {
  const auto reply = send(part("name=\"title\"", "Me") + part("name=\"other\"; filename=\"b\"", "unwanted") +
                          part("name=\"picture\"; filename=\"a\"", "bytes") + "--XX--");
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(server.uploads.kept, (std::map<std::string, std::string>{{"upload-1", "bytes"}}));
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
