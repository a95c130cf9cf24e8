#include "render/coverage_text.h"

#include <catch2/catch.hpp>

namespace aegis::test {
namespace {

// 2026-01-31T02:30:00Z
constexpr std::int64_t k_now = 1769826600;

CoverageReport sample() {
  GuestCoverage web;
  web.guest = {"", "container", "web"};
  web.server = "fsn1";
  web.vmid = 103;
  web.exists = true;
  web.rpo = std::chrono::hours(24);
  web.jobs = {{"offsite", "box", "1,13:00"}};
  web.backups = {{.name = "box:backup/c", .time = k_now - 3600, .flaw = "it is empty"},
                 {.name = "box:backup/b", .time = k_now - 5400, .size = std::int64_t{3} << 29},
                 {.name = "box:backup/a", .time = k_now - 500000, .size = 1 << 20}};
  web.snapshots = {{.name = "s", .time = k_now - 3 * 86400}};
  web.gaps = {{"mp0 (/srv)", "its `backup` is not on", true}};
  GuestCoverage db;
  db.guest = {"", "machine", "db"};
  db.server = "fsn1";
  db.vmid = 104;
  db.exists = true;
  db.rpo = std::chrono::hours(1);
  db.unread = {{ErrorCode::forbidden, "not\x1b[2J seen"}};
  return {{web, db}, {}};
}

}  // namespace

TEST_CASE("a guest is told with its newest usable backup, its objective and what is missing") {
  CHECK(render_text(sample(), k_now, {}) ==
        "container/web  103 on fsn1\n"
        "  newest     2026-01-31 01:00 UTC, 90m ago: box:backup/b, 1.5GiB\n"
        "  objective  at most 1d old: met\n"
        "  kept       3 backups, 1.5GiB in all\n"
        "  jobs       offsite (1,13:00, to box)\n"
        "  snapshots  1, the newest 3d ago; they are lost with the guest\n"
        "  left out   box:backup/c: it is empty\n"
        "  not in it  mp0 (/srv): its `backup` is not on\n"
        "\n"
        "machine/db  104 on fsn1\n"
        "  newest     no backup\n"
        "  objective  at most 1h old: not known to be met\n"
        "  jobs       none: nothing backs it up\n"
        "  not seen   not\\x1b[2J seen\n"
        "\n"
        "2 guests, 1 in no job. Objectives: 1 met, 0 missed, 1 not known.\n");
}

TEST_CASE("programs get ages in seconds, times in UTC and sizes in bytes") {
  const Json json = to_json(sample(), k_now);
  CHECK(json.at("format_version") == "1.0");
  const Json& web = json.at("guests").at(0);
  CHECK(web.at("objective") == Json{{"state", "met"}, {"rpo", 86400}});
  CHECK(web.at("newest") == Json{{"name", "box:backup/b"},
                                 {"time", "2026-01-31T01:00:00Z"},
                                 {"age", 5400},
                                 {"size", 1610612736},
                                 {"protected", false}});
  CHECK(web.at("backups").size() == 3);
  CHECK(json.at("guests").at(1).at("newest").is_null());
  CHECK(json.at("guests").at(1).at("objective").at("state") == "unknown");
}

TEST_CASE("an objective looks at usable backups alone") {
  GuestCoverage web = sample().guests[0];
  web.rpo = std::chrono::minutes(80);
  CHECK(judge(web, k_now) == Objective::missed);
  web.rpo = std::chrono::minutes(90);
  CHECK(judge(web, k_now) == Objective::met);
  web.rpo.reset();
  CHECK(judge(web, k_now) == Objective::none);
}

}  // namespace aegis::test
