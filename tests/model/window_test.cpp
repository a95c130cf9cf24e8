#include "model/window.h"

#include <catch2/catch.hpp>

namespace aegis {
namespace {

namespace ch = std::chrono;

const ch::sys_seconds k_sunday = ch::sys_days(ch::year(2026) / 12 / 6);
const Window k_window{"nightly", {"Sun 02:00 UTC", "Wed 01:00 UTC"}, ch::hours(2)};

}  // namespace

TEST_CASE("a window is open from its time on until its duration is over, to the second") {
  CHECK_FALSE(state_of(k_window, k_sunday + ch::hours(2) - ch::seconds(1)).open_until);
  const WindowState at_once = state_of(k_window, k_sunday + ch::hours(2));
  CHECK(at_once.open_until == k_sunday + ch::hours(4));
  CHECK(state_of(k_window, k_sunday + ch::hours(4) - ch::seconds(1)).open_until);
  const WindowState after = state_of(k_window, k_sunday + ch::hours(4));
  CHECK_FALSE(after.open_until);
  CHECK(after.opens_next == k_sunday + ch::days(3) + ch::hours(1));
}

TEST_CASE("openings that overlap are one, and end with the last of them") {
  const Window often{"often", {"*:00 UTC", "*:30 UTC"}, ch::minutes(45)};
  CHECK(state_of(often, k_sunday + ch::minutes(40)).open_until == k_sunday + ch::minutes(75));
}

TEST_CASE("a window that is not understood here never opens") {
  const WindowState state = state_of({"odd", {"daily No/Where"}, ch::hours(1)}, k_sunday);
  CHECK_FALSE(state.open_until);
  CHECK_FALSE(state.opens_next);
}

TEST_CASE("a window is written and read back as it was") {
  CHECK(parse_window(to_json(k_window)) == k_window);
  CHECK(to_string(k_window) == "nightly (Sun 02:00 UTC and Wed 01:00 UTC for 2h)");
  CHECK_FALSE(parse_window(Json::object()));
  CHECK_FALSE(parse_window(Json()));
}

}  // namespace aegis
