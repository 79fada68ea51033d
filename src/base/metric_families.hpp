// Metrics of one name whose labels are known only when something is counted: to make such a series each time would cost
// more than what is counted.
//
//   Counters ended(metrics, "jobs_ended_total", "Jobs by how they ended.", {"kind", "outcome"});
//   ended.of({job.kind, "done"}).add();
#pragma once

#include <functional>
#include <initializer_list>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/metrics.hpp"

namespace odeon {

// Series of one name by the values of their labels. Thread-safe.
template <class Series>
class Family {
 public:
  using Make = std::function<Series(const Metrics::Labels& labels)>;
  Family(std::vector<std::string> labels, Make make) : labels_(std::move(labels)), make_(std::move(make)) {}

  // As many values as there are labels, in their order.
  Series of(std::initializer_list<std::string_view> values) {
    constexpr char kEnd = '\xff';  // in no UTF-8
    constexpr std::size_t kUsual = 96;
    std::string key;
    key.reserve(kUsual);
    for (const auto value : values) key.append(value).push_back(kEnd);
    {
      const std::shared_lock lock(mutex_);
      if (const auto found = series_.find(key); found != series_.end()) return found->second;
    }
    Metrics::Labels labels;
    auto value = values.begin();
    for (const auto& label : labels_) labels.emplace(label, *value++);
    const Series made = make_(labels);
    const std::unique_lock lock(mutex_);
    return series_.emplace(std::move(key), made).first->second;
  }

 private:
  const std::vector<std::string> labels_;
  const Make make_;
  std::shared_mutex mutex_;
  std::unordered_map<std::string, Series> series_;
};

// The metrics outlive these.
struct Counters : Family<Metrics::Counter> {
  Counters(Metrics& metrics, std::string name, std::string help, std::vector<std::string> labels)
      : Family(std::move(labels), [&metrics, name = std::move(name), help = std::move(help)](const auto& labels) {
          return metrics.counter(name, help, labels);
        }) {}
};

struct Histograms : Family<Metrics::Histogram> {
  // `bounds` are upper bounds, ascending, in the metric's unit.
  Histograms(Metrics& metrics, std::string name, std::string help, std::vector<double> bounds,
             std::vector<std::string> labels)
      : Family(std::move(labels),
               [&metrics, name = std::move(name), help = std::move(help), bounds = std::move(bounds)](
                   const auto& labels) { return metrics.histogram(name, help, bounds, labels); }) {}
};

}  // namespace odeon
