#include <catch2/catch.hpp>

#include "kinds/proxmox/objects/object_rig.h"

using namespace aegis;
using namespace aegis::test;

namespace {

const Json k_full{{"title", "a"},
                  {"size", 7},
                  {"on", false},
                  {"words", {"x", "y"}},
                  {"lines", {"one, two", "three"}},
                  {"levels", {"warning", "error"}},
                  {"keep", {{"keep-last", 3}, {"enabled", true}}},
                  {"body", "{\"a\": \"b=c\"}"},
                  {"header", {{"Content-Type", "text/plain"}}},
                  {"comment", "what it is"}};

PlanOptions adopting() {
  PlanOptions options;
  options.adopts = {"*/*/*/*"};
  return options;
}

PlanOptions pruning() {
  PlanOptions options;
  options.prune = true;
  return options;
}

}  // namespace

TEST_CASE(
    "an object with a value of every form is made as the API writes it, and is then at rest") {
  ObjectRig rig;
  rig.want("a", k_full);
  rig.converge();
  const Json made = rig.file()["a"];
  CHECK(made["size"] == "7");
  CHECK(made["on"] == "0");
  CHECK(made["words"] == "x,y");
  CHECK(made["lines"] == Json{"one, two", "three"});
  CHECK(made["level"] == Json{"error,warning"});
  CHECK(made["keep"] == "enabled=1,keep-last=3");
  CHECK(made["body"] == "eyJhIjogImI9YyJ9");
  CHECK(made["header"] == Json{"name=Content-Type,value=dGV4dC9wbGFpbg=="});
  CHECK(made["comment"] == "aegisctl: what it is");
}

TEST_CASE("a live object is read in whatever way the API spells it") {
  ObjectRig rig;
  rig.file()["a"] = {{"comment", "aegisctl: what it is\n"},
                     {"title", "a"},
                     {"size", 7},
                     {"on", 0},
                     {"words", "y,x"},
                     {"lines", {"three", "one, two"}},
                     {"level", {"warning,error"}},
                     {"keep", {{"enabled", "1"}, {"keep-last", "3"}}},
                     {"body", "eyJhIjogImI9YyJ9"},
                     {"header", {"name=Content-Type,value=dGV4dC9wbGFpbg=="}}};
  rig.want("a", k_full);
  CHECK(rig.plan().changes.empty());
}

TEST_CASE("a default that is written out is the same as none") {
  ObjectRig rig;
  rig.file()["a"] = {{"comment", "aegisctl"}, {"title", "a"}, {"on", 1}};
  rig.want("a", {{"title", "a"}, {"size", 5}, {"on", true}, {"words", Json::array()}});
  CHECK(rig.plan().changes.empty());
}

TEST_CASE("only what changed is sent, and what is taken away is deleted") {
  ObjectRig rig;
  rig.want("a", k_full);
  rig.converge();
  Json less = k_full;
  less["title"] = "b";
  less.erase("words");
  less.erase("keep");
  less.erase("on");
  less.erase("comment");
  rig.want("a", less);
  rig.converge();
  CHECK(rig.file().writes().back() ==
        "PUT /things/a comment=aegisctl&title=b&on=1&delete=words&delete=keep&digest=v1");
}

TEST_CASE("an object that is not ours waits to be adopted, and is then marked") {
  ObjectRig rig;
  rig.file()["a"] = {{"title", "a"}, {"comment", "by hand"}};
  rig.want("a", {{"title", "a"}, {"comment", "by hand"}});
  const Plan plan = rig.plan();
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].action == Action::adopt);
  CHECK(plan.changes[0].attributes.empty());
  CHECK(plan.steps.empty());
  rig.converge(adopting());
  CHECK(rig.file()["a"]["comment"] == "aegisctl: by hand");
}

TEST_CASE("an orphan is only what carries our marker, and goes with --prune") {
  ObjectRig rig;
  rig.file()["mine"] = {{"title", "a"}, {"comment", "aegisctl"}};
  rig.file()["yours"] = {{"title", "a"}, {"comment", "aegisctlish"}};
  const Plan plan = rig.plan();
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].address.name == "mine");
  CHECK(plan.steps.empty());
  rig.converge(pruning());
  CHECK_FALSE(rig.file().has("mine"));
  CHECK(rig.file().has("yours"));
}

TEST_CASE("what another server of the cluster declares is no orphan; that of another cluster is") {
  ObjectRig rig;
  rig.file()["theirs"] = {{"title", "a"}, {"comment", "aegisctl"}};
  rig.settings()["shared"] = {{"thing", {{"theirs", Json::array({"fsn2"})}}}};
  CHECK(rig.plan(pruning()).changes.size() == 1);
  rig.file().nodes.push_back({{"node", "fsn2"}});
  CHECK(rig.plan(pruning()).changes.empty());
}

