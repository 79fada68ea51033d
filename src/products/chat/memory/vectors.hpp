// Vectors of texts, as they are kept: a byte for each number, scaled to the greatest of them. How alike two are depends
// on their direction alone, and that survives it within a hundredth. Pure.
#pragma once

#include <span>
#include <vector>

#include "engine/database/database.hpp"

namespace odeon::chat {

database::Blob packed(const std::vector<float>& vector);
// The cosine of the angle between them, −1 to 1; 0 where they have nothing in common to measure.
double similarity(const database::Blob& a, const database::Blob& b);

// The places of weights, the greatest first; of equal ones the earlier.
std::vector<std::size_t> best_first(const std::vector<double>& weights);

}  // namespace odeon::chat
