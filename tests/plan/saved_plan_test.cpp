#include "plan/saved_plan.h"

#include <catch2/catch.hpp>

#include "case.h"

namespace aegis {
namespace {

using fake::Case;

Case given_case() {
  return Case()
      .want("container/a", {{"memory", 2}})
      .there("container/a", {{"memory", 1}, {"cores", 1}})
      .want("container/b", {})
      .unchanged("container/c", {{"memory", 1}});
}

SavedPlan saved_from(const Case& given) {
  return make_saved_plan(given.plan(),
                         given.options,
                         {{"container/web"}, std::chrono::hours(1)},
                         "d1gest",
                         given.world);
}

std::vector<std::string> moved(const SavedPlan& saved, const Case& now) {
  return moved_since(saved, now.plan(), now.world);
}

TEST_CASE("a saved plan read back is what was saved") {
  Case given = given_case();
  given.options = {{"container/a", "container/b"}, {"container/c"}, {}, {"container/a"}, {}, true};
  const SavedPlan saved = saved_from(given);
  const auto text = dump_json(to_json(saved));
  const auto read = parse_saved_plan(*parse_json(text));
  REQUIRE(read.has_value());
  CHECK(read->options == given.options);
  CHECK(read->guard == saved.guard);
  CHECK(read->manifests_digest == "d1gest");
  CHECK(read->observed == saved.observed);
  CHECK(dump_json(to_json(*read)) == text);
  CHECK(moved(*read, given).empty());
}

TEST_CASE("a printed plan is no saved plan, and says so") {
  Json json = to_json(saved_from(given_case()));
  json.erase("observed");
  const auto read = parse_saved_plan(json);
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().message.find("--out") != std::string::npos);
  CHECK_FALSE(parse_saved_plan(Json("text")).has_value());
}

TEST_CASE("an unchanged world has not moved") {
  CHECK(moved(saved_from(given_case()), given_case()).empty());
}

TEST_CASE("a live value that moved is named with both values, also where nothing was planned") {
  const SavedPlan saved = saved_from(given_case());
  Case now = given_case();
  now.world.objects.at(fake::at("container/c")).attributes = {{"memory", 7}};
  const auto lines = moved(saved, now);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0] == "container/c memory was 1 and is 7");
}

TEST_CASE("what came, went or changed its owner since has moved") {
  const SavedPlan saved = saved_from(given_case());
  Case came = given_case();
  came.there("container/b", Json::object());
  CHECK(moved(saved, came) == std::vector<std::string>{"container/b has appeared"});
  Case went = given_case();
  went.world.objects.at(fake::at("container/a")).exists = false;
  CHECK(moved(saved, went) == std::vector<std::string>{"container/a is gone"});
  Case lost_mark = given_case();
  lost_mark.world.objects.at(fake::at("container/c")).owned = false;
  CHECK_FALSE(moved(saved, lost_mark).empty());
}

TEST_CASE("another change or other steps are noticed though nothing observed moved") {
  const SavedPlan saved = saved_from(given_case());
  Case other = given_case();
  other.desired.resources.at(fake::at("container/a")).spec["memory"] = 3;
  CHECK(moved(saved, other).size() == 1);
}

}  // namespace
}  // namespace aegis
