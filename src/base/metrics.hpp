// Prometheus metrics: name, help and labels once; keep the reference, counting is then lock-free.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace odeon {

class Metrics {
 public:
  using Labels = std::map<std::string, std::string>;

  class Counter {
   public:
    explicit Counter(prometheus::Counter& counter) : counter_(&counter) {}
    void add(double amount = 1);

   private:
    prometheus::Counter* counter_;
  };
  class Gauge {
   public:
    explicit Gauge(prometheus::Gauge& gauge) : gauge_(&gauge) {}
    void set(double value);
    void add(double amount);

   private:
    prometheus::Gauge* gauge_;
  };
  class Histogram {
   public:
    explicit Histogram(prometheus::Histogram& histogram) : histogram_(&histogram) {}
    void observe(double value);

   private:
    prometheus::Histogram* histogram_;
  };

  Metrics();
  ~Metrics();

  // Thread-safe. The same name and labels give the same series.
  Counter counter(const std::string& name, const std::string& help, const Labels& labels = {});
  Gauge gauge(const std::string& name, const std::string& help, const Labels& labels = {});
  // `bounds` are upper bounds, ascending, in the metric's unit.
  Histogram histogram(const std::string& name, const std::string& help, const std::vector<double>& bounds,
                      const Labels& labels = {});
  // Text exposition format 0.0.4.
  std::string text() const;

 private:
  struct Registry;
  std::unique_ptr<Registry> registry_;
};

}  // namespace odeon