TEST_CASE("a section that the manifest does not have is not read") {
  ObjectRig rig;
  rig.file()["mine"] = {{"title", "a"}, {"comment", "aegisctl"}};
  rig.manage(false);
  CHECK(rig.observe().objects.empty());
  CHECK(rig.file().reads().empty());
}

TEST_CASE("what was changed by somebody since it was planned is not written over") {
  ObjectRig rig;
  rig.file()["a"] = {{"title", "a"}, {"comment", "aegisctl"}};
  rig.want("a", {{"title", "b"}});
  const Plan plan = rig.plan();
  rig.file()["a"]["title"] = "c";
  const auto applied = rig.apply(plan);
  REQUIRE_FALSE(applied);
  CHECK(applied.error().code == ErrorCode::conflict);
  CHECK(applied.error().message.find("changed `title`") != std::string::npos);
  CHECK(rig.file()["a"]["title"] == "c");
}

TEST_CASE("what was changed elsewhere in the file does not matter") {
  ObjectRig rig;
  rig.file()["a"] = {{"title", "a"}, {"comment", "aegisctl"}};
  rig.want("a", {{"title", "b"}});
  int others = 2;
  rig.file().before_write = [&](const HttpRequest&) -> std::optional<Result<HttpResponse>> {
    if (others-- <= 0) return std::nullopt;
    return HttpResponse{
        500, "detected modified configuration - file changed by other user?", {}, ""};
  };
  rig.converge();
  CHECK(rig.file()["a"]["title"] == "b");
}

TEST_CASE("an object that somebody made in the meantime is not taken for ours") {
  ObjectRig rig;
  rig.want("a", {{"title", "b"}});
  const Plan plan = rig.plan();
  rig.file()["a"] = {{"title", "b"}};
  const auto applied = rig.apply(plan);
  REQUIRE_FALSE(applied);
  CHECK(applied.error().code == ErrorCode::conflict);
}

TEST_CASE("an orphan whose marker was taken off stays") {
  ObjectRig rig;
  rig.file()["a"] = {{"title", "a"}, {"comment", "aegisctl"}};
  const Plan plan = rig.plan(pruning());
  rig.file()["a"]["comment"] = "now mine";
  REQUIRE_FALSE(rig.apply(plan));
  CHECK(rig.file().has("a"));
}

TEST_CASE("a lost answer is looked for, and the call is not made again when it was done") {
  ObjectRig rig;
  for (const char* title : {"made", "changed"}) {
    rig.want("a", {{"title", title}});
    rig.file().loses_answer = true;
    rig.converge();
    CHECK(rig.file()["a"]["title"] == title);
  }
  rig.want_nothing();
  rig.file().loses_answer = true;
  rig.converge(pruning());
  CHECK(rig.file().writes().size() == 3);
}

TEST_CASE("a call that never arrived is made again") {
  ObjectRig rig;
  rig.want("a", {{"title", "a"}});
  int losses = 1;
  rig.file().before_write = [&](const HttpRequest&) -> std::optional<Result<HttpResponse>> {
    if (losses-- <= 0) return std::nullopt;
    return HttpResponse{596, "broken pipe", {}, ""};
  };
  rig.converge();
  CHECK(rig.file().writes().size() == 1);
}

TEST_CASE("every step that is done twice succeeds twice") {
  ObjectRig rig;
  for (const char* title : {"made", "changed", ""}) {
    rig.want_nothing();
    if (*title != '\0') rig.want("a", {{"title", title}});
    const Plan plan = rig.plan(pruning());
    REQUIRE(plan.steps.size() == 1);
    REQUIRE(rig.perform(plan.steps[0]));
    const std::size_t writes = rig.file().writes().size();
    const auto again = rig.perform(plan.steps[0]);
    if (!again) FAIL_CHECK(again.error().message);
    CHECK(rig.plan(pruning()).changes.empty());
    // Making it is tried, and found to be done.
    if (std::string(title) != "made") CHECK(rig.file().writes().size() == writes);
  }
}

TEST_CASE("what Proxmox refuses is said in its own words, with the object") {
  ObjectRig rig;
  rig.want("a", {{"title", "a"}});
  rig.file().before_write = [&](const HttpRequest&) -> std::optional<Result<HttpResponse>> {
    return HttpResponse{500, "create thing failed: thing 'a' is not online", {}, ""};
  };
  const auto applied = rig.apply(rig.plan());
  REQUIRE_FALSE(applied);
  CHECK(applied.error().message.find("thing a: ") != std::string::npos);
  CHECK(applied.error().message.find("is not online") != std::string::npos);
}

TEST_CASE("an attribute that an object cannot be without is asked for before anything is made") {
  ObjectRig rig;
  rig.want("a", {{"size", 7}});
  const Plan plan = rig.plan();
  CHECK(plan.steps.empty());
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].blocked.find("needs `title`") != std::string::npos);
}
