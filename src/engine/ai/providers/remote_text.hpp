// A model of text behind an address: what every provider over HTTP has in common. The dialect says what goes over the
// wire and what came back.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "engine/ai/providers/dialect.hpp"
#include "engine/ai/providers/provider_call.hpp"
#include "engine/http/client.hpp"

namespace odeon::ai {

struct Provider {
  std::string name;                          // first half of the models' names: "openai"
  std::string base_url;                      // the dialect's paths stand below it
  const TextDialect* dialect = nullptr;      // outlives the models
  std::shared_ptr<Credentials> credentials;  // null: none are needed
  std::chrono::milliseconds limit{120'000};  // for an answer that comes at once, as a whole
  // Until an answer that streams begins. How long it may send nothing is the client's idle time.
  std::chrono::milliseconds first_byte{30'000};
  // Until there is something of the answer in a stream, its first words or more of them: comments do not count.
  std::chrono::milliseconds first_word{90'000};
};

// `client` and `clock` outlive it and its streams.
class RemoteText final : public TextModel {
 public:
  RemoteText(http::Client& client, const Clock& clock, std::shared_ptr<const Provider> provider, ModelTraits model);
  std::string name() const override { return name_; }
  Task<TextReply> complete(const TextRequest& request, TraceContext place) override;
  Task<std::unique_ptr<TextStream>> stream(const TextRequest& request, TraceContext place) override;
  std::int64_t room_to_think(const TextRequest& request) const override;

 private:
  ProviderCall call(const TextRequest& request, TraceContext place, bool streamed) const;

  http::Client& client_;
  const Clock& clock_;
  std::shared_ptr<const Provider> provider_;
  ModelTraits model_;
  const std::string name_;
};

}  // namespace odeon::ai
