#include "engine/coordination/redis.hpp"

#include <boost/asio/use_future.hpp>

#include "base/error.hpp"
#include "engine/coordination/limits.hpp"
#include "engine/coordination/redis_hearing.hpp"
#include "engine/coordination/redis_link.hpp"
#include "engine/coordination/redis_values.hpp"
#include "engine/coordination/redis_window.hpp"

namespace odeon::coordination {
namespace {

using redis::command;
using redis::Reply;

class Redis final : public Coordination {
 public:
  Redis(RedisOptions options, const Clock& clock)
      : clock_(clock),
        options_(std::move(options)),
        server_(redis::parse_address(options_.url), options_.authorities_file),
        alone_(options_.max_limited_keys),
        link_(loops_.executor(0), server_, options_),
        hearing_(server_, options_, topics_) {
    tasks_.spawn(loops_.executor(0), "redis.commands", link_.run());
    tasks_.spawn(loops_.executor(0), "redis.announcements", hearing_.run());
    loops_.start();
  }

  ~Redis() override {
    asio::co_spawn(loops_[0], tasks_.stop(), asio::use_future).wait();
    loops_.stop();
    loops_.join();
  }

  Task<Verdict> take(std::string key, Limit limit) override {
    const Instant now = clock_.now();
    const redis::Counting counting(options_.prefix, key, limit, now);
    auto reply = co_await link_.ask(counting.by_digest());
    if (reply && reply->is_error("NOSCRIPT")) reply = co_await link_.ask(counting.by_text());
    if (reply)
      if (const auto verdict = counting.verdict(*reply)) co_return *verdict;
    co_return alone_.take(std::move(key), limit, now);
  }

  Task<void> give_back(std::string key, Limit limit) override {
    const Instant now = clock_.now();
    if (!co_await link_.ask(redis::Counting(options_.prefix, key, limit, now).back()))
      alone_.give_back(key, limit, now);
  }

  Task<std::optional<std::string>> cached(std::string key) override {
    auto reply = co_await link_.ask(command({"GET", name(key)}));
    if (!reply || !reply->is_text()) co_return std::nullopt;
    co_return redis::unpack(std::move(reply->text), clock_.now());
  }

  Task<void> cache(std::string key, std::string value, std::chrono::milliseconds lifetime) override {
    if (lifetime.count() <= 0 || value.size() > redis::kMaxValue) co_return co_await forget(std::move(key));
    lifetime = std::min(lifetime, redis::kLongestLife);
    std::string packed = redis::pack(value, clock_.now() + lifetime);
    co_await change(name(key), command({"SET", name(key), packed, "PX", std::to_string(lifetime.count())}));
  }

  Task<void> forget(std::string key) override { co_await change(name(key), command({"DEL", name(key)})); }

  void announce(std::string topic, std::string message) override {
    topics_.announce(topic, message);
    link_.tell(hearing_.publish(topic, message));
  }

  std::unique_ptr<Subscription> listen(std::string topic) override { return topics_.listen(std::move(topic)); }

  Task<void> ping() override {
    // A write, so that a server that only reads is told from one that serves.
    const auto reply = co_await link_.ask(command({"SET", options_.prefix + "ping", "", "PX", "1000"}));
    std::string fault;
    if (!reply)
      fault = link_.fault();
    else if (reply->is_error())
      fault = reply->text;
    else if (hearing_.lost())
      fault = "announcements of other nodes are not heard";
    if (!fault.empty())
      throw Error(Fault::unavailable, "COORDINATION_UNAVAILABLE", "The coordination between nodes is away.")
          .with_detail("redis: " + fault);
  }

 private:
  std::string name(const std::string& key) const { return options_.prefix + "cache:" + key; }

  // Whatever may still be there otherwise would be the old value.
  Task<void> change(std::string key, std::string how) {
    const auto reply = co_await link_.ask(std::move(how));
    if (!reply || reply->is_error()) link_.forget_when_back(std::move(key));
  }

  const Clock& clock_;
  const RedisOptions options_;
  const redis::Server server_;
  Loops loops_{1};
  Limits alone_;
  Topics topics_;
  redis::Link link_;
  redis::Hearing hearing_;
  TaskGroup tasks_{nullptr};
};

}  // namespace

std::unique_ptr<Coordination> open_redis(RedisOptions options, const Clock& clock) {
  return std::make_unique<Redis>(std::move(options), clock);
}

}  // namespace odeon::coordination
