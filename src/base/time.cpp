#include "base/time.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>

#include "base/text.hpp"

namespace odeon {
namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct Parts {
  year_month_day date;
  hh_mm_ss<Micros> time;
};

Parts parts_of(Instant when) {
  const auto day = floor<days>(when);
  return {year_month_day(day), hh_mm_ss<Micros>(when - day)};
}

// Exactly `digits` digits at the front of `text`, which is shortened by them.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int number = 0;
  for (char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return number;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<Instant> instant(int y, int mo, int d, int h, int mi, int s, Micros fraction, minutes offset) {
  // Out of range they would be cut to the few bits that chrono keeps of them.
  if (y > 9999 || d > 31) return std::nullopt;
  const year_month_day date{year(y), month(static_cast<unsigned>(mo)), day(static_cast<unsigned>(d))};
  if (!date.ok() || h > 23 || mi > 59 || s > 60) return std::nullopt;
  return Instant(sys_days(date)) + hours(h) + minutes(mi) + seconds(s) + fraction - offset;
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::optional<minutes> rfc822_zone(std::string_view zone) {
  if ((zone.starts_with('+') || zone.starts_with('-')) && zone.size() == 5) {
    const bool west = zone.front() == '-';
    zone.remove_prefix(1);
    const auto h = take_digits(zone, 2), m = take_digits(zone, 2);
    if (!h || !m || *h > 23 || *m > 59) return std::nullopt;
    const minutes offset = hours(*h) + minutes(*m);
    return west ? -offset : offset;
  }
  struct Zone {
    std::string_view name;
    int hours;
  };
  constexpr std::array<Zone, 12> zones{{{"GMT", 0},
                                        {"UTC", 0},
                                        {"UT", 0},
                                        {"Z", 0},
                                        {"EST", -5},
                                        {"EDT", -4},
                                        {"CST", -6},
                                        {"CDT", -5},
                                        {"MST", -7},
                                        {"MDT", -6},
                                        {"PST", -8},
                                        {"PDT", -7}}};
  for (const auto& known : zones)
    if (text::equals_ignoring_case(known.name, zone)) return hours(known.hours);
  return std::nullopt;
}

}  // namespace

std::string to_iso8601(Instant when) {
  constexpr std::size_t longest = std::string_view("0000-00-00T00:00:00.000Z").size();
  const auto [date, time] = parts_of(when);
  std::string out;
  out.reserve(longest);
  out = "0000-00-00T00:00:00";
  // By hand: each line of the log has a time.
  const auto put = [&out](std::size_t from_end, auto number) {
    out[out.size() - from_end] = static_cast<char>('0' + number / 10);
    out[out.size() - from_end + 1] = static_cast<char>('0' + number % 10);
  };
  if (const auto year = static_cast<int>(date.year()); year >= 0 && year <= 9999) {
    put(19, year / 100);
    put(17, year % 100);
  } else {
    out.replace(0, 4, fmt::format("{:04}", year));
  }
  put(14, static_cast<unsigned>(date.month()));
  put(11, static_cast<unsigned>(date.day()));
  put(8, time.hours().count());
  put(5, time.minutes().count());
  put(2, time.seconds().count());
  const auto millis = duration_cast<milliseconds>(time.subseconds()).count();
  if (millis != 0) {
    out += ".000";
    put(2, millis % 100);
    out[out.size() - 3] = static_cast<char>('0' + millis / 100);
  }
  return out += 'Z';
}

std::optional<Instant> parse_iso8601(std::string_view text) {
  const auto y = take_digits(text, 4);
  if (!y || !take(text, '-')) return std::nullopt;
  const auto mo = take_digits(text, 2);
  if (!mo || !take(text, '-')) return std::nullopt;
  const auto d = take_digits(text, 2);
  if (!d || !(take(text, 'T') || take(text, 't') || take(text, ' '))) return std::nullopt;
  const auto h = take_digits(text, 2);
  if (!h || !take(text, ':')) return std::nullopt;
  const auto mi = take_digits(text, 2);
  if (!mi || !take(text, ':')) return std::nullopt;
  const auto s = take_digits(text, 2);
  if (!s) return std::nullopt;
  std::int64_t nanos = 0;
  if (take(text, '.')) {
    int count = 0;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9' && count < 9) {
      nanos = nanos * 10 + (text.front() - '0');
      text.remove_prefix(1);
      ++count;
    }
    if (count == 0) return std::nullopt;
    for (; count < 9; ++count) nanos *= 10;
  }
  minutes offset{0};
  if (!take(text, 'Z') && !take(text, 'z')) {
    const bool west = text.starts_with('-');
    if (!take(text, '+') && !take(text, '-')) return std::nullopt;
    const auto oh = take_digits(text, 2);
    if (!oh || !take(text, ':')) return std::nullopt;
    const auto om = take_digits(text, 2);
    if (!om || *oh > 23 || *om > 59) return std::nullopt;
    offset = hours(*oh) + minutes(*om);
    if (west) offset = -offset;
  }
  if (!text.empty()) return std::nullopt;
  return instant(*y, *mo, *d, *h, *mi, *s, duration_cast<Micros>(nanoseconds(nanos)), offset);
}

std::string to_http_date(Instant when) {
  const auto [date, time] = parts_of(when);
  const weekday day{sys_days(date)};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[day.c_encoding()],
                     static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

std::optional<Instant> parse_rfc822(std::string_view text) {
  if (const auto comma = text.find(','); comma != std::string_view::npos) text.remove_prefix(comma + 1);
  const std::string clean = text::collapse_spaces(text);
  const auto words = text::split(clean, ' ');
  if (words.size() < 4 || words.size() > 5) return std::nullopt;
  const auto d = number(words[0]);
  auto y = number(words[2]);
  int mo = 0;
  for (std::size_t i = 0; i < kMonths.size(); ++i)
    if (words[1].size() >= 3 && text::equals_ignoring_case(kMonths[i], words[1].substr(0, 3)))
      mo = static_cast<int>(i) + 1;
  if (!d || !y || mo == 0) return std::nullopt;
  if (words[2].size() == 2) *y += *y < 50 ? 2000 : 1900;
  const auto clock = text::split(words[3], ':');
  if (clock.size() < 2 || clock.size() > 3) return std::nullopt;
  const auto h = number(clock[0]), mi = number(clock[1]);
  const auto s = clock.size() == 3 ? number(clock[2]) : std::optional(0);
  const auto offset = words.size() == 5 ? rfc822_zone(words[4]) : std::optional(minutes(0));
  if (!h || !mi || !s || !offset) return std::nullopt;
  return instant(*y, mo, *d, *h, *mi, *s, Micros(0), *offset);
}

Instant SystemClock::now() const {
  return floor<Micros>(system_clock::now());
}

Task<void> SystemClock::sleep_until(Instant when) {
  const Micros left = when - now();
  if (left > Micros(0)) co_await sleep_on_loop(left);
}

}  // namespace odeon
