// A batch of a model, asked of the server that plays its provider.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/ai/providers/batch_lines_test.hpp"
#include "engine/ai/providers/batch_server_test.hpp"
#include "engine/ai/providers/batch_wire.hpp"
#include "testing/clock.hpp"

namespace odeon::ai {

inline TextRequest batch_question(std::string text, AnswerForm::Kind form = AnswerForm::Kind::text) {
  TextRequest request{.task = "t", .messages = {{MessageRole::user, std::move(text)}}, .max_tokens = 50};
  request.form.kind = form;
  return request;
}

inline BatchTicket batch_ticket(std::string id, std::size_t count) {
  return {.id = std::move(id), .payers = {{}}, .entries = std::vector<BatchEntry>(count, {.task = "t"})};
}

// "text", or "CODE" of a failure.
inline std::vector<std::string> said_in(const BatchLook& look) {
  std::vector<std::string> all;
  if (look.answers)
    for (const auto& answer : *look.answers) all.push_back(answer ? answer->text() : answer.error().code);
  return all;
}

template <class Model>
class BatchFixture : public ::testing::Test {
 protected:
  // Of a provider whose address is the server's, and `path`.
  BatchFixture(const TextDialect& dialect, std::string_view path, std::shared_ptr<Credentials> credentials)
      : provider(std::make_shared<Provider>(Provider{
            .name = "p", .base_url = server.url(path), .dialect = &dialect, .credentials = std::move(credentials)})) {}

  std::string submit(std::vector<TextRequest> requests) {
    return with<std::string>([&](Model& model) { return model.submit(requests); });
  }
  BatchLook look(BatchTicket ticket) {
    return with<BatchLook>([&](Model& model) { return model.look(ticket); });
  }
  void cancel(std::string id) {
    with<void>([&](Model& model) { return model.cancel(id); });
  }
  template <class Call>
  static Error error_of(Call call) {
    try {
      call();
    } catch (const Error& error) {
      return error;
    }
    return Error(Fault::internal, "NO_ERROR", "It went well.");
  }

  BatchServer server;
  odeon::testing::FakeClock clock;
  std::shared_ptr<Provider> provider;
  ModelTraits traits{.id = "small"};

 private:
  template <class Result, class Call>
  Result with(Call call) {
    auto play = [](BatchFixture& self, Call& call) -> Task<Result> {
      http::Client client({});
      Model model(client, self.clock, self.provider, self.traits);
      co_return co_await call(model);
    };
    return run_task(play(*this, call));
  }
};

}  // namespace odeon::ai
