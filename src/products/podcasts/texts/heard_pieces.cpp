#include "products/podcasts/texts/heard_pieces.hpp"

#include <expected>
#include <set>

#include "base/stoppable.hpp"
#include "engine/ai/joined_words.hpp"
#include "engine/media/speech_pieces.hpp"
#include "products/podcasts/sound/object_source.hpp"

namespace odeon::podcasts {
namespace {

constexpr std::size_t kHeardAtOnce = 4;

using Heard = std::expected<void, std::exception_ptr>;

std::string words_json(const std::vector<ai::Spoken>& words) {
  json::array all;
  for (const auto& word : words) all.push_back(json::array{word.text, word.start, word.end});
  return json::write(json::value(std::move(all)));
}

std::vector<ai::Spoken> words_from(std::string_view kept) {
  std::vector<ai::Spoken> words;
  const auto list = json::parse(kept);
  for (const auto& each : list.as_array()) {
    const auto& parts = each.as_array();
    words.push_back(
        {std::string(parts.at(0).as_string()), parts.at(1).to_number<double>(), parts.at(2).to_number<double>()});
  }
  return words;
}

}  // namespace

struct HeardPieces::Piece {
  std::int64_t number = 0;
  media::SpeechPiece sound;
};

// Reads the sound on the pool; used by one task.
class HeardPieces::Reader {
 public:
  Reader(ThreadPool& heavy, std::shared_ptr<ReadableObject> object, asio::any_io_executor loop)
      : heavy_(heavy), object_(std::move(object)), loop_(std::move(loop)) {}

  Task<std::optional<Piece>> next() {
    auto work = [this](std::stop_token stop) {
      // The source outlives this call, and so does whatever ends its waiting.
      const std::stop_callback pass_on(stop, [this] { stop_.request_stop(); });
      if (!pieces_) {
        source_ = source_of(object_, loop_, stop_.get_token());
        pieces_.emplace(*source_);
      }
      return pieces_->next(stop);
    };
    auto sound = co_await run_stoppable(heavy_, std::move(work));
    if (!sound) co_return std::nullopt;
    co_return Piece{number_++, std::move(*sound)};
  }

 private:
  ThreadPool& heavy_;
  const std::shared_ptr<ReadableObject> object_;
  const asio::any_io_executor loop_;
  std::stop_source stop_;
  std::unique_ptr<media::BlockingSource> source_;
  std::optional<media::SpeechPieces> pieces_;
  std::int64_t number_ = 0;
};

Task<std::optional<TimedTranscript>> HeardPieces::hear(HearingOrder order, Tell tell) {
  auto object = co_await storage_.get(order.storage_key);
  if (object == nullptr) throw Error(Fault::invalid, "SOUND_LOST", "The recording is lost. Please send it again.");
  std::set<std::pair<std::int64_t, double>> known;
  for (const auto& row : co_await store::heard(database_, order.audio_id))
    if (row.asked_language == order.language) known.emplace(row.number, row.start_seconds);
  Reader reader(heavy_, std::move(object), co_await asio::this_coro::executor);
  for (bool more = true; more;) {
    double reached = 0;
    std::vector<Task<Heard>> hearings;
    while (more && hearings.size() < kHeardAtOnce) {
      auto piece = co_await reader.next();
      more = piece.has_value();
      if (!piece) break;
      reached = piece->sound.end;
      if (!known.contains({piece->number, piece->sound.start}))
        hearings.push_back(settle(hear_piece(order, std::move(*piece))));
    }
    // One that fails does not cost what others have heard.
    for (const auto& heard : co_await all_of(std::move(hearings)))
      if (!heard) std::rethrow_exception(heard.error());
    if (reached > 0 && !co_await tell(std::min(reached / std::max(order.seconds, 1.0), 1.0))) co_return std::nullopt;
  }
  co_return co_await joined(order.audio_id);
}

std::string HeardPieces::preferred_model() const {
  const auto names = gateway_.names(ai::ModelKind::transcription);
  return names.empty() ? "" : names.front();
}

Task<void> HeardPieces::hear_piece(HearingOrder order, Piece piece) {
  const double start = piece.sound.start, end = piece.sound.end;
  ai::TranscriptionRequest request{.audio = std::move(piece.sound.wav),
                                   .media_type = "audio/wav",
                                   .seconds = end - start,
                                   .language = order.language,
                                   .trace = order.trace,
                                   .task = "podcasts.transcription",
                                   .payer = order.payer};
  const auto heard = co_await gateway_.transcribe(std::move(request));
  co_await store::keep_heard(database_, {.audio_id = order.audio_id,
                                         .number = piece.number,
                                         .episode_id = order.episode_id,
                                         .start_seconds = start,
                                         .end_seconds = end,
                                         .words = words_json(heard_words(heard, start, end)),
                                         .asked_language = order.language,
                                         .language = heard.language,
                                         .model = heard.model});
}

Task<TimedTranscript> HeardPieces::joined(std::string audio_id) {
  const auto rows = co_await store::heard(database_, std::move(audio_id));
  auto work = [&rows] {
    std::vector<ai::HeardPiece> pieces;
    std::set<std::string> models;
    std::string language;
    for (const auto& row : rows) {
      pieces.push_back({row.start_seconds, row.end_seconds, words_from(row.words)});
      models.insert(row.model);
      if (language.empty()) language = row.language;
    }
    return TimedTranscript::of(ai::join_words(pieces), language, text::join({models.begin(), models.end()}, ", "));
  };
  co_return co_await run_blocking(heavy_, std::move(work));
}

}  // namespace odeon::podcasts
