// SQL of all that there is of a person.
#pragma once

#include "products/stories/event_store.hpp"
#include "products/stories/illustration_store.hpp"

namespace odeon::stories::store {

// Each in order of id, after the one with the id `after`.
Task<std::vector<HeroRow>> heroes_of(Executor& executor, std::string user_id, std::string after, std::int64_t limit);
Task<std::vector<EventRow>> events_of(Executor& executor, std::string user_id, std::string after, std::int64_t limit);
// Keys of every object that some row knows of, those that are let go of included.
Task<std::vector<std::string>> objects_of(Executor& executor, std::string user_id);
// Returns how many rows went. What may yet be stored by an address or a job of theirs goes when it is due, and nothing
// says any more whose it was.
Task<std::int64_t> forget_stories(Executor& executor, std::string user_id);

}  // namespace odeon::stories::store
