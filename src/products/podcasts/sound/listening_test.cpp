// Sounds that are heard while they still arrive.
#include "products/podcasts/sound/listening.hpp"

#include "products/podcasts/sound/listening_house_test.hpp"

namespace odeon::podcasts {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

struct ListeningTest : ListeningHouse {};

TEST_F(ListeningTest, ARecordingIsHeardBeforeItsLastChunk) {
  const auto bytes = thinking(2, 3);
  const auto chunks = cut(bytes, 100'000);
  const auto session = begin_recording();
  const auto key = audio_key(session);
  for (std::size_t i = 0; i + 1 < chunks.size(); ++i) EXPECT_EQ(send_chunk(session, i, chunks[i]).status, 200);
  await_heard(key, (chunks.size() - 1) * 100'000);
  EXPECT_EQ(send_chunk(session, chunks.size() - 1, chunks.back()).status, 200);
  const auto episode = finish_recording(session);
  await_heard(key, bytes.size());
  run_jobs();
  EXPECT_EQ(listening.bytes_heard(key), std::nullopt) << "the job has it";
  EXPECT_EQ(mp3_of(episode), unheard(bytes));
  EXPECT_EQ(kept_files(), 0u);
}

TEST_F(ListeningTest, WhatTheJobTakesOverItDoesNotHearAgain) {
  const auto bytes = human();
  const auto session = begin_recording();
  send_chunk(session, 0, bytes);
  const auto episode = finish_recording(session);
  await_heard(audio_key(session), bytes.size());
  // Nobody looks at this any more.
  run_task(storage::put(storage, audio_key(session), std::string(bytes.size(), 'x'), {}));
  run_jobs();
  EXPECT_EQ(mp3_of(episode), unheard(bytes));
}

TEST_F(ListeningTest, ChunksComeInAnyOrderAndAgain) {
  const auto bytes = human();
  const auto chunks = cut(bytes, 20'000);
  ASSERT_EQ(chunks.size(), 5u);
  const auto session = begin_recording();
  for (const std::size_t number : {0, 2, 1, 2, 4, 0, 3})
    EXPECT_EQ(send_chunk(session, number, chunks[number]).status, 200);
  await_heard(audio_key(session), bytes.size());
  EXPECT_EQ(send_chunk(session, 3, "other bytes").at("code"), "CHUNK_DIFFERS");
  const auto episode = finish_recording(session);
  run_jobs();
  EXPECT_EQ(mp3_of(episode), unheard(bytes));
}

TEST_F(ListeningTest, AChunkThatAnotherNodeTookIsWaitedFor) {
  const auto bytes = human();
  const auto chunks = cut(bytes, 20'000);
  const auto session = begin_recording();
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    storage.far = i == 2;  // no file of this machine
    send_chunk(session, i, chunks[i]);
  }
  storage.far = false;
  await_heard(audio_key(session), 40'000);
  const auto episode = finish_recording(session);
  run_jobs();
  EXPECT_EQ(mp3_of(episode), unheard(bytes));
}

TEST_F(ListeningTest, ALateFirstChunkBeginsNothing) {
  const auto chunks = cut(human(), 50'000);
  const auto session = begin_recording();
  send_chunk(session, 1, chunks[1]);
  EXPECT_EQ(listening.bytes_heard(audio_key(session)), std::nullopt);
  send_chunk(session, 0, chunks[0]);
  await_heard(audio_key(session), 50'000);  // the other waits for the whole
  const auto episode = finish_recording(session);
  run_jobs();
  EXPECT_EQ(mp3_of(episode), unheard(human()));
}

TEST_F(ListeningTest, AChoiceAtTheEndIsHeeded) {
  const auto bytes = thinking(1);
  const auto session = begin_recording();
  send_chunk(session, 0, bytes);
  await_heard(audio_key(session), bytes.size());
  const auto episode = finish_recording(session, {{"remove_noise", false}});
  run_jobs();
  EXPECT_EQ(mp3_of(episode), unheard(bytes, {{"remove_noise", "false"}}));
  EXPECT_NE(mp3_of(episode), unheard(bytes));
}

TEST_F(ListeningTest, WhoThrowsARecordingAwayEndsIt) {
  const auto session = begin_recording();
  send_chunk(session, 0, human());
  await_heard(audio_key(session), human().size());
  EXPECT_EQ(remove("/api/recording/" + session).status, 204);
  EXPECT_EQ(listening.bytes_heard(audio_key(session)), std::nullopt);
  EXPECT_EQ(kept_files(), 0u);
}

TEST_F(ListeningTest, WhatIsNoSoundIsLeftToTheJob) {
  const auto session = begin_recording();
  send_chunk(session, 0, "Dear listeners, " + std::string(4000, 'x'));
  const auto episode = finish_recording(session);
  run_jobs();
  EXPECT_EQ(status(episode).at("processing_status"), "error");
  EXPECT_THAT(text(status(episode).at("error")), ::testing::HasSubstr("audio file"));
}

TEST_F(ListeningTest, FourAreHeardAtOnceAndWhoWaitsForLongGivesWay) {
  std::vector<std::string> sessions;
  for (int i = 0; i < 4; ++i) {
    sessions.push_back(begin_recording());
    send_chunk(sessions.back(), 0, human());
    await_heard(audio_key(sessions.back()), human().size());
    clock.advance(std::chrono::seconds(1));
  }
  const auto fifth = begin_recording();
  send_chunk(fifth, 0, human());
  EXPECT_EQ(listening.bytes_heard(audio_key(fifth)), std::nullopt);
  clock.advance(std::chrono::seconds(57));
  const auto sixth = begin_recording();
  send_chunk(sixth, 0, human());
  await_heard(audio_key(sixth), human().size());
  EXPECT_EQ(listening.bytes_heard(audio_key(sessions[0])), std::nullopt);
  EXPECT_NE(listening.bytes_heard(audio_key(sessions[1])), std::nullopt);
  clock.advance(std::chrono::hours(1));
  listening.sweep();
  for (const auto& session : sessions) EXPECT_EQ(listening.bytes_heard(audio_key(session)), std::nullopt);
}

// ---- forms ---------------------------------------------------------------------------------------

struct ListeningToForms : ListeningHouse {};

TEST_F(ListeningToForms, HearsThemBeforeTheirLastByte) {
  const auto bytes = thinking(2, 3);
  const auto sent = send_slowly(field("podcast_id", podcast), bytes, "", [&] { await_form(bytes.size()); });
  ASSERT_EQ(sent.status, 202) << sent.body;
  const auto key = listening.under_way().at(0);
  EXPECT_TRUE(key.starts_with("upload-")) << "as it is stored: " << key;
  await_heard(key, bytes.size());
  // Nobody looks at this any more.
  run_task(storage::put(storage, key, std::string(bytes.size(), 'x'), {}));
  run_jobs();
  EXPECT_THAT(listening.under_way(), IsEmpty());
  EXPECT_EQ(mp3_of(text(sent.at("id"))), unheard(bytes));
  EXPECT_EQ(kept_files(), 0u);
}

TEST_F(ListeningToForms, HeedsAChoiceThatComesBehindTheFile) {
  const auto bytes = thinking(1);
  const auto sent = send_slowly(field("podcast_id", podcast), bytes, field("remove_noise", "false"),
                                [&] { await_form(bytes.size()); });
  run_jobs();
  EXPECT_EQ(mp3_of(text(sent.at("id"))), unheard(bytes, {{"remove_noise", "false"}}));
}

TEST_F(ListeningToForms, ThrowsAwayWhatComesOfNone) {
  const auto bytes = human();
  const auto heard = [&] { await_form(bytes.size()); };
  // A field that is wrong, another's episode, a second file, and one that is cut off.
  EXPECT_EQ(send_slowly("", bytes, field("podcast_id", podcast) + field("bitrate", "7"), heard).status, 400);
  EXPECT_THAT(listening.under_way(), IsEmpty());
  EXPECT_EQ(send_slowly(field("episode_id", "of somebody else"), bytes, "", heard).status, 404);
  EXPECT_THAT(listening.under_way(), IsEmpty());
  EXPECT_EQ(send_slowly(field("podcast_id", podcast), bytes, file(bytes), heard).status, 400);
  EXPECT_THAT(listening.under_way(), IsEmpty());
  EXPECT_EQ(send_slowly(field("podcast_id", podcast), bytes, "--XX\r\nContent-", heard).status, 400);
  EXPECT_THAT(listening.under_way(), IsEmpty());
  // Whoever sends it leaves.
  EXPECT_THROW(send_slowly(field("podcast_id", podcast), bytes, "",
                           [&] {
                             heard();
                             throw boost::system::system_error(asio::error::operation_aborted);
                           }),
               boost::system::system_error);
  EXPECT_THAT(listening.under_way(), IsEmpty());
  EXPECT_THAT(objects(), IsEmpty());
  EXPECT_EQ(kept_files(), 0u);
}

TEST_F(ListeningToForms, LeavesWhatIsNoSoundToTheJob) {
  const std::string bytes = "Dear listeners, " + std::string(40'000, 'x');
  const auto sent = send_slowly(field("podcast_id", podcast), bytes, "", [] {});
  ASSERT_EQ(sent.status, 202) << sent.body;
  run_jobs();
  EXPECT_EQ(status(text(sent.at("id"))).at("processing_status"), "error");
  EXPECT_THAT(listening.under_way(), IsEmpty());
}

// ---- room ----------------------------------------------------------------------------------------

struct ListeningInLittleRoom : ListeningTest {
  // Scratch files grow by a quarter of a megabyte.
  Listening little{folder / "little", 200'000, clock};
  void send_to(Listening& to, const std::string& key, const std::string& bytes) {
    to.hear(key, usual_options(), part_in_memory(0, bytes));
  }
  static void await(const std::function<bool()>& what) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!what()) {
      ASSERT_LT(std::chrono::steady_clock::now(), limit);
      std::this_thread::yield();
    }
  }
};

TEST_F(ListeningInLittleRoom, EndsWhatNeedsMoreAndGivesItBack) {
  const auto bytes = thinking(2, 3);  // eight seconds of 48 kHz
  send_to(little, "a", bytes);
  await([&] { return little.under_way().empty(); });
  EXPECT_EQ(little.take("a"), nullptr) << "the job does it all";
  send_to(little, "b", human().substr(0, 20'000));
  await([&] { return little.bytes_heard("b") == 20'000; });
}

TEST_F(ListeningInLittleRoom, BeginsNothingWhereThereIsNone) {
  Listening none{folder / "none", 0, clock};
  send_to(none, "a", human());
  EXPECT_THAT(none.under_way(), IsEmpty());
}

TEST_F(ListeningInLittleRoom, IsWideForWhatAJobHas) {
  const auto bytes = thinking(2, 3);
  send_to(little, "a", bytes.substr(0, 20'000));
  await([&] { return little.bytes_heard("a") == 20'000; });
  const auto taken = little.take("a");
  ASSERT_NE(taken, nullptr);
  taken->end(std::make_unique<media::MemorySource>(bytes), little.file_of("a"), {}, {});
  EXPECT_TRUE(std::filesystem::exists(little.file_of("a")));
}

// ---- the source itself ---------------------------------------------------------------------------

std::string all_of_it(ArrivingSound& sound) {
  std::string all(1 << 20, '\0');
  std::size_t at = 0;
  while (const auto count = sound.read(std::span(all).subspan(at, std::min<std::size_t>(7, all.size() - at))))
    at += count;
  all.resize(at);
  return all;
}

TEST(ArrivingSoundTest, GivesItsPartsAndThenTheRest) {
  const std::string bytes = "0123456789abcdefghij";
  std::stop_source stop;
  ArrivingSound sound(stop.get_token());
  sound.add(part_in_memory(5, std::string_view(bytes).substr(5, 5)));
  sound.add(part_in_memory(0, std::string_view(bytes).substr(0, 5)));
  sound.add(part_in_memory(0, std::string_view("other")));
  sound.add(part_in_memory(15, std::string_view(bytes).substr(15)));
  std::string head(10, '\0');
  for (std::size_t at = 0; at < 10;) at += sound.read(std::span(head).subspan(at));
  EXPECT_EQ(head, "0123456789");
  EXPECT_EQ(sound.size(), std::nullopt);
  sound.complete(std::make_unique<media::MemorySource>(bytes));
  EXPECT_EQ(sound.size(), 20);
  EXPECT_EQ(all_of_it(sound), "abcdefghij");
  EXPECT_EQ(sound.read_so_far(), 20);
}

TEST(ArrivingSoundTest, HoldsNoMoreThanItMay) {
  std::stop_source stop;
  ArrivingSound sound(stop.get_token());
  constexpr std::int64_t kPart = 1 << 20, kHeld = 8 * kPart;
  for (int i = 0; i < 20; ++i) sound.add(part_in_memory(i * kPart, std::string(kPart, 'x')));
  std::vector<char> into(kPart);
  while (sound.read_so_far() < kHeld) sound.read(into);
  // Of what would have been too much nothing was held: it may come again.
  sound.add(part_in_memory(kHeld, std::string(kPart, 'y')));
  ASSERT_GT(sound.read(into), 0u);
  EXPECT_EQ(into[0], 'y');
}

TEST(ArrivingSoundTest, WhoWaitsIsToldToStop) {
  std::stop_source stop;
  ArrivingSound sound(stop.get_token());
  std::jthread stopper([&] { stop.request_stop(); });
  std::vector<char> into(10);
  EXPECT_THROW(sound.read(into), boost::system::system_error);
}

}  // namespace
}  // namespace odeon::podcasts
