#include "engine/http/pipeline.hpp"

#include <gmock/gmock.h>

namespace odeon::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Counted : ::testing::Test {
  void request(Method method, std::string route, unsigned status, std::chrono::milliseconds took) {
    Request request{.method = method, .path = "/api/cakes/secret"};
    request.route = std::move(route);
    Response response{.status = status};
    step.after(request, response, took);
  }
  Metrics metrics;
  Step step = count_requests(metrics);
};

TEST_F(Counted, ByMethodTemplateAndStatus) {
  request(Method::get, "/api/cakes/{id}", 200, std::chrono::milliseconds(30));
  request(Method::get, "/api/cakes/{id}", 200, std::chrono::milliseconds(700));
  request(Method::get, "/api/cakes/{id}", 404, std::chrono::milliseconds(1));
  request(Method::get, "", 404, std::chrono::milliseconds(1));
  const std::string text = metrics.text();
  const auto series = [](const std::string& name, const std::string& labels) {
    return HasSubstr("http_request_duration_seconds_" + name + R"({method="GET",route=")" + labels);
  };
  EXPECT_THAT(text, series("count", R"(/api/cakes/{id}",status="200"} 2)"));
  EXPECT_THAT(text, series("count", R"(/api/cakes/{id}",status="404"} 1)"));
  EXPECT_THAT(text, series("count", R"(unmatched",status="404"} 1)"));
  EXPECT_THAT(text, series("sum", R"(/api/cakes/{id}",status="200"} 0.73)"));
  // The bounds that dashboards of the chat spec ask for.
  for (const auto* bucket : {R"("0.1"} 1)", R"("0.5"} 1)", R"("1"} 2)", R"("2"} 2)", R"("5"} 2)", R"("10"} 2)"})
    EXPECT_THAT(text, series("bucket", R"(/api/cakes/{id}",status="200",le=)" + std::string(bucket)));
  EXPECT_THAT(text, Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace odeon::http
