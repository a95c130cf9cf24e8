#include <catch2/catch.hpp>

#include "kinds/proxmox/container.h"
#include "kinds/proxmox/container_observe.h"
#include "kinds/proxmox/live_config.h"
#include "kinds/proxmox/rig.h"
#include "kinds/proxmox/shape.h"

using namespace aegis;
using namespace aegis::test;

namespace {

const Observation& only(const World& world) {
  REQUIRE(world.objects.size() == 1);
  return world.objects.begin()->second;
}

std::string make_token(ContainerRig& rig, const std::string& role, const std::string& path) {
  rig.by_hand("POST", "/access/users", {{"userid", "ci@pve"}});
  rig.by_hand("PUT", "/access/acl", {{"path", path}, {"users", "ci@pve"}, {"roles", role}});
  HttpRequest request;
  request.endpoint = "proxmox/fsn1";
  request.method = "POST";
  request.path = "/api2/json/access/users/ci@pve/token/plan";
  request.content_type = "application/x-www-form-urlencoded";
  request.body = "privsep=0";
  const auto response = rig.http().send(request);
  REQUIRE(response->status == 200);
  return "ci@pve!plan=" + text_or(get(parse_json(response->body).value(), "data"), "value");
}

}  // namespace

TEST_CASE("the recorded reply of a container with pending changes is read with both its faces") {
  const Json reply = parse_json(R"([
    {"value":"amd64","pending":"arm64","key":"arch"},
    {"key":"mp0","value":"data:101/vm-101-disk-1.raw,mp=/srv/data,backup=1,size=2G"},
    {"value":"6bce685b","key":"digest"},
    {"value":"name=eth0,bridge=vmbr0,firewall=1,gw=10.99.0.1,hwaddr=BC:24:11:FA:91:BE,ip=10.99.0.50/24,type=veth","key":"net0"},
    {"key":"protection","value":0},{"value":"new.lan","key":"hostname"},{"value":1,"key":"unprivileged"},
    {"value":"data:101/vm-101-disk-0.raw,size=2G","key":"rootfs"},{"value":300,"key":"memory"},
    {"value":"x\n","key":"description"},{"key":"tags","value":"a;b"},
    {"value":"nesting=1","delete":1,"key":"features"},
    {"key":"nameserver","pending":"10.99.0.1 10.99.0.2"}])")
                         .value();
  const proxmox::LiveConfig config = proxmox::parse_pending(reply);
  CHECK(config.digest == "6bce685b");
  CHECK(config.waiting == std::set<std::string>{"arch", "features", "nameserver"});
  const Json requested = proxmox::shape_of_container(proxmox::spec_of(config.requested, Json()));
  CHECK(requested == parse_json(R"({"description":"x","hostname":"new.lan","memory":"300MiB",
    "mount_points":{"mp0":{"backup":true,"mp":"/srv/data","size":"2GiB","storage":"data"}},
    "nameserver":["10.99.0.1","10.99.0.2"],
    "network":{"eth0":{"bridge":"vmbr0","firewall":true,"gw":"10.99.0.1","ip":"10.99.0.50/24"}},
    "onboot":false,"protection":false,"rootfs":{"size":"2GiB","storage":"data"},"state":"started",
    "swap":"0B","tags":["a","b"],"unprivileged":true})")
                         .value());
  const Json current = proxmox::shape_of_container(proxmox::spec_of(config.current, Json()));
  CHECK(current["features"] == Json{{"nesting", true}});
  CHECK_FALSE(current.contains("nameserver"));
}

TEST_CASE("values that Proxmox spells differently are the same to us") {
  const auto shape = [](const proxmox::ConfigMap& config) {
    return proxmox::shape_of_container(proxmox::spec_of(config, Json()));
  };
  CHECK(shape({{"features", "nesting=yes"}}) == shape({{"features", "keyctl=0,nesting=1"}}));
  CHECK(shape({{"startup", "1"}}) == shape({{"startup", "order=1"}}));
  CHECK(shape({{"startup", "up=5,order=1"}}) == shape({{"startup", "order=1,up=5"}}));
  CHECK(shape({{"tags", "B;a"}}) == shape({{"tags", "a,b b"}}));
  CHECK(shape({{"tags", " "}, {"nameserver", " "}, {"features", " "}}) == shape({}));
  CHECK(shape({{"cpulimit", "0.5"}}) == shape({{"cpulimit", "0.50"}}));
  CHECK(shape({{"cpulimit", "0"}}) == shape({}));
  CHECK(shape({{"description", "a\n"}}) == shape({{"description", "a"}}));
  CHECK(shape({{"net0", "name=eth0,bridge=b,firewall=0,type=veth,ip=manual"}}) ==
        shape({{"net0", "name=eth0,bridge=b"}}));
  CHECK(shape({{"rootfs", "volume=data:1/a.raw,size=1024M"}}) ==
        shape({{"rootfs", "data:1/a.raw,size=1G"}}));
  CHECK_FALSE(shape({{"rootfs", "data:1/a.raw,acl=0"}}) == shape({{"rootfs", "data:1/a.raw"}}));
}

