#include "products/podcasts/shows.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "products/podcasts/house_test.hpp"
#include "products/podcasts/names.hpp"

namespace odeon::podcasts {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

struct ShowsTest : PodcastsHouse {};

TEST_F(ShowsTest, AreBegunReadChangedAndDeleted) {
  const auto made = post("/api/podcasts",
                         {{"title", "  The Morning After  "},
                          {"description", "Coffee & news."},
                          {"author", "Ada"},
                          {"category", "Technology"},
                          {"language", "pt-BR"},
                          {"website_url", "https://example.com/show"}},
                         token);
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.at("title"), "The Morning After");
  EXPECT_EQ(made.at("status"), "draft");
  EXPECT_EQ(made.at("rss_url"), "http://test/podcasts/feeds/the-morning-after.xml");
  EXPECT_EQ(made.at("guid"), podcast_guid("test/podcasts/feeds/the-morning-after.xml").c_str());
  EXPECT_TRUE(made.at("artwork_url").is_null());
  const std::string path = "/api/podcasts/" + text(made.at("id"));
  EXPECT_EQ(get(path, token).body, made.body);

  const auto changed = put(path, {{"title", "Evenings"}, {"description", ""}, {"is_explicit", true}});
  EXPECT_EQ(changed.at("title"), "Evenings");
  EXPECT_TRUE(changed.at("description").is_null()) << "an empty text is none";
  EXPECT_EQ(changed.at("author"), "Ada") << "what is left out stays";
  EXPECT_EQ(changed.at("is_explicit"), true);
  EXPECT_EQ(changed.at("rss_url"), made.at("rss_url")) << "who listens need not be told of it";
  EXPECT_EQ(changed.at("guid"), made.at("guid"));
  EXPECT_EQ(get(path, token).body, changed.body);

  EXPECT_EQ(remove(path).status, 204);
  EXPECT_EQ(get(path, token).status, 404);
  EXPECT_EQ(remove(path).status, 404);
}

TEST_F(ShowsTest, SayWhatIsWrongWithThem) {
  const std::string path = "/api/podcasts/" + begin_podcast();
  take_plan("network");
  struct Case {
    json::object body;
    const char* field;
  };
  const std::vector<Case> cases{{{{"title", "   "}}, "title"},
                                {{{"title", std::string(256, 'x')}}, "title"},
                                {{{"title", 7}}, "title"},
                                {{{"title", "T"}, {"language", "english"}}, "language"},
                                {{{"title", "T"}, {"language", "e_n"}}, "language"},
                                {{{"title", "T"}, {"artwork_url", "javascript:alert(1)"}}, "artwork_url"},
                                {{{"title", "T"}, {"website_url", "https://"}}, "website_url"},
                                {{{"title", "T"}, {"owner_email", "nobody"}}, "owner_email"},
                                {{{"title", "T"}, {"description", std::string(4001, 'x')}}, "description"},
                                {{{"title", "T"}, {"type", "weekly"}}, "type"}};
  for (const auto& [body, field] : cases) {
    const auto made = post("/api/podcasts", body, token), changed = put(path, body);
    EXPECT_EQ(made.status, 400) << made.body;
    EXPECT_TRUE(made.at("details").as_object().contains(field)) << made.body;
    EXPECT_EQ(changed.status, 400) << changed.body;
  }
  EXPECT_EQ(post("/api/podcasts", json::object(), token).status, 400);
  EXPECT_EQ(put(path, {{"status", "gone"}}).status, 400);
  EXPECT_EQ(get("/api/podcasts?cursor=x", token).status, 400);
}

TEST_F(ShowsTest, AreTheirOwnersAlone) {
  const std::string path = "/api/podcasts/" + begin_podcast();
  const auto bob = join("bob@example.com");
  EXPECT_EQ(get(path, bob).status, 404);
  EXPECT_EQ(put(path, {{"title", "Mine"}}, bob).status, 404);
  EXPECT_EQ(remove(path, bob).status, 404);
  EXPECT_EQ(get(path + "/episodes", bob).status, 404);
  EXPECT_EQ(post(path + "/episodes", {{"title", "Mine"}}, bob).status, 404);
  EXPECT_THAT(get("/api/podcasts", bob).at("podcasts").as_array(), IsEmpty());
  EXPECT_EQ(get(path).status, 401);
  EXPECT_EQ(get(path, token).at("title"), "The Morning After");
}

