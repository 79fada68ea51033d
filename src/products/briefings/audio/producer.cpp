#include "products/briefings/audio/producer.hpp"

#include <fstream>

#include "products/briefings/local_times.hpp"
#include "products/briefings/news/interest.hpp"
#include "products/briefings/news/news.hpp"
#include "products/briefings/script/compose_personal.hpp"
#include "products/briefings/script/personal_phrases.hpp"

namespace odeon::briefings {
namespace {

constexpr double kSlotSeconds = 15;  // a recording is cut to it
constexpr double kChimeSeconds = 2.5;
constexpr int kChimeRate = 44100;
constexpr double kMaterial = 1.15;     // of the target is spoken, so that fit has a choice
constexpr double kTokensASecond = 18;  // of speech, as JSON with sources
constexpr std::uintmax_t kMaxSlotBytes = 20 * 1024 * 1024;

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (!file || bytes.size() > kMaxSlotBytes)
    throw Error(Fault::invalid, "AD_UNREADABLE", "The recording is not readable.");
  return bytes;
}

Pcm first_seconds(Pcm audio, double seconds) {
  const auto frames = static_cast<std::int64_t>(seconds * audio.rate);
  if (audio.frames() > frames) audio.samples.resize(static_cast<std::size_t>(frames * audio.channels));
  return audio;
}

// In the order's order; empty where it is none.
std::vector<std::string> tickers_of(const PersonalOrder& order) {
  std::vector<std::string> tickers;
  for (const auto& stock : order.tickers) tickers.push_back(ticker_from(stock.ticker).value_or(""));
  return tickers;
}

// What is no longer current still tells whom the news is about, but no price.
PersonalBrief brief_of(const Order& order, const std::vector<std::string>& tickers, const QuoteReading& quotes) {
  const PersonalOrder& person = *order.personal;
  PersonalBrief brief{.now = order.now,
                      .target_seconds = order.target_seconds,
                      .first_name = person.first_name,
                      .focus = person.focus,
                      .profit_and_loss = person.profit_and_loss};
  for (std::size_t i = 0; i < person.tickers.size(); ++i) {
    const PersonalStock& stock = person.tickers[i];
    Quote quote = quotes.quotes[i].value_or(Quote{.ticker = tickers[i]});
    if (!quotes.report.used) quote.price = quote.previous_close = 0;
    brief.positions.push_back({std::move(quote), stock.shares, stock.average_cost, stock.priority});
  }
  return brief;
}

// In the order in which they concern the person.
std::vector<Story> personal_order(const std::vector<Story>& stories, const PersonalBrief& person) {
  Picked picked = pick(stories, person);
  if (person.focus == "sectors") std::swap(picked.named, picked.sector);
  std::vector<Story> ordered = std::move(picked.named);
  std::ranges::move(picked.sector, std::back_inserter(ordered));
  std::ranges::move(picked.rest, std::back_inserter(ordered));
  return ordered;
}

int tokens_for(double seconds) {
  return std::max(4000, static_cast<int>(seconds * kTokensASecond));
}

}  // namespace

Producer::Producer(Newsroom& newsroom, Quotes& quotes, Finlight& finlight, ai::Gateway& gateway, ThreadPool& pool,
                   Log& log)
    : newsroom_(newsroom), quotes_(quotes), finlight_(finlight), gateway_(gateway), pool_(pool), log_(log) {}

Task<Made> Producer::make(Order order, Report report) {
  co_await report(5, "reading", order.personal ? "Reading the news and the prices." : "Reading the news.");
  Material material = co_await gather(order);
  std::vector<Source> sources = material.news.sources;

  co_await report(15, "writing", "Writing the script.");
  Written written = co_await write(std::move(material), order);

  co_await report(25, "speaking", "Recording the voice.");
  auto spoken = [&report](this auto, double share) -> Task<void> {
    co_await report(25 + static_cast<int>(share * 60), "speaking", "Recording the voice.");
  };
  std::optional<Narration> recorded;
  auto record = [&](this auto) -> Task<void> {
    recorded =
        co_await narrate(gateway_, pool_, std::move(written.script),
                         {.voice = order.voice, .target_seconds = order.target_seconds, .trace = order.trace}, spoken);
  };
  AdSlots slots;
  auto fill_slots = [&](this auto) -> Task<void> {
    if (order.personal && !order.personal->ads) co_return;
    slots.opening = co_await slot(order.opening_ad);
    slots.closing = co_await slot(order.closing_ad);
  };
  std::vector<Task<void>> meanwhile;
  meanwhile.push_back(record());
  meanwhile.push_back(fill_slots());
  meanwhile.push_back(run_blocking(pool_, media::prepare));
  co_await all_of(std::move(meanwhile));
  Narration narration = std::move(*recorded);
  if (!narration.fits)
    log_.warning("briefings.length_missed", {{"seconds", narration.seconds}, {"target", order.target_seconds}});

  co_await report(86, "mastering", "Levelling and encoding.");
  Made made{.title = narration.script.title,
            .transcript = transcript(narration.script),
            .sources = std::move(sources),
            .script_model = std::move(written.model),
            .speech_model = narration.model};
  const Script script = narration.script;
  media::ProduceOptions options{.tags = {.title = made.title,
                                         .artist = "Odeon",
                                         .album = "Market Briefings",
                                         .comment = made.transcript,
                                         .language = "en",
                                         .date = to_iso8601(order.now)}};
  made.audio =
      co_await run_blocking(pool_, [segments = segments_of(std::move(narration), std::move(slots)),
                                    &options]() mutable { return media::produce(std::move(segments), options); });
  made.captions = captions(script, made.audio);
  made.ad_markers = ad_markers(made.audio);
  made.chapters = chapters_of(made.audio);
  co_await report(97, "storing", "Storing the briefing.");
  co_return made;
}

