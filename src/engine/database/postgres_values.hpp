// Values on their way to PostgreSQL, and rows on their way back. Everything travels as text, whose types
// the server infers, except bytes.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "engine/database/database.hpp"

typedef struct pg_result PGresult;

namespace odeon::database::postgres {

struct ClearResult {
  void operator()(PGresult* result) const;
};
using Result = std::unique_ptr<PGresult, ClearResult>;

// Throws Error{invalid} for what PostgreSQL has no room for: U+0000 in text, or more than half a gigabyte.
// Returns about how many bytes of memory the values hold.
std::size_t check_values(const std::vector<Values>& batches);

// The arguments of one statement as libpq takes them; valid until the next call and as long as `values`.
class Arguments {
 public:
  void set(const Values& values);
  int count() const { return static_cast<int>(texts.size()); }
  std::vector<const char*> texts;
  std::vector<int> lengths;
  std::vector<int> formats;

 private:
  std::vector<std::array<char, 32>> numbers_;
};

// Shows `sink` each row. What the sink throws goes on.
void visit_rows(const PGresult* result, RowSink& sink);
std::int64_t rows_changed(PGresult* result);
// The same for results that no caller can tell apart.
std::size_t digest(std::span<const Result> results);

}  // namespace odeon::database::postgres
