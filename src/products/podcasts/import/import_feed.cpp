#include "products/podcasts/import/import_feed.hpp"

#include <charconv>
#include <pugixml.hpp>
#include <set>

#include "base/ids.hpp"
#include "base/text.hpp"
#include "engine/identity/mail.hpp"
#include "products/podcasts/faults.hpp"
#include "products/podcasts/names.hpp"

namespace odeon::podcasts {
namespace {

constexpr std::size_t kLongestFeedTitle = 255, kLongestText = 4000, kLongestUrl = 2000, kLongestGuid = 1000,
                      kLongestCategory = 100;
constexpr std::int64_t kLargestNumber = 100'000;

// Without white space at its ends; empty where there is none.
std::string text_in(pugi::xml_node node, const char* name, std::size_t most) {
  return std::string(text::prefix(text::trim(text::to_valid_utf8(node.child(name).text().get())), most));
}

std::optional<std::string> maybe(std::string text) {
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

// Many feeds have addresses as people type them: with spaces, and with letters beyond ASCII.
std::string escaped(std::string_view address) {
  std::string url;
  for (const unsigned char c : address) {
    const bool may_stand =
        c > 0x20 && c < 0x7F && std::string_view("\"<>\\^`{|}").find(static_cast<char>(c)) == std::string_view::npos;
    if (may_stand)
      url += static_cast<char>(c);
    else
      url += fmt::format("%{:02X}", c);
  }
  return url;
}

std::optional<std::string> web_address(std::string_view address) {
  std::string url = escaped(text::trim(address));
  try {
    check_url("url", url);
  } catch (const Error&) {
    return std::nullopt;
  }
  return url.size() > kLongestUrl ? std::nullopt : std::optional(std::move(url));
}

std::optional<std::int64_t> number_in(pugi::xml_node node, const char* name) {
  const std::string digits = text_in(node, name, 20);
  std::int64_t value = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool fits =
      fault == std::errc() && end == digits.data() + digits.size() && value > 0 && value <= kLargestNumber;
  return fits ? std::optional(value) : std::nullopt;
}

bool says_yes(std::string_view word) {
  return text::equals_ignoring_case(word, "yes") || text::equals_ignoring_case(word, "true");
}

FeedLock lock_in(pugi::xml_node channel) {
  const auto owner = channel.child("podcast:locked").attribute("owner").value();
  FeedLock lock{.is_locked = says_yes(text_in(channel, "podcast:locked", 10)), .owner = identity::normal_mail(owner)};
  for (const auto said : channel.children("podcast:txt"))
    if (std::string_view(said.attribute("purpose").value()) == "verify")
      lock.verifying.emplace_back(text::trim(said.text().get()));
  return lock;
}

// Where the feed says that it is (RFC 4287, as RSS Best Practices has it in RSS).
std::optional<std::string> self_in(pugi::xml_node channel) {
  for (const auto link : channel.children("atom:link"))
    if (std::string_view(link.attribute("rel").value()) == "self") return web_address(link.attribute("href").value());
  return std::nullopt;
}

std::string language_in(pugi::xml_node channel) {
  std::string language = text_in(channel, "language", 10);
  try {
    check_language("language", language);
  } catch (const Error&) {
    return "en";
  }
  return language;
}

// The richer of what feeds have.
std::optional<std::string> description_in(pugi::xml_node node) {
  for (const auto* name : {"content:encoded", "description", "itunes:summary"})
    if (auto text = maybe(text_in(node, name, kLongestText))) return text;
  return std::nullopt;
}

// Apple's lists have a category in another one: the inner says more, and has the outer with it.
std::optional<std::string> category_in(pugi::xml_node channel) {
  const auto outer = channel.child("itunes:category"), inner = outer.child("itunes:category");
  const std::string name = text::to_valid_utf8((inner ? inner : outer).attribute("text").value());
  return maybe(std::string(text::prefix(text::trim(name), kLongestCategory)));
}

FeedEpisode episode_in(pugi::xml_node item) {
  FeedEpisode episode{.guid = text_in(item, "guid", kLongestGuid + 1),
                      .title = text_in(item, "title", kLongestFeedTitle),
                      .description = description_in(item),
                      .artwork_url = web_address(item.child("itunes:image").attribute("href").value()),
                      .episode_number = number_in(item, "itunes:episode"),
                      .season_number = number_in(item, "itunes:season"),
                      .published_at = parse_rfc822(text_in(item, "pubDate", 100))};
  episode.type = json::enum_value<EpisodeType>(text::to_lower(text_in(item, "itunes:episodeType", 20)))
                     .value_or(EpisodeType::full);
  const auto address = web_address(item.child("enclosure").attribute("url").value());
  episode.audio_url = address.value_or("");
  // Readers take an episode without a GUID for its enclosure.
  if (episode.guid.empty()) episode.guid = episode.audio_url;
  if (episode.title.empty()) episode.title = "Untitled";
  if (!address)
    episode.fault = "It has no sound.";
  else if (episode.guid.size() > kLongestGuid)
    episode.fault = "Its GUID is too long.";
  return episode;
}

}  // namespace

FeedShow read_podcast_feed(std::string_view xml) {
  pugi::xml_document document;
  // Entities of its own are none of ours: pugixml expands only XML's.
  const auto parsed = document.load_buffer(xml.data(), xml.size(), pugi::parse_default);
  const auto channel = document.child("rss").child("channel");
  FeedShow show{.title = text_in(channel, "title", kLongestFeedTitle)};
  if (!parsed || show.title.empty())
    throw Error(Fault::invalid, "NO_FEED", "There is no podcast at this address: its feed (RSS) could not be read.");
  show.description = description_in(channel);
  show.author = maybe(text_in(channel, "itunes:author", kLongestFeedTitle));
  show.category = category_in(channel);
  show.artwork_url = web_address(channel.child("itunes:image").attribute("href").value());
  if (!show.artwork_url) show.artwork_url = web_address(channel.child("image").child("url").text().get());
  show.owner_email = identity::normal_mail(text_in(channel.child("itunes:owner"), "itunes:email", 254));
  show.lock = lock_in(channel);
  if (!show.lock.owner) show.lock.owner = show.owner_email;
  show.self_url = self_in(channel);
  show.website_url = web_address(channel.child("link").text().get());
  show.language = language_in(channel);
  if (auto guid = text::to_lower(text_in(channel, "podcast:guid", 40)); is_uuid(guid)) show.guid = std::move(guid);
  if (text::equals_ignoring_case(text_in(channel, "itunes:type", 20), "serial")) show.type = ShowType::serial;
  show.is_explicit = says_yes(text_in(channel, "itunes:explicit", 10));
  std::set<std::string> guids;
  std::size_t left_out = 0;
  for (const auto item : channel.children("item")) {
    if (show.episodes.size() == kMostImported) {
      ++left_out;
      continue;
    }
    auto episode = episode_in(item);
    if (episode.fault.empty() && !guids.insert(episode.guid).second)
      episode.fault = "Another episode of the feed has its GUID.";
    show.episodes.push_back(std::move(episode));
  }
  if (left_out > 0)
    show.episodes.push_back({.title = fmt::format("{} more", left_out),
                             .fault = fmt::format("The first {} of a feed are taken over.", kMostImported)});
  return show;
}

std::string guid_of(const FeedShow& feed, std::string_view feed_url) {
  if (feed.guid) return *feed.guid;
  if (!feed_url.empty()) return podcast_guid(feed_url);
  if (feed.self_url) return podcast_guid(*feed.self_url);
  // A file that says nothing of the kind is known by what it is called.
  return podcast_guid(fmt::format("{} {}", feed.website_url.value_or(""), feed.title));
}

}  // namespace odeon::podcasts
