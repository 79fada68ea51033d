// What several answers to one question have in common and in what they differ: by their sentences and figures, without
// a model. Pure, and the same for the same answers in the same order.
#pragma once

#include <string>
#include <vector>

#include <boost/describe.hpp>

namespace odeon::chat {

struct Said {
  std::string model;
  std::string text;
};

struct Agreement {
  std::vector<std::string> sentences;  // of the first, where each of the others has one that says much the same
  std::vector<std::string> figures;    // that all of them have
};
BOOST_DESCRIBE_STRUCT(Agreement, (), (sentences, figures))
struct Difference {
  std::string model;
  std::vector<std::string> sentences;  // that no other has anything like
  std::vector<std::string> figures;    // that no other has
};
BOOST_DESCRIBE_STRUCT(Difference, (), (model, sentences, figures))
struct Comparison {
  std::string model;  // who compared
  Agreement agreement;
  std::vector<Difference> differences;  // of each, in the order of the answers
};
BOOST_DESCRIBE_STRUCT(Comparison, (), (model, agreement, differences))

Comparison compare(const std::vector<Said>& answers);

}  // namespace odeon::chat
