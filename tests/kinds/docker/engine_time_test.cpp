#include "kinds/docker/engine_time.h"

#include <catch2/catch.hpp>

using namespace aegis::docker;
using namespace std::chrono_literals;

TEST_CASE("the engine's times are read with their fraction and their offset") {
  CHECK(parse_engine_time("1970-01-02T00:00:01Z") == 24h + 1s);
  CHECK(parse_engine_time("1970-01-01T00:00:00.25Z") == 250ms);
  CHECK(parse_engine_time("1970-01-01T02:30:00.000000001+02:00") == 30min + 1ns);
  CHECK(parse_engine_time("1970-01-01T00:00:00-01:30") == 90min);
}

TEST_CASE("what is no time of the engine's is none") {
  for (const char* text : {"",
                           "0001-01-01T00:00:00Z",
                           "2026-02-30T00:00:00Z",
                           "2026-01-01",
                           "2026-01-01T00:00:00",
                           "2026-01-01T00:00:00Zz",
                           "x026-01-01T00:00:00Z"}) {
    CHECK_FALSE(parse_engine_time(text).has_value());
  }
}
