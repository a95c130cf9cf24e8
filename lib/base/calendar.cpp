#include "base/calendar.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "base/text.h"

namespace aegis {
namespace {

namespace ch = std::chrono;

constexpr std::array<std::string_view, 7> k_weekdays{
    "mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::array<std::string_view, 7> k_long_weekdays{
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

std::optional<std::size_t> weekday_of(std::string_view text) {
  const std::string word = to_lower(text);
  for (std::size_t i = 0; i < k_weekdays.size(); ++i) {
    const bool is_short = i == 3 && word == "thu";
    if (word == k_weekdays[i] || word == k_long_weekdays[i] || is_short) return i;
  }
  return std::nullopt;
}

const std::map<std::string_view, std::string_view>& shorthands() {
  static const std::map<std::string_view, std::string_view> k_all{
      {"minutely", "*-*-* *:*:00"},
      {"hourly", "*-*-* *:00:00"},
      {"daily", "*-*-* 00:00:00"},
      {"weekly", "Mon *-*-* 00:00:00"},
      {"monthly", "*-*-01 00:00:00"},
      {"quarterly", "*-01,04,07,10-01 00:00:00"},
      {"semiannually", "*-01,07-01 00:00:00"},
      {"yearly", "*-01-01 00:00:00"},
      {"annually", "*-01-01 00:00:00"}};
  return k_all;
}

bool is_weekdays(std::string_view word) {
  return weekday_of(word.substr(0, word.find_first_of(",.-"))).has_value();
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

bool names_zone(std::string_view event) {
  const std::vector<std::string> words = split_any(event, " ");
  return words.size() > 1 && is_letter(words.back().front()) && !is_weekdays(words.back());
}

class CalendarEvent::Parser {
 public:
  Result<CalendarEvent> parse(std::string_view text) {
    std::vector<std::string> words = split_any(text, " ");
    if (!words.empty() && shorthands().contains(words.front())) {
      const auto full = split_any(shorthands().at(words.front()), " ");
      words.erase(words.begin());
      words.insert(words.begin(), full.begin(), full.end());
    }
    std::string zone = "UTC";
    if (names_zone(text)) {
      zone = words.back();
      words.pop_back();
    }
    auto found = TimeZone::load(zone);
    if (!found) return found.error();
    event_.zone_ = std::move(*found);
    read(words);
    if (!is_right_ || words.empty()) {
      return Error{ErrorCode::rejected,
                   fmt::format("\"{}\" is no calendar event of systemd", text)};
    }
    return std::move(event_);
  }

 private:
  void read(const std::vector<std::string>& words) {
    auto word = words.begin();
    if (word != words.end() && is_weekdays(*word)) read_weekdays(*word++);
    const bool has_date = word != words.end() && word->find(':') == std::string::npos;
    read_date(has_date ? *word++ : "*-*-*");
    read_time(word != words.end() ? *word++ : "00:00:00");
    is_right_ = is_right_ && word == words.end();
  }

  void read_weekdays(const std::string& word) {
    event_.weekdays_.fill(false);
    for (const std::string& piece : split(word, ',')) {
      const std::size_t cut = piece.find_first_of(".-");
      const std::size_t rest = cut == std::string::npos ? cut : piece.find_first_not_of(".-", cut);
      const auto first = weekday_of(piece.substr(0, cut));
      const auto last = rest == std::string::npos ? first : weekday_of(piece.substr(rest));
      if (!first || !last || *first > *last) {
        is_right_ = false;
        return;
      }
      for (std::size_t day = *first; day <= *last; ++day) event_.weekdays_.at(day) = true;
    }
  }

  void read_date(const std::string& word) {
    event_.counts_from_end_ = word.find('~') != std::string::npos;
    std::vector<std::string> pieces = split_any(word, "-~");
    if (pieces.size() == 2) pieces.insert(pieces.begin(), "*");
    if (pieces.size() != 3) {
      is_right_ = false;
      return;
    }
    event_.years_ = ranges(pieces[0], 1970, 2199);
    for (Range& range : event_.years_) {
      range.first = century(range.first);
      range.last = century(range.last);
    }
    event_.months_ = ranges(pieces[1], 1, 12);
    event_.days_ = ranges(pieces[2], 1, 31);
  }

  void read_time(const std::string& word) {
    std::vector<std::string> pieces = split(word, ':');
    if (pieces.size() == 2) pieces.emplace_back("00");
    if (pieces.size() != 3) {
      is_right_ = false;
      return;
    }
    event_.hours_ = ranges(pieces[0], 0, 23);
    event_.minutes_ = ranges(pieces[1], 0, 59);
    event_.seconds_ = ranges(pieces[2], 0, 59);
  }

  // Two digits are of this century until 69, as systemd reads them.
  static int century(int year) {
    if (year >= 100) return year;
    return year < 70 ? year + 2000 : year + 1900;
  }

  Ranges ranges(const std::string& text, int least, int most) {
    Ranges result;
    for (const std::string& piece : split(text, ',')) {
      const std::size_t slash = piece.find('/');
      const std::string span = piece.substr(0, slash);
      const std::size_t dots = span.find("..");
      Range range{least, most, 1};
      if (span != "*") {
        range.first = number(span.substr(0, dots));
        if (dots != std::string::npos) {
          range.last = number(span.substr(dots + 2));
          is_right_ = is_right_ && range.first <= range.last;
        } else if (slash == std::string::npos) {
          range.last = range.first;
        } else if (event_.counts_from_end_ && most == 31) {
          range.last = least;  // "~07/1": from the seventh last day on
        }
      }
      if (slash != std::string::npos) range.step = number(piece.substr(slash + 1));
      // systemd takes no step of a "*".
      is_right_ = is_right_ && range.step > 0 && (span != "*" || slash == std::string::npos);
      result.push_back(range);
    }
    return result;
  }

  int number(std::string_view text) {
    int value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    is_right_ =
        is_right_ && problem == std::errc() && end == text.data() + text.size() && value >= 0;
    return value;
  }

  CalendarEvent event_;
  bool is_right_ = true;
};

Result<CalendarEvent> CalendarEvent::parse(std::string_view text) {
  return Parser().parse(text);
}

bool CalendarEvent::holds(const Ranges& ranges, int value) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) {
    const bool is_inside =
        value >= std::min(range.first, range.last) && value <= std::max(range.first, range.last);
    return is_inside && (value - range.first) % range.step == 0;
  });
}

std::vector<int> CalendarEvent::values(const Ranges& ranges, int limit) {
  std::vector<int> result;
  for (int value = 0; value < limit; ++value) {
    if (holds(ranges, value)) result.push_back(value);
  }
  return result;
}

bool CalendarEvent::is_on(ch::sys_days day) const {
  const ch::year_month_day date(day);
  const auto last = static_cast<unsigned>((date.year() / date.month() / ch::last).day());
  const auto number = static_cast<unsigned>(date.day());
  const unsigned counted = counts_from_end_ ? last + 1 - number : number;
  return weekdays_.at(ch::weekday(day).iso_encoding() - 1) &&
         holds(years_, static_cast<int>(date.year())) &&
         holds(months_, static_cast<int>(static_cast<unsigned>(date.month()))) &&
         holds(days_, static_cast<int>(counted));
}

std::vector<ch::sys_seconds> CalendarEvent::times_on(ch::sys_days day) const {
  if (!is_on(day)) return {};
  std::set<ch::sys_seconds> times;
  const std::vector<int> minutes = values(minutes_, 60);
  const std::vector<int> seconds = values(seconds_, 60);
  for (const int hour : values(hours_, 24)) {
    for (const int minute : minutes) {
      for (const int second : seconds) {
        times.insert(
            zone_.from_local(day + ch::hours(hour) + ch::minutes(minute) + ch::seconds(second)));
      }
    }
  }
  return {times.begin(), times.end()};
}

std::optional<ch::sys_seconds> CalendarEvent::last(ch::sys_seconds time, ch::seconds reach) const {
  // A day more at both ends: the local day is not UTC's.
  const auto oldest = ch::floor<ch::days>(time - reach) - ch::days(1);
  for (auto day = ch::floor<ch::days>(time) + ch::days(1); day >= oldest; day -= ch::days(1)) {
    const auto times = times_on(day);
    const auto after = std::upper_bound(times.begin(), times.end(), time);
    if (after == times.begin()) continue;
    const ch::sys_seconds found = *std::prev(after);
    return found >= time - reach ? std::optional(found) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<ch::sys_seconds> CalendarEvent::next(ch::sys_seconds time) const {
  const auto newest = ch::floor<ch::days>(time) + ch::days(3653);
  for (auto day = ch::floor<ch::days>(time) - ch::days(1); day <= newest; day += ch::days(1)) {
    const auto times = times_on(day);
    const auto after = std::upper_bound(times.begin(), times.end(), time);
    if (after != times.end()) return *after;
  }
  return std::nullopt;
}

}  // namespace aegis
