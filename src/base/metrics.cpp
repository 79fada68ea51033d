#include "base/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace odeon {

struct Metrics::Registry {
  prometheus::Registry registry;
};

Metrics::Metrics() : registry_(std::make_unique<Registry>()) {}
Metrics::~Metrics() = default;

Metrics::Counter Metrics::counter(const std::string& name, const std::string& help, const Labels& labels) {
  return Counter(prometheus::BuildCounter().Name(name).Help(help).Register(registry_->registry).Add(labels));
}

Metrics::Gauge Metrics::gauge(const std::string& name, const std::string& help, const Labels& labels) {
  return Gauge(prometheus::BuildGauge().Name(name).Help(help).Register(registry_->registry).Add(labels));
}

Metrics::Histogram Metrics::histogram(const std::string& name, const std::string& help,
                                      const std::vector<double>& bounds, const Labels& labels) {
  return Histogram(
      prometheus::BuildHistogram().Name(name).Help(help).Register(registry_->registry).Add(labels, bounds));
}

std::string Metrics::text() const {
  return prometheus::TextSerializer().Serialize(registry_->registry.Collect());
}

void Metrics::Counter::add(double amount) {
  counter_->Increment(amount);
}
void Metrics::Gauge::set(double value) {
  gauge_->Set(value);
}
void Metrics::Gauge::add(double amount) {
  gauge_->Increment(amount);
}
void Metrics::Histogram::observe(double value) {
  histogram_->Observe(value);
}

}  // namespace odeon
