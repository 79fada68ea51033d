#include <charconv>

#include "base/error.hpp"
#include "base/text.hpp"
#include "engine/jobs/worker.hpp"

namespace odeon::jobs {
namespace {

using namespace std::chrono;

[[noreturn]] void reject(std::string_view line) {
  throw Error(Fault::invalid, "INVALID_SCHEDULE",
              fmt::format("'{}' is not a schedule: five fields are needed, minute hour day month weekday.", line));
}

int number(std::string_view text, std::string_view line) {
  int value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || fault != std::errc() || end != text.data() + text.size() || value < 0) reject(line);
  return value;
}

// One entry of a list: "*", "7", "1-5", each perhaps with "/step"; a number with a step runs to the end.
std::uint64_t entry_bits(std::string_view entry, int low, int high, std::string_view line) {
  int step = 1;
  const auto slash = entry.find('/');
  if (slash != std::string_view::npos) {
    step = number(entry.substr(slash + 1), line);
    entry = entry.substr(0, slash);
  }
  int first = low, last = high;
  if (entry != "*") {
    const auto dash = entry.find('-');
    first = number(entry.substr(0, dash), line);
    if (dash != std::string_view::npos)
      last = number(entry.substr(dash + 1), line);
    else if (slash == std::string_view::npos)
      last = first;
  }
  if (step < 1 || first < low || last > high || first > last) reject(line);
  std::uint64_t bits = 0;
  for (int value = first; value <= last; value += step) bits |= 1ULL << value;
  return bits;
}

std::uint64_t field_bits(std::string_view field, int low, int high, std::string_view line) {
  std::uint64_t bits = 0;
  for (const auto entry : text::split(field, ',')) bits |= entry_bits(entry, low, high, line);
  return bits;
}

bool has(std::uint64_t bits, unsigned value) {
  return (bits >> value & 1) != 0;
}

// The lowest value in `bits` from `from` on; nothing if there is none.
std::optional<unsigned> lowest(std::uint64_t bits, unsigned from) {
  const auto left = from < 64 ? bits >> from << from : 0;
  if (left == 0) return std::nullopt;
  return static_cast<unsigned>(std::countr_zero(left));
}

}  // namespace

// As in POSIX crontab(5): where both days are restricted, either may match. A field that begins with a
// star does not restrict in that sense.
Cron::Cron(std::string_view line) {
  const std::string clean = text::collapse_spaces(line);
  const auto fields = text::split(clean, ' ');
  if (fields.size() != 5) reject(line);
  minutes_ = field_bits(fields[0], 0, 59, line);
  hours_ = field_bits(fields[1], 0, 23, line);
  days_ = field_bits(fields[2], 1, 31, line);
  months_ = field_bits(fields[3], 1, 12, line);
  weekdays_ = field_bits(fields[4], 0, 7, line);
  if (has(weekdays_, 7)) weekdays_ |= 1;  // Sunday is 0 and 7
  any_day_ = fields[2].starts_with('*');
  any_weekday_ = fields[4].starts_with('*');
  if (next(Instant()) == Instant::max()) reject(line);  // such as 31 February
}

Instant Cron::next(Instant after) const {
  const auto start = floor<minutes>(after) + minutes(1);
  const auto today = floor<days>(start);
  // The calendar repeats after 400 years, so what does not come until then never comes.
  for (auto day = today; day < today + days(146'097); day += days(1)) {
    const year_month_day date(day);
    if (!has(months_, unsigned(date.month()))) continue;
    const bool day_fits = has(days_, unsigned(date.day()));
    const bool weekday_fits = has(weekdays_, weekday(day).c_encoding());
    if (any_day_ || any_weekday_ ? !(day_fits && weekday_fits) : !(day_fits || weekday_fits)) continue;
    const auto from = day == today ? start - day : minutes(0);
    for (auto hour = lowest(hours_, unsigned(duration_cast<hours>(from).count())); hour;
         hour = lowest(hours_, *hour + 1)) {
      const auto earliest = hours(*hour) <= from ? unsigned((from % hours(1)).count()) : 0U;
      if (const auto minute = lowest(minutes_, earliest)) return day + hours(*hour) + minutes(*minute);
    }
  }
  return Instant::max();
}

}  // namespace odeon::jobs
