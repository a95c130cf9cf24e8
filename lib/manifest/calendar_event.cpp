#include "manifest/calendar_event.h"

#include <fmt/format.h>

#include <string_view>

#include "manifest/schema.h"

namespace aegis {
namespace {

constexpr std::string_view k_year = "[0-9]{2,4}";
constexpr std::string_view k_month = "(0?[1-9]|1[0-2])";
constexpr std::string_view k_day = "(0?[1-9]|[12][0-9]|3[01])";
constexpr std::string_view k_hour = "([01]?[0-9]|2[0-3])";
constexpr std::string_view k_minute = "[0-5]?[0-9]";
constexpr std::string_view k_weekday =
    "([Mm]on(day)?|[Tt]ue(sday)?|[Ww]ed(nesday)?|[Tt]hu(rsday)?|[Ff]ri(day)?|[Ss]at(urday)?|"
    "[Ss]un(day)?)";
constexpr std::string_view k_word =
    "minutely|hourly|daily|weekly|monthly|quarterly|semiannually|yearly|annually";
constexpr std::string_view k_zone = "( [A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*)?";

std::string list_of(const std::string& one) {
  return fmt::format("{0}(,{0})*", one);
}

// "*", "4", "1..7", the numbers with or without "/2"; several with commas between.
std::string values_of(std::string_view number) {
  return list_of(fmt::format(R"((\*|{0}(\.\.{0})?(/[0-9]+)?))", number));
}

std::string make_pattern() {
  const std::string days = list_of(fmt::format(R"({0}((\.\.|-){0})?)", k_weekday));
  const std::string date =
      fmt::format("({}-)?{}[-~]{}", values_of(k_year), values_of(k_month), values_of(k_day));
  const std::string time = fmt::format("{0}:{1}(:{1})?", values_of(k_hour), values_of(k_minute));
  return fmt::format(
      "^({0}|{1}( {2})?( {3})?|{2}( {3})?|{3}){4}$", k_word, days, date, time, k_zone);
}

}  // namespace

bool is_calendar_event(const std::string& text) {
  static const std::string k_pattern = make_pattern();
  return matches_pattern(k_pattern, text);
}

}  // namespace aegis
