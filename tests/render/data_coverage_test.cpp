#include <catch2/catch.hpp>

#include "render/data_coverage_text.h"

using namespace aegis;

namespace {

DataCoverage database() {
  DataCoverage data;
  data.name = "db";
  data.backup = {.system = {"", "container", "web"},
                 .source = "postgres",
                 .folder = "/mnt/db",
                 .script = "/x",
                 .schedule = "daily"};
  data.is_installed = true;
  data.copies = {{.name = "b", .time = 86400 * 3, .size = 3 << 20}, {.name = "a", .time = 86400}};
  data.rpo = std::chrono::hours(24);
  return data;
}

constexpr std::int64_t k_now = 86400 * 3 + 7200;

}  // namespace

TEST_CASE("a backup of data is shown with its newest copy, its objective and how it is made") {
  CHECK(render_text(std::vector{database()}, k_now, {}) ==
        "backup/db  postgres on container/web\n"
        "  newest     1970-01-04 00:00 UTC, 2h ago: b, 3.0MiB\n"
        "  objective  at most 1d old: met\n"
        "  kept       2 copies\n"
        "  schedule   daily, to /mnt/db\n\n");
  DataCoverage bare = database();
  bare.copies.clear();
  bare.is_installed = false;
  bare.failure = "timeout";
  CHECK(render_text(std::vector{bare}, k_now, {}) ==
        "backup/db  postgres on container/web\n"
        "  newest     no copy\n"
        "  objective  at most 1d old: missed\n"
        "  schedule   not there yet: `aegisctl apply` brings it\n"
        "  last run   failed (timeout): journalctl -u backup-db\n\n");
}

TEST_CASE("programs get the same of a backup of data") {
  const Json json = to_json(std::vector{database()}, k_now);
  CHECK(json.at(0).at("objective") == Json{{"state", "met"}, {"rpo", 86400}});
  CHECK(json.at(0).at("newest").at("age") == 7200);
  CHECK(json.at(0).at("copies").size() == 2);
  CHECK(json.at(0).at("on") == "container/web");
}