TEST_CASE("a manifest that says little asks for Proxmox's defaults, its own name and our tag") {
  Resource resource;
  resource.address = {"", "container", "web"};
  resource.spec = {{"vmid", 103}, {"rootfs", {{"storage", "s"}, {"size", "1024MiB"}}}};
  CHECK(proxmox::normalize_container(resource, Observation()) ==
        Json{{"vmid", 103},
             {"state", "started"},
             {"hostname", "web"},
             {"unprivileged", true},
             {"onboot", false},
             {"protection", false},
             {"memory", "512MiB"},
             {"swap", "512MiB"},
             {"tags", {"aegisctl"}},
             {"rootfs", {{"storage", "s"}, {"size", "1GiB"}}}});
}

TEST_CASE("cpuunits that the host cut to what it can do are what was wanted") {
  Resource resource;
  resource.spec = {{"vmid", 103}, {"cpuunits", 20000}};
  Observation live;
  live.attributes = {{"cpuunits", 10000}};
  CHECK(proxmox::normalize_container(resource, live)["cpuunits"] == 10000);
  live.attributes = {{"cpuunits", 500}};
  CHECK(proxmox::normalize_container(resource, live)["cpuunits"] == 20000);
}

TEST_CASE("a container that is not there is absent, with what would keep it from being made") {
  ContainerRig rig;
  rig.want("web",
           container_spec(103,
                          {{"template", "local:vztmpl/none.tar.zst"},
                           {"rootfs", {{"storage", "nostore"}, {"size", "8GiB"}}},
                           {"network", {{"eth0", {{"bridge", "vmbr77"}}}}}}));
  const World world = rig.observe();
  CHECK_FALSE(only(world).exists);
  CHECK(has_note(only(world).notes, Severity::warning, "none.tar.zst"));
  CHECK(has_note(only(world).notes, Severity::warning, "nostore"));
  CHECK(has_note(only(world).notes, Severity::warning, "vmbr77"));
}

TEST_CASE("a hook script that the host does not list is told, before and after") {
  ContainerRig rig(with_files({"local:snippets/there.sh"}));
  rig.want("web", container_spec(103, {{"hookscript", "local:snippets/gone.sh"}}));
  CHECK(has_note(only(rig.observe()).notes, Severity::warning, "local:snippets/gone.sh"));
  rig.want("web", container_spec(103, {{"hookscript", "local:snippets/there.sh"}}));
  CHECK_FALSE(has_note(only(rig.observe()).notes, Severity::warning, "snippets"));
  rig.converge();
  rig.want("web", container_spec(103, {{"hookscript", "local:snippets/gone.sh"}}));
  CHECK(has_note(only(rig.observe()).notes, Severity::warning, "local:snippets/gone.sh"));
}

TEST_CASE("a container without a template cannot be made, and that is said") {
  ContainerRig rig;
  Json spec = container_spec(103);
  spec.erase("template");
  rig.want("web", spec);
  CHECK(has_note(only(rig.observe()).notes, Severity::error, "needs `template:`"));
}

TEST_CASE("a container without our tag exists and is not ours") {
  ContainerRig rig;
  rig.host().populate({.count = 1, .first_vmid = 103, .running = false});
  rig.want("web", container_spec(103));
  const World world = rig.observe();
  CHECK(only(world).exists);
  CHECK_FALSE(only(world).owned);
}

TEST_CASE("an owned container that nobody names is an orphan with its own name") {
  ContainerRig rig;
  rig.host().populate(
      {.count = 1, .first_vmid = 103, .config = {{"tags", "aegisctl"}, {"hostname", "old"}}});
  rig.host().populate({.count = 1, .first_vmid = 104, .config = {{"tags", "other"}}});
  const World world = rig.observe();
  CHECK(only(world).address == Address{"", "container", "old"});
  CHECK(only(world).owned);
}

TEST_CASE("a protected orphan is not planned to be removed, and the plan says what to do") {
  ContainerRig rig;
  rig.host().populate({.count = 1,
                       .first_vmid = 103,
                       .config = {{"tags", "aegisctl"}, {"hostname", "old"}, {"protection", "1"}}});
  PlanOptions prune;
  prune.prune = true;
  const Plan plan = rig.plan(prune);
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].blocked.find("pct set 103 --protection 0") != std::string::npos);
  CHECK(plan.steps.empty());

  rig.by_hand("PUT", "/nodes/pve/lxc/103/config", {{"delete", "protection"}});
  CHECK(rig.plan(prune).changes.at(0).blocked.empty());
}

