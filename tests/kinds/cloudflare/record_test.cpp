#include "kinds/cloudflare/record.h"

#include <catch2/catch.hpp>

#include "engine/apply.h"
#include "engine/observe.h"
#include "kinds/table.h"
#include "manifest/project_folder.h"
#include "plan/make_plan.h"
#include "support/fake_clock.h"
#include "support/fake_cloudflare.h"
#include "support/fake_shell.h"
#include "support/quiet_run.h"

using namespace aegis;
using namespace aegis::test;

namespace {

/// A zone at Cloudflare with what a manifest wants of it.
class Rig {
 public:
  explicit Rig(const std::string& zone = "example.net") { cloudflare.add_zone(zone); }

  /// `records` is the section, indented by six blanks.
  void want(const std::string& records, const std::string& token = "hunter2-cf") {
    folder_.write(
        "aegis.yaml",
        "dns:\n  example.net:\n    cloudflare: { token: " + token + " }\n    records:\n" + records);
    Manifests manifests = folder_.load();
    for (const Diagnostic& diagnostic : manifests.diagnostics) FAIL(diagnostic.detail);
    desired_ = std::move(manifests.desired);
  }

  Observed look() { return observe(desired_, all_kinds(), cloudflare, shell_, folder_.vault()); }

  Plan plan(const PlanOptions& options = {}) {
    const Observed observed = look();
    for (const Unreadable& failure : observed.failures) FAIL(failure.error.message);
    return make_plan(desired_, observed.world, all_kinds(), options);
  }

  Report run(const Plan& plan) {
    NoJournal journal;
    NoObserver watcher;
    return apply(
        plan, all_kinds(), {cloudflare, shell_, clock, folder_.vault()}, journal, watcher, {}, {});
  }

  void converge(const PlanOptions& options = {}) {
    const Report report = run(plan(options));
    for (const StepResult& result : report.results) {
      if (result.error) FAIL_CHECK(result.error->message);
    }
    CHECK_FALSE(plan(options).has_differences());
  }

  FakeCloudflare cloudflare;
  FakeClock clock;

 private:
  ProjectFolder folder_;
  FakeShell shell_;
  Desired desired_;
};

std::string first_error(const Report& report) {
  for (const StepResult& result : report.results) {
    if (result.error) return result.error->message;
  }
  return {};
}

bool mentions(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("names get their records in one call each, with our mark and the usual TTL") {
  Rig rig;
  rig.want("      www: { A: [203.0.113.1, 203.0.113.2] }\n      '@': { TXT: [hello] }\n");
  rig.converge();
  CHECK(rig.cloudflare.writes().size() == 2);
  const Json made = rig.cloudflare.records_of("www.example.net");
  REQUIRE(made.size() == 2);
  CHECK(made[0]["ttl"] == 600);
  CHECK(made[0]["comment"] == "aegisctl");
  CHECK(made[0]["proxied"] == false);
  CHECK(rig.cloudflare.records_of("example.net")[0]["content"] == "\"hello\"");
}

TEST_CASE("a record that moves keeps its id, and what we do not know of it") {
  Rig rig;
  rig.want("      www: { A: [203.0.113.1] }\n");
  rig.converge();
  const Json before = rig.cloudflare.records_of("www.example.net")[0];
  rig.want("      www: { A: [203.0.113.9] }\n");
  rig.converge();
  const Json after = rig.cloudflare.records_of("www.example.net");
  REQUIRE(after.size() == 1);
  CHECK(after[0]["id"] == before["id"]);
  CHECK(after[0]["content"] == "203.0.113.9");
}

TEST_CASE("what changes by hand is seen, whichever field it is") {
  Rig rig;
  rig.want("      www: { A: [203.0.113.1, 203.0.113.2], comment: the shop }\n");
  rig.converge();
  rig.cloudflare.add_record("example.net",
                            {{"type", "A"},
                             {"name", "www.example.net"},
                             {"content", "203.0.113.3"},
                             {"ttl", 60},
                             {"proxied", true},
                             {"comment", "aegisctl: somebody"}});
  const Plan plan = rig.plan();
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].attributes.size() ==
        3);  // values, comment, proxied: what is proxied has no TTL
  rig.converge();
}

