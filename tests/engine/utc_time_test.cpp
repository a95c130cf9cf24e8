#include "engine/utc_time.h"

#include <catch2/catch.hpp>

using namespace aegis;
using namespace std::chrono;

TEST_CASE("a time is written with milliseconds and read back as it was") {
  const TimePoint time =
      sys_days{year{2026} / 1 / 31} + hours{2} + minutes{30} + seconds{5} + milliseconds{7};
  CHECK(format_utc(time) == "2026-01-31T02:30:05.007Z");
  CHECK(parse_utc("2026-01-31T02:30:05.007Z") == time);
  CHECK(format_utc(TimePoint{} - milliseconds{1}) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("a text of any other form is no time") {
  for (const char* text : {"",
                           "2026-01-31",
                           "2026-01-31T02:30:05Z",
                           "2026-02-30T02:30:05.007Z",
                           "2026-01-31T24:30:05.007Z",
                           "2026-01-31T02:60:05.007Z",
                           "2026-01-31 02:30:05.007Z",
                           "2026-01-31T02:30:05.007ZZ",
                           "2o26-01-31T02:30:05.007Z"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_utc(text));
  }
}
