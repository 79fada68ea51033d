// The files of a conversation, as a model gets them: pictures as they are, texts under their names; those of the
// question always, those from before while there is room, the newest first. Of the others, their names. Pure.
#pragma once

#include <string>
#include <vector>

#include "engine/ai/text.hpp"
#include "products/chat/files/attachment_store.hpp"
#include "products/chat/model_choice.hpp"

namespace odeon::chat {

// About what models count for one.
inline constexpr std::int64_t kPictureTokens = 1'600;
// Of the pictures of one request together: providers take no more.
inline constexpr std::int64_t kMostPictureBytes = 20LL << 20;

bool is_file(const PartKept& part);
PartKept part_of(const AttachmentRow& row);

// Of the question at the end of `path`.
Needs needs_of(const std::vector<MessageRow>& path);
Needs needs_of(const std::vector<PartKept>& parts);

struct FilePlan {
  std::vector<std::string> whole;  // ids of those that the model is given
  std::int64_t tokens = 0;         // that all files take, the names of the others included
};
// `room` is all that the model takes; pictures are for models that can see.
FilePlan plan_files(const std::vector<MessageRow>& path, std::int64_t room, bool sees);

// Where in a request a file is to stand, once its bytes are there.
struct Slot {
  std::size_t message = 0, part = 0;
  PartKept file;
};
// Puts them into `context`, which holds the end of `path`, before the text of their messages.
std::vector<Slot> put_files(const std::vector<MessageRow>& path, const FilePlan& plan,
                            std::vector<ai::Message>& context);
// What stands there then. Without bytes: that the file is gone.
ai::Part filled(const PartKept& file, std::optional<std::string> bytes);

}  // namespace odeon::chat
