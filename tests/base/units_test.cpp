#include "base/units.h"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace aegis {

TEST_CASE("sizes are powers of 1024 in every spelling that Proxmox and Docker use") {
  CHECK(parse_size("1024") == 1024);
  CHECK(parse_size("64k") == 65536);
  CHECK(parse_size("512MiB") == 536870912);
  CHECK(parse_size("512 MiB") == 536870912);
  CHECK(parse_size("500G") == 536870912000);
  CHECK(parse_size("1GB") == 1073741824);
  CHECK(parse_size("1gib") == 1073741824);
  CHECK(parse_size("1.5G") == 1610612736);
  CHECK(parse_size("1T") == 1099511627776);
  CHECK(parse_size("0") == 0);
}

TEST_CASE("a text that is not a size gives nothing") {
  for (const auto* text :
       {"", " ", "G", "-1G", "1X", "1.2.3G", "1e3", "0x10", "1GiBB", "99999999P", ".5G", "5.G"}) {
    INFO(text);
    CHECK_FALSE(parse_size(text).has_value());
  }
  CHECK_FALSE(parse_size("0.3B").has_value());
}

TEST_CASE("a size is printed in the largest unit that divides it, and reads back as itself") {
  CHECK(format_size(0) == "0B");
  CHECK(format_size(1000) == "1000B");
  CHECK(format_size(536870912) == "512MiB");
  CHECK(format_size(118111600640) == "110GiB");
  for (const std::int64_t bytes : {1LL, 1023LL, 1024LL, 1536LL, 1099511627776LL}) {
    CHECK(parse_size(format_size(bytes)) == bytes);
  }
}

TEST_CASE("durations add up their parts") {
  CHECK(parse_duration("5m") == 5min);
  CHECK(parse_duration("1h30m") == 90min);
  CHECK(parse_duration("1.5s") == 1500ms);
  CHECK(parse_duration("250ms") == 250ms);
  CHECK(parse_duration("2w") == 336h);
  CHECK(parse_duration("1d2h") == 26h);
}

TEST_CASE("a text that is not a duration gives nothing, a bare number among them") {
  for (const auto* text : {"", "90", "5x", "m", "-5m", "5 m", "1h 30m", "9999999w"}) {
    INFO(text);
    CHECK_FALSE(parse_duration(text).has_value());
  }
}

TEST_CASE("a duration is printed largest unit first, and reads back as itself") {
  CHECK(format_duration(0s) == "0s");
  CHECK(format_duration(90min) == "1h30m");
  CHECK(format_duration(250ms) == "250ms");
  CHECK(parse_duration(format_duration(26h + 3ms)) == 26h + 3ms);
}

}  // namespace aegis
