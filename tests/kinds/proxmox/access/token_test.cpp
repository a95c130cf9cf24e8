#include <catch2/catch.hpp>

#include "kinds/proxmox/access/access_rig.h"

namespace aegis::test {
namespace {

const std::string k_name = "ci@pve!plan";
const std::string k_path = "/access/users/ci@pve/token/plan";
const Json k_spec{{"secret_file", "plan.token"}, {"acl", {{"/", {"PVEAuditor"}}}}};

void want_token(AccessRig& rig, const Json& spec = k_spec) {
  rig.want("user", "ci@pve", {{"acl", {{"/", {"PVEAuditor"}}}}});
  rig.want("token", k_name, spec, {"user/ci@pve"});
}

std::string kept(AccessRig& rig) {
  return k_name + "=" + rig.secrets().files["plan.token"];
}

// A plan and its steps as text, with every input.
std::string all_of(const Plan& plan) {
  std::string text;
  for (const Step& step : plan.steps) text += step.title + step.input.dump();
  for (const Change& change : plan.changes) {
    for (const AttributeChange& attribute : change.attributes) {
      text += attribute.path + attribute.before.dump() + attribute.after.dump();
    }
  }
  return text;
}

}  // namespace

TEST_CASE("a new token's secret is in its file, logs in, and is nowhere else") {
  AccessRig rig;
  want_token(rig, {{"secret_file", "plan.token"}, {"comment", "Plans"}, {"expire", 1999999999}});
  const Plan plan = rig.plan();
  for (const Step& step : plan.steps) {
    const auto output = rig.perform(step);
    REQUIRE(output);
    if (rig.secrets().files.empty()) continue;
    CHECK(output->dump().find(rig.secrets().files["plan.token"]) == std::string::npos);
  }
  REQUIRE(rig.secrets().files.size() == 1);
  CHECK(rig.logs_in(kept(rig)));
  CHECK(all_of(plan).find(rig.secrets().files["plan.token"]) == std::string::npos);
  const Json token = rig.get(k_path);
  CHECK(text_or(token, "comment") == "aegisctl: Plans");
  CHECK(as_integer(get(token, "expire")) == 1999999999);
  rig.converge();
}

TEST_CASE("a token's comment, expiry and grants change, and its secret stays") {
  AccessRig rig;
  want_token(rig);
  rig.converge();
  const std::string secret = kept(rig);
  want_token(rig,
             {{"secret_file", "plan.token"},
              {"comment", "Other"},
              {"privsep", false},
              {"acl", {{"/vms", {"PVEAuditor"}}}}});
  rig.converge();
  CHECK(kept(rig) == secret);
  CHECK(rig.logs_in(secret));
  CHECK(rig.grants(k_name) == std::vector<std::string>{"PVEAuditor on /vms"});
}

TEST_CASE("when the file cannot be written no token is made") {
  AccessRig rig;
  want_token(rig);
  rig.secrets().refuses_check = true;
  CHECK_FALSE(rig.apply(rig.plan()));
  CHECK(get(rig.user("ci@pve"), "tokens").empty());
}

TEST_CASE("when writing the file fails after all, the token goes again") {
  AccessRig rig;
  want_token(rig);
  rig.secrets().refuses_keep = true;
  const auto applied = rig.apply(rig.plan());
  REQUIRE_FALSE(applied);
  CHECK(applied.error().code == ErrorCode::io);
  CHECK(get(rig.user("ci@pve"), "tokens").empty());
  rig.secrets().refuses_keep = false;
  rig.converge();
  CHECK(rig.logs_in(kept(rig)));
}

TEST_CASE("a token that a broken run left without its secret is made anew") {
  AccessRig rig;
  rig.want("user", "ci@pve", {{"acl", {{"/", {"PVEAuditor"}}}}});
  rig.converge();
  rig.by_hand("POST", k_path, {{"comment", "aegisctl: its secret is not kept yet"}});
  want_token(rig);
  CHECK(change_of(rig.plan(), "token", k_name).action == Action::create);
  rig.converge();
  CHECK(rig.logs_in(kept(rig)));
}

TEST_CASE("a token that somebody made since it was planned is not taken away from them") {
  AccessRig rig;
  want_token(rig);
  const Plan plan = rig.plan();
  rig.by_hand("POST", "/access/users", {{"userid", "ci@pve"}, {"comment", "aegisctl"}});
  rig.by_hand("POST", k_path, {{"comment", "mine"}});
  const auto applied = rig.apply(plan);
  REQUIRE_FALSE(applied);
  CHECK(applied.error().code == ErrorCode::conflict);
  CHECK(text_or(rig.get(k_path), "comment") == "mine");
}

TEST_CASE("a lost secret is told, and only --replace makes a new one") {
  AccessRig rig;
  want_token(rig);
  rig.converge();
  const std::string lost = kept(rig);
  rig.secrets().files.clear();
  Json spec = k_spec;
  spec["secret_missing"] = true;
  want_token(rig, spec);
  const Plan plan = rig.plan();
  CHECK(plan.changes.empty());
  REQUIRE(plan.notes.size() == 1);
  CHECK(plan.notes[0].severity == Severity::warning);
  CHECK(plan.notes[0].detail.find("--replace server/fsn1/token/ci@pve!plan") != std::string::npos);
  PlanOptions options;
  options.replaces = {"server/fsn1/token/ci@pve!plan"};
  rig.converge(options);
  CHECK(rig.logs_in(kept(rig)));
  CHECK_FALSE(rig.logs_in(lost));
  CHECK(rig.grants(k_name) == std::vector<std::string>{"PVEAuditor on /"});
}

TEST_CASE("nothing is removed for a replacement whose secret could not be kept") {
  AccessRig rig;
  want_token(rig);
  rig.converge();
  const std::string secret = kept(rig);
  PlanOptions options;
  options.replaces = {"server/fsn1/token/ci@pve!plan"};
  const Plan plan = rig.plan(options);
  rig.secrets().refuses_check = true;
  CHECK_FALSE(rig.apply(plan));
  CHECK(rig.logs_in(secret));
}

TEST_CASE("a token that has to be made needs a file and a user") {
  AccessRig rig;
  rig.want("token", k_name);
  const Plan plan = rig.plan();
  CHECK_FALSE(plan.has_work());
  CHECK(change_of(plan, "token", k_name).blocked.find("secret_file") != std::string::npos);
  REQUIRE(plan.notes.size() == 2);
  CHECK(plan.notes[1].detail.find("no user ci@pve") != std::string::npos);
}

TEST_CASE("a token that exists needs no file") {
  AccessRig rig;
  rig.by_hand("POST", "/access/users", {{"userid", "ci@pve"}});
  rig.by_hand("POST", k_path, {{"comment", "by hand"}});
  rig.want("token", k_name);
  PlanOptions options;
  options.adopts = {"server/fsn1/token/ci@pve!plan"};
  rig.converge(options);
  CHECK(text_or(rig.get(k_path), "comment") == "aegisctl");
}

TEST_CASE("tokens of ours that nobody declares go with --prune, others stay") {
  AccessRig rig;
  want_token(rig);
  rig.converge();
  rig.by_hand("POST", "/access/users/ci@pve/token/other");
  rig.want_nothing();
  rig.want("user", "ci@pve");
  PlanOptions options;
  options.prune = true;
  rig.converge(options);
  const Json tokens = get(rig.user("ci@pve"), "tokens");
  REQUIRE(tokens.size() == 1);
  CHECK(text_or(tokens[0], "tokenid") == "other");
}

}  // namespace aegis::test
