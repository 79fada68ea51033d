// Files that people bring to a question: pictures and texts. One is uploaded, named by its id in a question, and from
// then on belongs to it: models are given it, and it goes with its conversation. What is not used goes after a day.
#pragma once

#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "engine/storage/files.hpp"
#include "products/chat/asking.hpp"
#include "products/chat/chat.hpp"
#include "products/chat/files/attachment_kinds.hpp"
#include "products/chat/files/file_parts.hpp"

namespace odeon::chat {

// Ids, in a question.
using AttachmentIds = List<Text<1, 64>, 0, 8>;

inline constexpr std::chrono::hours kAddressLifetime{6};

struct UploadAttachment {
  http::Upload file;
};
BOOST_DESCRIBE_STRUCT(UploadAttachment, (), (file))
struct AttachmentShown {
  std::string id;
  std::string name;
  std::string media_type;
  std::int64_t bytes = 0;
  std::string url;  // reads it without further credentials, for a while
  std::optional<std::string> conversation_id, message_id;
  Instant created_at;
};
BOOST_DESCRIBE_STRUCT(AttachmentShown, (), (id, name, media_type, bytes, url, conversation_id, message_id, created_at))
struct AttachmentRequest {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(AttachmentRequest, (), (id))
struct AttachmentContent {
  std::string id;
  std::string expires, signature;
};
BOOST_DESCRIBE_STRUCT(AttachmentContent, (), (id, expires, signature))

inline constexpr Endpoint<UploadAttachment, http::Created<AttachmentShown>> upload_attachment{
    {.method = Method::post,
     .path = "/api/attachments",
     .summary = "Upload a picture or a text for a question",
     .description =
         "A form with one `file`: PNG, JPEG, WebP or GIF to 10 MB, told by its content; or a text in UTF-8 (plain, "
         "Markdown, CSV, JSON, code) to 1 MB. Name its `id` in `attachments` of a question within 24 hours.",
     .auth = Auth::user,
     .rate = {120, http::per_hour},
     .max_body = static_cast<std::uint64_t>(kLargestPicture)}};
inline constexpr Endpoint<AttachmentRequest, AttachmentShown> read_attachment{
    {.method = Method::get,
     .path = "/api/attachments/{id}",
     .summary = "A file of yours, with an address that reads it",
     .auth = Auth::user,
     .rate = {240, http::per_minute}}};
inline constexpr Endpoint<AttachmentContent, http::File> attachment_content{
    {.method = Method::get,
     .path = "/api/attachments/{id}/content",
     .summary = "The bytes, by the address that the file tells",
     .rate = {600, http::per_minute}}};
inline constexpr Endpoint<AttachmentRequest, http::NoContent> delete_attachment{
    {.method = Method::delete_,
     .path = "/api/attachments/{id}",
     .summary = "Delete a file",
     .description = "The message that it belongs to stays, with its name.",
     .auth = Auth::user,
     .rate = {120, http::per_minute}}};

// The files of a question, and what they ask of a model.
struct Brought {
  std::vector<PartKept> files;
  Needs needs;
};

// Thread-safe; what it is given outlives it.
class Attachments {
 public:
  struct Rooms {
    database::Database& database;
    storage::Storage& storage;
    const storage::FileSigner& signer;
    Asking& asking;
    const Clock& clock;
  };
  explicit Attachments(Rooms rooms) : rooms_(rooms) {}

  Task<http::Created<AttachmentShown>> upload(http::Caller caller, UploadAttachment request);
  Task<AttachmentShown> read(http::Caller caller, AttachmentRequest request);
  Task<http::File> content(AttachmentContent request);
  Task<http::NoContent> remove(http::Caller caller, AttachmentRequest request);

  void mount(http::Api& api);

  // Those that a question names; `conversation_id` is where it is asked, if not in a new one. Throws Error, at
  // "attachments": not_found for what is not theirs, conflict for what belongs to another message, invalid for two of
  // one, and for more than providers take.
  Task<Brought> bring(std::string user_id, std::optional<AttachmentIds> ids,
                      std::optional<std::string> conversation_id);
  // The messages with their files in them.
  Task<std::vector<ai::Message>> filled(std::string user_id, std::vector<ai::Message> messages,
                                        std::vector<Slot> slots);
  // The bytes of a file of theirs. Nothing if it is gone.
  Task<std::optional<std::string>> bytes_of(std::string user_id, std::string id);

 private:
  Task<AttachmentRow> keep(std::string user_id, http::Upload upload, std::string bytes);
  AttachmentShown shown(const AttachmentRow& row, const http::Caller& caller) const;

  Rooms rooms_;
};

Error attached_elsewhere();

}  // namespace odeon::chat
