#include "products/briefings/producer.hpp"

#include <fstream>

#include "products/briefings/news.hpp"
#include "products/briefings/prompts.hpp"

namespace odeon::briefings {
namespace {

constexpr double kSlotSeconds = 15;  // a recording is cut to it
constexpr double kChimeSeconds = 2.5;
constexpr int kChimeRate = 44100;
constexpr double kMaterial = 1.15;  // of the target is spoken, so that fit has a choice
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

}  // namespace

Producer::Producer(Newsroom& newsroom, ai::Gateway& gateway, ThreadPool& pool, Log& log)
    : newsroom_(newsroom), gateway_(gateway), pool_(pool), log_(log) {}

Task<Made> Producer::make(Order order, Report report) {
  co_await report(5, "reading", "Reading the news.");
  News news = co_await newsroom_.gather(order.feeds);

  co_await report(15, "writing", "Writing the script.");
  Written written = co_await write(std::move(news.articles), order);

  co_await report(25, "speaking", "Recording the voice.");
  auto spoken = [&report](this auto, double share) -> Task<void> {
    co_await report(25 + static_cast<int>(share * 60), "speaking", "Recording the voice.");
  };
  std::optional<Narration> recorded;
  auto record = [&](this auto) -> Task<void> {
    recorded = co_await narrate(gateway_, pool_, std::move(written.script),
                                {.voice = order.voice, .target_seconds = order.target_seconds}, spoken);
  };
  AdSlots slots;
  auto fill_slots = [&](this auto) -> Task<void> {
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
            .sources = std::move(news.sources),
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

// What a model writes is used only if it keeps to the facts and the form; the composer's script stands in.
Task<Producer::Written> Producer::write(std::vector<Article> articles, Order order) {
  const auto stories = stories_from(std::move(articles), order.now);
  const ComposeOptions options{.now = order.now, .target_seconds = order.target_seconds, .material = kMaterial};
  const ScriptBrief brief{.now = order.now, .target_seconds = order.target_seconds};
  const auto offered = offered_articles(stories, brief);
  auto composed = [&] { return json::write(compose(stories, options)); };
  auto reply = co_await gateway_.text({.task = "briefings.script",
                                       .messages = script_messages(offered, brief),
                                       .max_tokens = 4000,
                                       .json = true,
                                       .offline = composed});
  if (reply.model == ai::kOfflineModel) co_return Written{json::from<Script>(reply.text), reply.model};
  auto script = parse_script(reply.text, offered, brief);
  if (script) co_return Written{std::move(*script), reply.model};
  log_.warning("briefings.script_rejected",
               {{"model", reply.model}, {"code", script.error().code}, {"reason", script.error().message}});
  co_return Written{compose(stories, options), std::string(ai::kOfflineModel)};
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
