#include <catch2/catch.hpp>
#include <vector>

#include "engine/apply.h"
#include "engine/observe.h"
#include "kinds/proxmox/objects/backup_job.h"
#include "kinds/proxmox/objects/endpoint.h"
#include "kinds/proxmox/objects/ha_resource.h"
#include "kinds/proxmox/objects/matcher.h"
#include "kinds/proxmox/objects/replication_job.h"
#include "kinds/proxmox/objects/storage.h"
#include "plan/make_plan.h"
#include "support/fake_clock.h"
#include "support/fake_shell.h"
#include "support/quiet_run.h"
#include "support/scripted_http.h"
#include "support/simulated_proxmox.h"

using namespace aegis;
using namespace aegis::test;

namespace {

/// One kind on one server, through any door.
class Bench {
 public:
  Bench(const Kind& kind, HttpTransport& http) : kind_(kind), http_(http) {
    Scope scope;
    scope.name = "server/fsn1";
    scope.settings = {{"endpoint", "proxmox/fsn1"},
                      {"node", "pve"},
                      {"root", true},
                      {"sections", {"storage", "jobs.replication", "notifications.endpoints"}}};
    desired_.scopes[scope.name] = scope;
  }

  void want(const std::string& name, const Json& spec) {
    Resource resource;
    resource.address = {"server/fsn1", std::string(kind_.name), name};
    resource.scope = "server/fsn1";
    resource.spec = spec;
    desired_.resources[resource.address] = resource;
  }

  Observed observe() { return aegis::observe(desired_, {&kind_, 1}, http_, shell_, vault_); }

  Plan plan(const PlanOptions& options = {}) {
    const Observed observed = observe();
    for (const Unreadable& failure : observed.failures) FAIL(failure.error.message);
    return make_plan(desired_, observed.world, {&kind_, 1}, options);
  }

  Report apply(const Plan& plan) {
    NoJournal journal;
    NoObserver watcher;
    return aegis::apply(
        plan, {&kind_, 1}, {http_, shell_, clock_, vault_}, journal, watcher, {}, {});
  }

 private:
  const Kind& kind_;
  HttpTransport& http_;
  FakeClock clock_;
  FakeShell shell_;
  Vault vault_;
  Desired desired_;
};

std::string objection_to(const Plan& plan) {
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.steps.empty());
  return plan.changes[0].blocked;
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Lists without entries, but for what a test tells.
void answer_empty_lists(ScriptedHttp& http) {
  http.on_others([](const HttpRequest&) { return HttpResponse{200, "OK", {}, R"({"data":[]})"}; });
  http.on("GET proxmox/fsn1/api2/json/access/permissions",
          200,
          R"({"data":{"/":{"VM.Audit":1,"Datastore.Audit":1}}})");
}

const Json k_folder{{"type", "dir"}, {"path", "/srv/a"}, {"content", {"iso"}}};

}  // namespace

TEST_CASE("a backup job says which guests it is for, in one way") {
  ScriptedHttp http;
  answer_empty_lists(http);
  for (const Json& selection : {Json::object(),
                                Json{{"vmid", Json::array()}},
                                Json{{"vmid", {103}}, {"all", true}},
                                Json{{"pool", "a"}, {"all", true}}}) {
    Bench bench(backup_job_kind(), http);
    Json spec{{"schedule", "daily"}};
    spec.update(selection);
    bench.want("a", spec);
    INFO(selection);
    CHECK(holds(objection_to(bench.plan()), "exactly one of `vmid`, `all` and `pool`"));
  }
  for (const Json& selection :
       {Json{{"vmid", {103}}, {"all", false}}, Json{{"exclude", {103}}}, Json{{"pool", "a"}}}) {
    Bench bench(backup_job_kind(), http);
    Json spec{{"schedule", "daily"}};
    spec.update(selection);
    bench.want("a", spec);
    INFO(selection);
    CHECK(bench.plan().steps.size() == 1);
  }
}

TEST_CASE("mail without a recipient is refused while planning") {
  ScriptedHttp http;
  answer_empty_lists(http);
  Bench bench(endpoint_kind(), http);
  bench.want("a", {{"type", "sendmail"}});
  CHECK(holds(objection_to(bench.plan()), "it needs a recipient"));
}