TEST_CASE("an orphan whose name a resource has is called by its vmid") {
  ContainerRig rig;
  rig.host().populate(
      {.count = 2, .first_vmid = 103, .config = {{"tags", "aegisctl"}, {"hostname", "web"}}});
  rig.want("web", container_spec(103));
  const World world = rig.observe();
  CHECK(world.objects.size() == 2);
  CHECK(world.objects.contains(Address{"", "container", "104"}));
}

TEST_CASE("a vmid that is a virtual machine's or another node's is an error, never absent") {
  const Scope scope{"server/fsn1", {{"endpoint", "proxmox/fsn1"}, {"node", "pve"}}, {}};
  Resource resource;
  resource.address = {"", "container", "web"};
  resource.scope = scope.name;
  resource.spec = container_spec(103);
  const Batch batch{scope, {&resource}};
  const Json stranger =
      GENERATE(Json{{"type", "qemu"}, {"vmid", 103}, {"node", "pve"}, {"name", "windows"}},
               Json{{"type", "lxc"}, {"vmid", "103"}, {"node", "pve2"}, {"name", "windows"}});
  Replies replies;
  for (const Query& query : container_kind().queries(batch, {})) {
    Json data = Json::array();
    if (query.path.ends_with("/permissions")) data = {{"/", {{"VM.Audit", 1}}}};
    if (query.path.ends_with("type=vm")) data = Json::array({stranger});
    replies[query] = Reply{200, "OK", {{"data", data}}, {}, {}};
  }
  Vault vault;
  const auto observed = container_kind().interpret(batch, replies, vault);
  REQUIRE(observed);
  CHECK(has_note(observed->front().notes, Severity::error, "windows"));
  // Only a container can be this one, on another node.
  CHECK(has_note(observed->front().notes,
                 Severity::error,
                 "`pct migrate 103 pve --restart` on pve2") == (stranger["type"] == "lxc"));
}

TEST_CASE("credentials that cannot see a container are an error that names the privilege") {
  ContainerRig rig;
  rig.host().populate({.count = 1, .first_vmid = 103});
  rig.want("web", container_spec(103));
  rig.http().use_token(make_token(rig, "PVEDatastoreUser", "/storage"));
  const Error error = rig.observe_failure();
  CHECK(error.code == ErrorCode::forbidden);
  CHECK(error.message.find("VM.Audit on /vms/103") != std::string::npos);
}

TEST_CASE("an auditor's credentials are enough to observe") {
  ContainerRig rig;
  rig.host().populate({.count = 1, .first_vmid = 103});
  rig.want("web", container_spec(103));
  rig.http().use_token(make_token(rig, "PVEAuditor", "/"));
  CHECK(only(rig.observe()).exists);
}

TEST_CASE("credentials that are refused are an error that keeps the host's words") {
  ContainerRig rig;
  rig.want("web", container_spec(103));
  rig.http().use_token("root@pam!aegis=wrong");
  const Error error = rig.observe_failure();
  CHECK(error.code == ErrorCode::unauthorized);
  CHECK(error.message.find("Authentication failed!") != std::string::npos);
}

TEST_CASE("a lock is told") {
  ContainerRig rig;
  rig.host().populate({.count = 1, .first_vmid = 103});
  rig.host().hold_lock(103, std::chrono::minutes(5));
  rig.want("web", container_spec(103));
  CHECK(has_note(only(rig.observe()).notes, Severity::warning, "pct unlock 103"));
}

TEST_CASE("a container that is just being made counts as absent") {
  simulator::SimulatorOptions options;
  options.task_duration = std::chrono::minutes(1);
  ContainerRig rig(options);
  rig.want("web", container_spec(103));
  rig.by_hand("POST",
              "/nodes/pve/lxc",
              {{"vmid", "103"}, {"ostemplate", std::string(k_image)}, {"rootfs", "local-zfs:8"}});
  const World world = rig.observe();
  CHECK_FALSE(only(world).exists);
  CHECK(has_note(only(world).notes, Severity::note, "making container 103"));
}

TEST_CASE("the live MAC address is no difference unless the manifest declares one") {
  ContainerRig rig;
  rig.host().populate({.count = 1,
                       .first_vmid = 103,
                       .config = {{"net0", "name=eth0,bridge=vmbr0,hwaddr=bc:24:11:00:00:01"}}});
  rig.want("web", container_spec(103, {{"network", {{"eth0", {{"bridge", "vmbr0"}}}}}}));
  CHECK_FALSE(only(rig.observe()).attributes["network"]["eth0"].contains("hwaddr"));
  rig.want(
      "web",
      container_spec(
          103, {{"network", {{"eth0", {{"bridge", "vmbr0"}, {"hwaddr", "BC:24:11:00:00:01"}}}}}}));
  CHECK(only(rig.observe()).attributes["network"]["eth0"]["hwaddr"] == "BC:24:11:00:00:01");
}
