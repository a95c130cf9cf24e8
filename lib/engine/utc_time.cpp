#include "engine/utc_time.h"

#include <fmt/format.h>

#include <charconv>

namespace aegis {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view k_form = "dddd-dd-ddTdd:dd:dd.dddZ";

bool has_the_form(std::string_view text) {
  if (text.size() != k_form.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool fits = k_form[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == k_form[i];
    if (!fits) return false;
  }
  return true;
}

int number_at(std::string_view text, std::size_t begin, std::size_t size) {
  int number = 0;
  std::from_chars(text.data() + begin, text.data() + begin + size, number);
  return number;
}

}  // namespace

std::string format_utc(TimePoint time) {
  const auto rounded = std::chrono::floor<milliseconds>(time);
  const auto day = std::chrono::floor<std::chrono::days>(rounded);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{rounded - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
                     static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()),
                     clock.hours().count(),
                     clock.minutes().count(),
                     clock.seconds().count(),
                     clock.subseconds().count());
}

std::optional<TimePoint> parse_utc(std::string_view text) {
  if (!has_the_form(text)) return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::year{number_at(text, 0, 4)},
      std::chrono::month{static_cast<unsigned>(number_at(text, 5, 2))},
      std::chrono::day{static_cast<unsigned>(number_at(text, 8, 2))}};
  const int hour = number_at(text, 11, 2);
  const int minute = number_at(text, 14, 2);
  const int second = number_at(text, 17, 2);
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
         std::chrono::seconds{second} + milliseconds{number_at(text, 20, 3)};
}

std::optional<TimePoint> parse_moment(std::string_view text) {
  constexpr std::size_t k_day = 10;
  constexpr std::size_t k_minutes = 16;
  std::string whole(text);
  if (whole.size() > k_day && whole[k_day] == ' ') whole[k_day] = 'T';
  if (whole.ends_with('Z')) whole.pop_back();
  if (whole.size() == k_minutes) whole += ":00";
  return parse_utc(whole + ".000Z");
}

std::string format_stamp(TimePoint time) {
  constexpr std::size_t k_seconds = 19;
  std::string text = format_utc(time).substr(0, k_seconds) + "Z";
  std::erase(text, ':');
  return text;
}

}  // namespace aegis
