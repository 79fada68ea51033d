#include "products/chat/files/attachments.hpp"

#include "base/ids.hpp"
#include "engine/ai/complexity.hpp"
#include "engine/http/binding.hpp"
#include "engine/storage/whole.hpp"
#include "products/chat/apis/question.hpp"

namespace odeon::chat {
namespace {

constexpr const char* kField = "attachments";

Error no_such_attachment() {
  return Error(Fault::not_found, "ATTACHMENT_NOT_FOUND", "There is no such file.");
}

void check_together(const std::vector<PartKept>& files) {
  std::int64_t bytes = 0;
  for (const auto& file : files)
    if (is_picture(*file.media_type)) bytes += *file.bytes;
  if (bytes > kMostPictureBytes)
    throw fault_at(kField, "FILES_TOO_LARGE",
                   fmt::format("The pictures of one question may have {} MB together.", kMostPictureBytes >> 20));
}

}  // namespace

Error attached_elsewhere() {
  return Error(Fault::conflict, "ATTACHMENT_USED", "This file belongs to another message. Upload it again.")
      .with_fields({{kField, "ATTACHMENT_USED", "This file belongs to another message."}});
}

void Attachments::mount(http::Api& api) {
  http::mount(api, upload_attachment, &Attachments::upload, *this);
  http::mount(api, read_attachment, &Attachments::read, *this);
  http::mount(api, attachment_content, &Attachments::content, *this);
  http::mount(api, delete_attachment, &Attachments::remove, *this);
}

AttachmentShown Attachments::shown(const AttachmentRow& row, const http::Caller& caller) const {
  return {.id = row.id,
          .name = row.name,
          .media_type = row.media_type,
          .bytes = row.bytes,
          .url = fmt::format("{}/api/attachments/{}/content?{}", caller.base_url, row.id,
                             rooms_.signer.read_query(row.storage_key, kAddressLifetime)),
          .conversation_id = row.conversation_id,
          .message_id = row.message_id,
          .created_at = row.created_at};
}

// Under its own key and its true type: what the client said of it is not believed.
Task<AttachmentRow> Attachments::keep(std::string user_id, http::Upload upload, std::string bytes) {
  AttachmentRow row{.id = new_uuid(rooms_.clock), .user_id = std::move(user_id), .name = shown_name(upload.file_name)};
  row.media_type = kind_of(bytes, upload.content_type, row.name);
  row.bytes = std::ssize(bytes);
  row.tokens = is_picture(row.media_type) ? kPictureTokens : ai::estimate_tokens(bytes);
  row.storage_key = "chat/attachments/" + row.id;
  row.created_at = rooms_.clock.now();
  co_await storage::put(rooms_.storage, row.storage_key, std::move(bytes), {.content_type = row.media_type});
  // Without its row, nobody would ever remove it.
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  const auto added = co_await settle(store::add(rooms_.database, row));
  if (!added) co_await rooms_.storage.remove(row.storage_key);
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (!added) std::rethrow_exception(added.error());
  co_return row;
}

Task<http::Created<AttachmentShown>> Attachments::upload(http::Caller caller, UploadAttachment request) {
  auto bytes = co_await storage::take_upload(rooms_.storage, request.file.key);
  static_cast<void>(co_await rooms_.asking.asker(caller));
  const auto row = co_await keep(caller.user_id, std::move(request.file), std::move(bytes));
  co_return http::Created<AttachmentShown>{shown(row, caller)};
}

Task<AttachmentShown> Attachments::read(http::Caller caller, AttachmentRequest request) {
  const auto row = co_await store::attachment(rooms_.database, caller.user_id, request.id);
  if (!row) throw no_such_attachment();
  co_return shown(*row, caller);
}

Task<http::File> Attachments::content(AttachmentContent request) {
  const auto row = co_await store::attachment(rooms_.database, request.id);
  if (!row) throw no_such_attachment();
  rooms_.signer.check_read(row->storage_key, request.expires, request.signature);
  auto object = co_await rooms_.storage.get(row->storage_key);
  if (!object) throw no_such_attachment();
  co_return http::File{.object = std::move(object),
                       .cache_control = "private, max-age=3600",
                       .download_name = is_picture(row->media_type) ? "" : row->name};
}

Task<http::NoContent> Attachments::remove(http::Caller caller, AttachmentRequest request) {
  const auto row = co_await store::attachment(rooms_.database, caller.user_id, request.id);
  if (!row || !co_await store::let_go(rooms_.database, caller.user_id, row->id)) throw no_such_attachment();
  co_await rooms_.storage.remove(row->storage_key);
  co_await store::remove_attachment(rooms_.database, row->id);
  co_return http::NoContent{};
}

Task<Brought> Attachments::bring(std::string user_id, std::optional<AttachmentIds> ids,
                                 std::optional<std::string> conversation_id) {
  Brought brought;
  for (const auto& id : ids.value_or(AttachmentIds())) {
    if (std::ranges::find(brought.files, id, &PartKept::id) != brought.files.end())
      throw fault_at(kField, "VALIDATION_ERROR", "Each file is named once.");
    const auto row = co_await store::attachment(rooms_.database, user_id, id);
    if (!row) throw no_such_attachment().with_fields({{kField, "ATTACHMENT_NOT_FOUND", "There is no such file."}});
    if (row->message_id) throw attached_elsewhere();
    brought.files.push_back(part_of(*row));
  }
  check_together(brought.files);
  brought.needs = needs_of(brought.files);
  if (conversation_id)
    brought.needs.pictures_before = co_await store::has_pictures(rooms_.database, user_id, *conversation_id);
  co_return brought;
}

Task<std::optional<std::string>> Attachments::bytes_of(std::string user_id, std::string id) {
  const auto row = co_await store::attachment(rooms_.database, std::move(user_id), std::move(id));
  if (!row) co_return std::nullopt;
  co_return co_await storage::bytes_of(rooms_.storage, row->storage_key);
}

Task<std::vector<ai::Message>> Attachments::filled(std::string user_id, std::vector<ai::Message> messages,
                                                   std::vector<Slot> slots) {
  for (const auto& slot : slots)
    messages[slot.message].parts[slot.part] = chat::filled(slot.file, co_await bytes_of(user_id, *slot.file.id));
  co_return messages;
}

}  // namespace odeon::chat
