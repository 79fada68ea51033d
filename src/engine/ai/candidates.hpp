// The models of one capability, each with its line, in the order in which they are asked; and what is known when none
// of them answered.
#pragma once

#include <algorithm>
#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/ai/attempts.hpp"
#include "engine/ai/catalogue.hpp"

namespace odeon::ai {

template <class Model>
struct Candidate {
  Candidate(std::unique_ptr<Model> given, Price price) : model(std::move(given)), line(model->name(), price) {}
  std::unique_ptr<Model> model;
  Line line;
  // Where there is no answer by then, the next is asked too. 0: it is waited for.
  Micros hedge_after{};
  const ModelCard* card = nullptr;  // null: the catalogue does not have it
};

template <class Model>
class Candidates {
 public:
  using Found = std::vector<Candidate<Model>*>;

  void add(std::unique_ptr<Model> model, const Catalogue& catalogue) {
    const Offer* offer = catalogue.offer(model->name());
    const ModelCard* card = catalogue.find(model->name());
    add(std::move(model), offer != nullptr ? offer->price : Price{});
    all_.back()->card = card;
    if (card != nullptr) all_.back()->hedge_after = card->hedge_after;
  }

  // At a price of its own, and always waited for.
  void add(std::unique_ptr<Model> model, Price price) {
    all_.push_back(std::make_unique<Candidate<Model>>(std::move(model), price));
    by_name_[all_.back()->line.name()].push_back(all_.back().get());
  }

  Found all() const {
    Found found;
    for (const auto& candidate : all_) found.push_back(candidate.get());
    return found;
  }
  // Of these names, in their order: who is called so, and whoever sells a model of the catalogue. Who is named by one
  // offer wants that seller and no other.
  Found of(const std::vector<std::string>& names, const Catalogue& catalogue, ModelKind kind) const {
    Found found;
    for (const auto& name : names) {
      add_to(found, name);
      if (catalogue.offer(name) != nullptr) continue;
      if (const ModelCard* card = catalogue.find(name, kind))
        for (const auto& offer : card->offers) add_to(found, offer.name());
    }
    return found;
  }
  // Of this name; of any name, where it is empty.
  Found of(const std::string& name, const Catalogue& catalogue, ModelKind kind) const {
    return name.empty() ? all() : of(std::vector{name}, catalogue, kind);
  }

 private:
  void add_to(Found& found, std::string_view name) const {
    const auto so_called = by_name_.find(name);
    if (so_called == by_name_.end()) return;
    for (auto* one : so_called->second)
      if (std::ranges::find(found, one) == found.end()) found.push_back(one);
  }

  std::vector<std::unique_ptr<Candidate<Model>>> all_;
  std::unordered_map<std::string_view, Found> by_name_;  // of one name in their order
};

// A fault of the request, at its field.
Error fault_of(std::string path, std::string code, std::string message);

// No model of the kind is set up.
Error not_here(std::string_view what);

// Remembers how candidates failed, to say when trying again makes sense.
class Failures {
 public:
  void add(Error error);
  // A caller who insisted on one (`model`, unless it is empty) learns what was wrong with it; and everybody, that all
  // of them declined.
  [[noreturn]] void raise(const std::string& model) const;
  // How the last one failed.
  Fault last_fault() const { return last_ ? last_->fault : Fault::unavailable; }
  // The reply, if there is one.
  template <class Reply>
  Reply unless(std::optional<Reply> reply, const std::string& model) const {
    if (!reply) raise(model);
    return std::move(*reply);
  }

 private:
  std::optional<Error> last_;
  std::optional<Error> too_long_;
  std::optional<std::chrono::seconds> soonest_;
  // Of those there were: none is out of order.
  bool none_broke_ = true;
};

}  // namespace odeon::ai
