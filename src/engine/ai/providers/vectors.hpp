// Vectors of embeddings as providers send them.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

namespace odeon::ai {

// A list of numbers, or four bytes for each, little-endian, in base64: some send what nobody asked for. What is no
// number becomes NaN.
std::vector<float> vector_of(const boost::json::value* from);

// Throws Error{upstream, "BAD_ANSWER"} unless all are of one size, not empty, and of finite numbers.
void check_vectors(const std::vector<std::vector<float>>& vectors, const std::string& provider);

// Nothing but zeros stays as it is.
void to_length_one(std::vector<float>& vector);

}  // namespace odeon::ai
