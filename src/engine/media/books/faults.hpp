// What is wrong with a book.
#pragma once

#include <vector>

#include "base/error.hpp"
#include "engine/media/books/book.hpp"

namespace odeon::books {

// Everything at once; empty if it can be printed.
std::vector<FieldFault> faults_of(const Book& book);

}  // namespace odeon::books
