#include "render/timeline_text.h"

#include <catch2/catch.hpp>

namespace aegis {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Timeline timeline() {
  Timeline made;
  made.begin = 1'000'000;
  made.phases = {{"the servers", milliseconds(0), milliseconds(65'400)},
                 {"the guests", milliseconds(65'400), milliseconds(600'000)}};
  made.took = milliseconds(665'400);
  made.guests = {{.guest = {"", "container", "db"},
                  .from = "box:backup/db",
                  .from_time = 1'000'000 - 7200,
                  .took = made.took,
                  .rto = seconds(600),
                  .rpo = seconds(3600)},
                 {.guest = {"", "container", "old"}, .rpo = seconds(60), .problem = "no init"},
                 {.guest = {"", "container", "tmp"}, .took = made.took},
                 {.guest = {"", "container", "web"},
                  .from = "box:backup/web",
                  .from_time = 1'000'000 - 60,
                  .took = made.took,
                  .rto = seconds(1800),
                  .rpo = seconds(3600)}};
  return made;
}

TEST_CASE("a timeline tells when each phase began, how long it took, and what came back in time") {
  CHECK(render_text(timeline(), {false, 100}) ==
        "Took 11m5s.\n"
        "        0s  the servers       1m5s\n"
        "      1m5s  the guests        10m\n"
        "  container/db\n"
        "    from     box:backup/db\n"
        "    lost     what came in its last 2h (at most 1h: missed)\n"
        "    back in  11m5s (at most 10m: missed)\n"
        "  container/old\n"
        "    from     nothing: no backup of it was seen\n"
        "    lost     everything (at most 1m: missed)\n"
        "    not back no init\n"
        "  container/tmp\n"
        "    from     nothing: no backup of it was seen\n"
        "    back in  11m5s\n"
        "  container/web\n"
        "    from     box:backup/web\n"
        "    lost     what came in its last 1m (at most 1h: met)\n"
        "    back in  11m5s (at most 30m: met)\n");
}

TEST_CASE("an objective is missed by what is late, by what is old, and by what is not back") {
  CHECK(timeline().misses_objective());
  Timeline good = timeline();
  good.guests.erase(good.guests.begin(), good.guests.begin() + 2);
  CHECK_FALSE(good.misses_objective());
  good.guests[0].problem = "no init";
  CHECK(good.misses_objective());
}

TEST_CASE("a timeline as JSON has seconds and null for what there is none of") {
  const Json json = to_json(timeline());
  CHECK(json.at("took_seconds") == 665.4);
  CHECK(json.at("phases")[1] ==
        Json{{"name", "the guests"}, {"begin_seconds", 65.4}, {"took_seconds", 600.0}});
  CHECK(json.at("guests")[0] == Json{{"address", "container/db"},
                                     {"from", "box:backup/db"},
                                     {"age_seconds", 7200},
                                     {"took_seconds", 665.4},
                                     {"rto_seconds", 600},
                                     {"rto", "missed"},
                                     {"rpo_seconds", 3600},
                                     {"rpo", "missed"},
                                     {"problem", nullptr}});
  const Json& tmp = json.at("guests")[2];
  CHECK(tmp.at("from").is_null());
  CHECK(tmp.at("age_seconds").is_null());
  CHECK(tmp.at("rto") == "none");
  CHECK(json.at("guests")[1].at("problem") == "no init");
}

}  // namespace
}  // namespace aegis
