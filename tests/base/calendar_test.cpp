#include "base/calendar.h"

#include <array>
#include <catch2/catch.hpp>
#include <string>

namespace aegis {
namespace {

namespace ch = std::chrono;

ch::sys_seconds at(int year, unsigned month, unsigned day, int hour, int minute, int second = 0) {
  return ch::sys_days(ch::year(year) / ch::month(month) / ch::day(day)) + ch::hours(hour) +
         ch::minutes(minute) + ch::seconds(second);
}

struct Elapse {
  std::string_view event;
  ch::sys_seconds next;
};

// A Tuesday.
const ch::sys_seconds k_now = at(2026, 12, 1, 12, 0);

}  // namespace

// What `systemd-analyze calendar --base-time` of systemd 252 says of the same events.
TEST_CASE("calendar events elapse when systemd says so") {
  const std::array<Elapse, 19> k_events{{
      {"minutely", at(2026, 12, 1, 12, 1)},
      {"hourly", at(2026, 12, 1, 13, 0)},
      {"daily", at(2026, 12, 2, 0, 0)},
      {"weekly", at(2026, 12, 7, 0, 0)},
      {"monthly", at(2027, 1, 1, 0, 0)},
      {"quarterly", at(2027, 1, 1, 0, 0)},
      {"semiannually", at(2027, 1, 1, 0, 0)},
      {"Sun 02:00", at(2026, 12, 6, 2, 0)},
      {"sun", at(2026, 12, 6, 0, 0)},
      {"Sat..Sun 10:00", at(2026, 12, 5, 10, 0)},
      {"Mon,Wed-Fri 22:30", at(2026, 12, 2, 22, 30)},
      {"*:0/25", at(2026, 12, 1, 12, 25)},
      {"03..05/2:10", at(2026, 12, 2, 3, 10)},
      {"*-*-13 07:30:15", at(2026, 12, 13, 7, 30, 15)},
      {"*-02-29 04:00", at(2028, 2, 29, 4, 0)},
      {"*-02~03", at(2027, 2, 26, 0, 0)},
      {"Mon *-05~07/1", at(2027, 5, 31, 0, 0)},
      {"2027,2029-03..04-01 00:00 UTC", at(2027, 3, 1, 0, 0)},
      {"Sun *-*-1..7 03:00 Europe/Berlin", at(2026, 12, 6, 2, 0)},
  }};
  for (const Elapse& one : k_events) {
    const auto event = CalendarEvent::parse(one.event);
    INFO(one.event);
    REQUIRE(event);
    CHECK(event->next(k_now) == one.next);
    CHECK(event->last(one.next, ch::hours(1)) == one.next);
  }
}

TEST_CASE("a time that never comes is none, and what is no event is refused") {
  CHECK_FALSE(CalendarEvent::parse("2020-01-01").value().next(k_now));
  CHECK_FALSE(CalendarEvent::parse("*-02-31").value().next(k_now));
  for (const char* wrong : {"",
                            "noon",
                            "25",
                            "*-*-*-*",
                            "12:00 Mars/Base",
                            "Sun 02:00 03:00",
                            "Mo 1:00",
                            "*:*/5",
                            "Sat..Mon 10:00",
                            "*:30..10",
                            "*:0/0"}) {
    INFO(wrong);
    CHECK_FALSE(CalendarEvent::parse(wrong));
  }
}

TEST_CASE("the last time is looked for only as far back as asked") {
  const CalendarEvent sundays = CalendarEvent::parse("Sun 02:00").value();
  CHECK(sundays.last(k_now, ch::days(3)) == at(2026, 11, 29, 2, 0));
  CHECK_FALSE(sundays.last(k_now, ch::days(2)));
  CHECK(sundays.last(at(2026, 11, 29, 2, 0), ch::seconds(0)) == at(2026, 11, 29, 2, 0));
}

TEST_CASE("a place's clocks are followed through summer time, also beyond what its file lists") {
  const TimeZone berlin = TimeZone::load("Europe/Berlin").value();
  CHECK(berlin.offset_at(at(2026, 12, 1, 0, 0)) == ch::hours(1));
  CHECK(berlin.offset_at(at(2026, 7, 1, 0, 0)) == ch::hours(2));
  CHECK(berlin.offset_at(at(2150, 7, 1, 0, 0)) == ch::hours(2));
  CHECK(berlin.offset_at(at(2150, 12, 1, 0, 0)) == ch::hours(1));
  CHECK(TimeZone::load("Australia/Sydney").value().offset_at(at(2150, 1, 1, 0, 0)) ==
        ch::hours(11));
  CHECK(TimeZone::load("Asia/Kolkata").value().offset_at(k_now) == ch::minutes(330));
}

TEST_CASE("a local time that is skipped comes later, one that comes twice is the first") {
  const TimeZone berlin = TimeZone::load("Europe/Berlin").value();
  CHECK(berlin.from_local(at(2027, 3, 28, 2, 30)) == at(2027, 3, 28, 1, 30));
  CHECK(berlin.from_local(at(2027, 10, 31, 2, 30)) == at(2027, 10, 31, 0, 30));
  CHECK(berlin.from_local(at(2027, 7, 1, 2, 0)) == at(2027, 7, 1, 0, 0));
  CHECK(CalendarEvent::parse("*-*-* 02:30 Europe/Berlin").value().next(at(2027, 3, 27, 12, 0)) ==
        at(2027, 3, 28, 1, 30));
}

TEST_CASE("a damaged time zone file is refused at every length, and never read beyond its end") {
  CHECK(TimeZone::load("No/Where").error().code == ErrorCode::not_found);
  CHECK(TimeZone::load("../../../etc/passwd").error().code == ErrorCode::not_found);
  CHECK(TimeZone::load("Europe/Berlin", "/nowhere").error().code == ErrorCode::io);
  CHECK(TimeZone::load("UTC", "/nowhere"));
  const std::string head(
      "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4", 44);
  const std::string type("\0\0\x0e\x10\0\0CET\0", 10);
  const std::string whole = head + type + head + type + "\nCET-1CEST,M3.5.0,M10.5.0/3\n";
  REQUIRE(TimeZone::parse(whole));
  CHECK(TimeZone::parse(whole).value().offset_at(at(2026, 7, 1, 0, 0)) == ch::hours(2));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CHECK_FALSE(TimeZone::parse(whole.substr(0, length)));
  }
}

}  // namespace aegis