TEST_CASE("an endpoint that the host's version does not know is refused while planning") {
  ScriptedHttp http;
  answer_empty_lists(http);
  http.on("GET proxmox/fsn1/api2/json/cluster/notifications/endpoints/webhook", 501, "{}");
  Bench bench(endpoint_kind(), http);
  bench.want("a", {{"type", "webhook"}, {"url", "https://x"}, {"method", "post"}});
  CHECK(holds(objection_to(bench.plan()), "has no notification endpoint of type webhook"));
}

TEST_CASE("a replication job that is on its way out is neither there nor an orphan") {
  ScriptedHttp http;
  answer_empty_lists(http);
  http.on("GET proxmox/fsn1/api2/json/cluster/replication",
          200,
          R"({"data":[{"id":"103-0","target":"b","comment":"aegisctl","remove_job":"full"},
                      {"id":"104-0","target":"b","comment":"aegisctl","remove_job":"full"}]})");
  Bench bench(replication_job_kind(), http);
  bench.want("103-0", {{"target", "b"}});
  const Plan plan = bench.plan();
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].action == Action::create);
}

TEST_CASE("a storage that these credentials cannot see is no reason to make it") {
  SimulatedProxmox http;
  http.use_token("nobody@pve!none=00000000-0000-0000-0000-000000000000");
  Bench bench(storage_kind(), http);
  bench.want("a", k_folder);
  CHECK_FALSE(bench.observe().failures.empty());
}

TEST_CASE("a storage that is to be destroyed loses its entry, and the plan says that data stays") {
  SimulatedProxmox http;
  Bench bench(storage_kind(), http);
  bench.want("isos", k_folder);
  REQUIRE(bench.apply(bench.plan()).outcome == Outcome::succeeded);
  PlanOptions options;
  options.destroys = {"server/fsn1/storage/isos"};
  const Plan plan = bench.plan(options);
  REQUIRE(plan.steps.size() == 1);
  CHECK(plan.steps[0].title == "remove storage isos: the entry only, its data stays");
  CHECK_FALSE(plan.steps[0].destroys_data);
  CHECK(bench.apply(plan).outcome == Outcome::succeeded);
  CHECK(bench.plan().changes.at(0).action == Action::create);
}

TEST_CASE("a storage whose new server does not answer keeps its old entry") {
  simulator::SimulatorOptions options;
  options.unreachable_servers = {"new.example.net"};
  SimulatedProxmox http(options);
  const auto box = [](const char* server) {
    return Json{{"type", "cifs"}, {"server", server}, {"share", "a"}, {"content", {"backup"}}};
  };
  Bench bench(storage_kind(), http);
  bench.want("box", box("old.example.net"));
  REQUIRE(bench.apply(bench.plan()).outcome == Outcome::succeeded);
  bench.want("box", box("new.example.net"));
  const Plan plan = bench.plan();
  REQUIRE(plan.changes.at(0).action == Action::replace);
  CHECK(bench.apply(plan).outcome == Outcome::rolled_back);
  bench.want("box", box("old.example.net"));
  CHECK(bench.plan().changes.empty());
}

TEST_CASE("what an object names and nobody has is told while planning") {
  SimulatedProxmox host;
  const auto notes_of = [&](const Kind& kind, const std::string& name, const Json& spec) {
    Bench bench(kind, host);
    bench.want(name, spec);
    std::vector<std::string> details;
    for (const Diagnostic& note : bench.plan().notes) details.push_back(note.detail);
    return details;
  };
  CHECK(notes_of(matcher_kind(), "all", {{"target", {"mail-to-root"}}}).empty());
  const auto matcher = notes_of(matcher_kind(), "all", {{"target", {"mail-to-root", "ops"}}});
  REQUIRE(matcher.size() == 1);
  CHECK(matcher[0].find("server/fsn1/matcher/all names the endpoint ops") == 0);
  const auto backup = notes_of(
      backup_job_kind(), "weekly", {{"schedule", "daily"}, {"storage", "local"}, {"pool", "gone"}});
  REQUIRE(backup.size() == 1);
  CHECK(backup[0].find("names the pool gone") != std::string::npos);
  const auto resource = notes_of(ha_resource_kind(), "ct:103", {{"group", "both"}});
  REQUIRE(resource.size() == 2);
  CHECK(resource[0].find("names the ha-group both") != std::string::npos);
  CHECK(resource[1].find("names the guest 103") != std::string::npos);
}