TEST_CASE("a record of somebody else's is not taken over or removed without a word") {
  Rig rig;
  rig.cloudflare.add_record(
      "example.net", {{"type", "A"}, {"name", "www.example.net"}, {"content", "203.0.113.7"}});
  rig.cloudflare.add_record("example.net",
                            {{"type", "TXT"}, {"name", "www.example.net"}, {"content", "proof"}});
  rig.want("      www: { A: [203.0.113.1] }\n");
  const Plan plan = rig.plan();
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].action == Action::adopt);
  CHECK(plan.changes[0].blocked != "");
  CHECK(plan.steps.empty());
  PlanOptions options;
  options.adopts = {"dns/example.net/record/www"};
  rig.converge(options);
  // The text is of a type that is not declared: it stays as it was.
  const Json records = rig.cloudflare.records_of("www.example.net");
  REQUIRE(records.size() == 2);
  CHECK(records[0]["content"] == "203.0.113.1");
  CHECK(records[1]["content"] == "proof");
  CHECK(records[1]["comment"].is_null());
}

TEST_CASE("a record that somebody adds after the plan is a conflict, and stays") {
  Rig rig;
  rig.want("      www: { A: [203.0.113.1] }\n");
  const Plan plan = rig.plan();
  rig.cloudflare.add_record(
      "example.net", {{"type", "A"}, {"name", "www.example.net"}, {"content", "203.0.113.7"}});
  CHECK(mentions(first_error(rig.run(plan)), "somebody added A www.example.net"));
  CHECK(rig.cloudflare.records_of("www.example.net").size() == 1);
}

TEST_CASE("what is no longer declared waits for --prune, and other names are never touched") {
  Rig rig;
  rig.cloudflare.add_record(
      "example.net", {{"type", "A"}, {"name", "theirs.example.net"}, {"content", "203.0.113.7"}});
  rig.want("      www: { A: [203.0.113.1] }\n      old: { A: [203.0.113.1] }\n");
  rig.converge();
  rig.want("      www: { A: [203.0.113.1] }\n");
  const Plan plan = rig.plan();
  REQUIRE(plan.changes.size() == 1);
  CHECK(to_string(plan.changes[0].address) == "dns/example.net/record/old");
  CHECK(plan.changes[0].blocked != "");
  PlanOptions options;
  options.prune = true;
  rig.converge(options);
  CHECK(rig.cloudflare.records_of("old.example.net").empty());
  CHECK(rig.cloudflare.records_of("theirs.example.net").size() == 1);
}

TEST_CASE("all pages are read") {
  Rig rig;
  rig.cloudflare.limit_pages(2);
  std::string names;
  for (int i = 0; i < 7; ++i) names += "      n" + std::to_string(i) + ": { A: [203.0.113.1] }\n";
  rig.want(names);
  rig.converge();
}

TEST_CASE(
    "too many calls are waited for as long as Cloudflare says, and no longer than a step may "
    "take") {
  Rig rig;
  rig.want("      www: { A: [203.0.113.1] }\n");
  const Plan plan = rig.plan();
  const TimePoint begin = rig.clock.now();
  rig.cloudflare.refuse_next(2, 30);
  CHECK(first_error(rig.run(plan)) == "");
  CHECK(rig.clock.now() - begin == std::chrono::seconds(60));
  rig.want("      www: { A: [203.0.113.2] }\n");
  const Plan next = rig.plan();
  rig.cloudflare.refuse_next(1, 3600);
  CHECK(mentions(first_error(rig.run(next)), "too many calls"));
  rig.cloudflare.refuse_next(9, 30);
  REQUIRE(rig.look().failures.size() == 1);
  CHECK(mentions(rig.look().failures[0].error.message, "throttling"));
}

TEST_CASE("what Cloudflare refuses is told in its words, and nothing is half done") {
  Rig rig;
  rig.cloudflare.add_record(
      "example.net",
      {{"type", "CNAME"}, {"name", "www.example.net"}, {"content", "a.example.org"}});
  rig.want("      www: { A: [203.0.113.1, 203.0.113.2] }\n");
  CHECK(mentions(first_error(rig.run(rig.plan())), "A CNAME record with that host already exists"));
  CHECK(rig.cloudflare.records_of("www.example.net").size() == 1);
}

TEST_CASE("a token that is wrong, or does not see the zone, is an error and never an empty zone") {
  Rig rig;
  rig.want("      www: { A: [203.0.113.1] }\n", "hunter2-other");
  REQUIRE(rig.look().failures.size() == 1);
  CHECK(rig.look().failures[0].error.code == ErrorCode::forbidden);
  CHECK(mentions(rig.look().failures[0].error.message, "Invalid access token (9109)"));
  Rig blind("example.org");
  blind.want("      www: { A: [203.0.113.1] }\n");
  REQUIRE(blind.look().failures.size() == 1);
  CHECK(mentions(blind.look().failures[0].error.message, "shows this token no zone example.net"));
}