Task<Producer::Material> Producer::gather(Order order) {
  if (!order.personal) co_return Material{.news = co_await newsroom_.gather(order.feeds)};
  const auto tickers = tickers_of(*order.personal);
  Material material;
  FinlightReading wire;
  QuoteReading quotes;
  auto read_feeds = [&](this auto) -> Task<void> { material.news = co_await newsroom_.look(order.feeds); };
  auto read_wire = [&](this auto) -> Task<void> { wire = co_await finlight_.read(tickers); };
  auto read_quotes = [&](this auto) -> Task<void> { quotes = co_await quotes_.look(tickers); };
  std::vector<Task<void>> readings;
  readings.push_back(read_feeds());
  readings.push_back(read_wire());
  readings.push_back(read_quotes());
  co_await all_of(std::move(readings));

  News& news = material.news;
  std::ranges::move(wire.articles, std::back_inserter(news.articles));
  if (finlight_.configured()) news.sources.push_back(shown(wire.report));
  news.sources.push_back(shown(quotes.report));
  material.person = brief_of(order, tickers, quotes);
  if (const auto& zone = order.personal->time_zone; !zone.empty())
    material.person->utc_offset = co_await run_blocking(pool_, [&] { return utc_offset(zone, order.now); });
  if (news.articles.empty() && facts(*material.person).priced == 0) throw no_news(news.sources);
  co_return material;
}

Task<Producer::Written> Producer::write(Material material, Order order) {
  const auto& person = material.person;
  const NewsOptions newest{.max_articles = person ? 400UL : NewsOptions().max_articles};
  const ComposeOptions options{.now = order.now, .target_seconds = order.target_seconds, .material = kMaterial};
  ScriptBrief brief{.now = order.now, .target_seconds = order.target_seconds};
  std::vector<Article> offered;
  std::vector<Fact> known;
  Script fallback;
  co_await run_blocking(pool_, [&] {
    auto stories = stories_from(std::move(material.news.articles), order.now, newest);
    fallback = person ? compose_personal(stories, *person, options) : compose(stories, options);
    if (person) {
      stories = personal_order(stories, *person);
      known = facts(*person).given;
      brief.now = order.now + person->utc_offset;
      brief.title = fallback.title;
    }
    offered = offered_articles(stories, brief);
  });
  ai::TextRequest request{
      .task = person ? "briefings.personal_script" : "briefings.script",
      .messages = person ? personal_messages(offered, *person, known, brief) : script_messages(offered, brief),
      .max_tokens = tokens_for(order.target_seconds),
      .form = {.kind = ai::AnswerForm::Kind::json},
      .offline = [&] { return json::write(fallback); },
      .trace = order.trace};
  co_return co_await written(std::move(request), offered, brief, known, fallback);
}

// What a model writes is used only if it keeps to the facts and the form; the composer's script stands in.
Task<Producer::Written> Producer::written(ai::TextRequest request, std::vector<Article> offered, ScriptBrief brief,
                                          std::vector<Fact> facts, Script fallback) {
  auto reply = co_await gateway_.text(std::move(request));
  if (reply.model == ai::kOfflineModel) co_return Written{std::move(fallback), reply.model};
  auto script = parse_script(reply.text(), offered, brief, facts);
  if (script) co_return Written{std::move(*script), reply.model};
  log_.warning("briefings.script_rejected",
               {{"model", reply.model}, {"code", script.error().code}, {"reason", script.error().message}});
  co_return Written{std::move(fallback), std::string(ai::kOfflineModel)};
}

Task<Pcm> Producer::slot(std::string file) {
  if (!file.empty()) {
    try {
      co_return co_await run_blocking(
          pool_, [&file] { return first_seconds(media::decode_audio(read_file(file)), kSlotSeconds); });
    } catch (const Error& error) {
      log_.warning("briefings.ad_unusable", {{"reason", error.message}});
    }
  }
  co_return co_await run_blocking(pool_, [] { return media::chime(kChimeSeconds, kChimeRate); });
}

}  // namespace odeon::briefings