TEST_F(ShowsTest, AreAsManyAsThePlanAllows) {
  const auto first = begin_podcast();
  const auto refused = post("/api/podcasts", {{"title", "Another"}}, token);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.at("code"), "PODCAST_LIMIT_REACHED");
  EXPECT_EQ(refused.at("upgrade_url"), "/pricing");
  take_plan("pro");
  begin_podcast("Two");
  begin_podcast("Three");
  EXPECT_EQ(post("/api/podcasts", {{"title", "Four"}}, token).status, 403);
  EXPECT_EQ(used("podcasts"), 3);
  EXPECT_EQ(remove("/api/podcasts/" + first).status, 204);
  begin_podcast("Four");
  take_plan("network");
  for (int i = 0; i < 5; ++i) begin_podcast("More");
}

TEST_F(ShowsTest, AreNoMoreHoweverManyAreAskedForAtOnce) {
  take_plan("pro");
  const auto made = run_task([](ShowsTest& test) -> Task<int> {
    std::vector<Task<std::expected<Created<Podcast>, std::exception_ptr>>> asked;
    asked.reserve(20);
    const http::Caller caller{.user_id = test.ids.at("ada@example.com"), .base_url = "http://test/podcasts"};
    for (int i = 0; i < 20; ++i) asked.push_back(settle(test.shows.create(caller, NewPodcast{.title = "News"})));
    int made = 0;
    for (const auto& each : co_await all_of(std::move(asked))) made += each ? 1 : 0;
    co_return made;
  }(*this));
  EXPECT_EQ(made, 3);
  EXPECT_THAT(get("/api/podcasts", token).at("podcasts").as_array(), SizeIs(3));
}

TEST_F(ShowsTest, HaveAddressesOfTheirOwn) {
  take_plan("network");
  std::set<std::string> urls;
  for (const char* title : {"News", "news!", "Новости", "ニュース"})
    urls.insert(text(post("/api/podcasts", {{"title", title}}, token).at("rss_url")));
  EXPECT_THAT(urls, SizeIs(4));
}

TEST_F(ShowsTest, AreListedNewestFirstInPages) {
  take_plan("network");
  for (const char* title : {"One", "Two", "Three"}) begin_podcast(title);
  const auto page = get("/api/podcasts?limit=2", token);
  ASSERT_THAT(page.at("podcasts").as_array(), SizeIs(2));
  EXPECT_EQ(page.at("podcasts").at(0).at("title"), "Three");
  const auto rest = get("/api/podcasts?limit=2&cursor=" + text(page.at("next_cursor")), token);
  ASSERT_THAT(rest.at("podcasts").as_array(), SizeIs(1));
  EXPECT_EQ(rest.at("podcasts").at(0).at("title"), "One");
  EXPECT_TRUE(rest.at("next_cursor").is_null());
}

TEST_F(ShowsTest, GoWithAllThatIsInThem) {
  const auto podcast = begin_podcast();
  for (const char* title : {"One", "Two"}) finished_episode(podcast, title);
  EXPECT_THAT(objects(), SizeIs(4));
  EXPECT_GT(used("storage"), 0);
  EXPECT_EQ(remove("/api/podcasts/" + podcast).status, 204);
  EXPECT_EQ(used("storage"), 0);
  EXPECT_EQ(used("podcasts"), 0);
  EXPECT_EQ(run_task(leftovers.sweep()), 4);
  EXPECT_THAT(objects(), IsEmpty());
  EXPECT_EQ(run_task(leftovers.sweep()), 0);
  EXPECT_EQ(
      run_task(database->query<std::string>("SELECT id FROM jobs WHERE kind = 'podcasts.sweep_leftovers'")).size(), 1U);
}

// The vector of Podcasting 2.0's own page.
TEST(PodcastGuid, IsThatOfTheStandard) {
  for (const char* url : {"https://podnews.net/rss", "podnews.net/rss", "http://podnews.net/rss/"})
    EXPECT_EQ(podcast_guid(url), "9b024349-ccf0-5f69-a609-6b82873eab3c");
}

TEST(Slug, IsReadable) {
  EXPECT_EQ(slug_of("The Morning After!"), "the-morning-after");
  EXPECT_EQ(slug_of("  It's — 2 o'clock  "), "its-2-oclock");
  EXPECT_EQ(slug_of("日本"), "podcast");
}

RC_GTEST_PROP(Slug, FitsAnAddress, (const std::string& title)) {
  const auto slug = slug_of(title);
  RC_ASSERT(!slug.empty() && slug.size() <= 60);
  RC_ASSERT(slug.front() != '-' && slug.back() != '-' && !slug.contains("--"));
  RC_ASSERT(
      std::ranges::all_of(slug, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }));
}

}  // namespace
}  // namespace odeon::podcasts
