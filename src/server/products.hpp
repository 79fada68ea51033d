// The products beside briefings, joined.
#pragma once

#include "engine/jobs/endpoints.hpp"
#include "products/chat/answers.hpp"
#include "products/chat/apis/completions.hpp"
#include "products/chat/apis/openai_media.hpp"
#include "products/chat/comparing/multi_model.hpp"
#include "products/chat/files/creation_jobs.hpp"
#include "products/chat/files/creations.hpp"
#include "products/chat/memory/learning_later.hpp"
#include "products/chat/memory/memories.hpp"
#include "products/chat/payment.hpp"
#include "products/chat/people.hpp"
#include "products/chat/personal_data.hpp"
#include "products/chat/retention.hpp"
#include "products/chat/shares.hpp"
#include "products/podcasts/artwork/artwork_api.hpp"
#include "products/podcasts/feed/feed.hpp"
#include "products/podcasts/import/imports.hpp"
#include "products/podcasts/intake/recording.hpp"
#include "products/podcasts/intake/uploads.hpp"
#include "products/podcasts/leftovers.hpp"
#include "products/podcasts/payment.hpp"
#include "products/podcasts/people.hpp"
#include "products/podcasts/personal_data.hpp"
#include "products/podcasts/publishing.hpp"
#include "products/podcasts/sound/processing_api.hpp"
#include "products/podcasts/sound/retagging.hpp"
#include "products/podcasts/texts/notes_api.hpp"
#include "products/podcasts/texts/published_texts.hpp"
#include "products/podcasts/texts/transcripts.hpp"
#include "products/stories/avatars.hpp"
#include "products/stories/books.hpp"
#include "products/stories/custom_events.hpp"
#include "products/stories/event_jobs.hpp"
#include "products/stories/files.hpp"
#include "products/stories/illustrating.hpp"
#include "products/stories/import/imports.hpp"
#include "products/stories/leaving.hpp"
#include "products/stories/leftovers.hpp"
#include "products/stories/narrating.hpp"
#include "products/stories/offerings.hpp"
#include "products/stories/payment.hpp"
#include "products/stories/people.hpp"
#include "products/stories/personal_data.hpp"
#include "products/stories/private_feed.hpp"
#include "products/stories/reading_along.hpp"
#include "products/stories/tales.hpp"
#include "products/stories/writing.hpp"
#include "products/studio/payment.hpp"
#include "products/studio/people.hpp"
#include "products/studio/ways_in.hpp"
#include "server/ways_in.hpp"

namespace odeon::server {

struct Stories {
  Stories(House::Rooms& rooms);
  std::unique_ptr<http::Api> api();
  void install(jobs::Worker& worker);
  WaysIn ways_in;
  stories::People people;
  stories::Payment payment;
  stories::Pace pace;
  stories::Media media;
  stories::Telling telling;
  stories::Authoring authoring;
  stories::Painter painter;
  stories::Heroes heroes;
  stories::Avatars avatars;
  stories::CustomEvents events;
  stories::EventJobs event_jobs;
  stories::Narrations narrations;
  stories::Narrating narrating;
  stories::Drawings drawings;
  stories::Illustrating illustrating;
  stories::Tales tales;
  stories::Writing writing;
  stories::ReadingAlong reading_along;
  stories::Books books;
  stories::PrivateFeed private_feed;
  stories::Files files;
  stories::Imports imports;
  stories::ImportWork import_work;
  stories::Offerings offerings;
  stories::Leftovers leftovers;
  stories::Leaving leaving;
  jobs::Endpoints job_endpoints;
};

struct Chat {
  Chat(House::Rooms& rooms);
  std::unique_ptr<http::Api> api();
  WaysIn ways_in;
  chat::People people;
  chat::Payment payment;
  chat::Conversations conversations;
  chat::ModelChoice choice;
  chat::Asking asking;
  chat::Attachments attachments;
  chat::Creations creations;
  chat::CreationJobs creation_jobs;
  jobs::Endpoints job_endpoints;
  chat::MemoryIndex memory_index;
  chat::Recall recall;
  chat::Remembering remembering;
  chat::LearningLater learning_later;
  chat::Memories memories;
  chat::Replies replies;
  chat::Answers answers;
  chat::Completions completions;
  chat::OpenAiMedia openai_media;
  chat::Comparing comparing;
  chat::MultiModel multi_model;
  chat::Shares shares;
  chat::Retention retention;
};

struct Podcasts {
  Podcasts(House::Rooms& rooms);
  std::unique_ptr<http::Api> api();
  WaysIn ways_in;
  podcasts::People people;
  podcasts::Payment payment;
  podcasts::Audio audio;
  podcasts::Artwork artwork;
  podcasts::ArtworkApi artwork_api;
  podcasts::Listening listening;
  podcasts::Intakes intakes;
  podcasts::Shows shows;
  podcasts::Episodes episodes;
  podcasts::Recording recording;
  podcasts::Uploads uploads;
  podcasts::SoundWork sound_work;
  podcasts::Announcements announcements;
  podcasts::Processing processing;
  podcasts::ProcessingApi processing_api;
  podcasts::TaggedSound tagged_sound;
  podcasts::Retagging retagging;
  podcasts::HeardPieces heard_pieces;
  podcasts::NotesWork notes_work;
  podcasts::Transcripts transcripts;
  podcasts::NotesApi notes_api;
  podcasts::PublishedTexts published_texts;
  http::Client other_hosts;
  podcasts::ImportIntake import_intake;
  podcasts::FetchPlaces fetch_places;
  podcasts::ImportWork import_work;
  podcasts::Imports imports;
  podcasts::Publishing publishing;
  podcasts::Feed feed;
  jobs::Endpoints job_endpoints;
  podcasts::Leftovers leftovers;
};

struct Studio {
  Studio(House::Rooms& rooms);
  std::unique_ptr<http::Api> api();
  WaysIn ways_in;
  studio::People people;
  studio::Payment payment;
};

}  // namespace odeon::server
