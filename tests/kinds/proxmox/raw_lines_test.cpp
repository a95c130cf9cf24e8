#include <catch2/catch.hpp>

#include "engine/apply.h"
#include "kinds/proxmox/rig.h"
#include "support/node_shell.h"
#include "support/quiet_run.h"

using namespace aegis;
using namespace aegis::test;

namespace {

Json line(const char* key, const char* value) {
  Json one = Json::object();
  one[key] = value;
  return one;
}

const Json k_kvm = line("lxc.mount.entry", "/dev/kvm dev/kvm none bind,optional,create=file");
const Json k_map = line("lxc.idmap", "b 0 100000 65536");

Json with_lines(const Json& lines) {
  return {{"lxc", lines}};
}

/// A server with root's shell.
class ShellRig : public ContainerRig {
 public:
  explicit ShellRig(simulator::SimulatorOptions options = {})
      : ContainerRig(std::move(options)), node_(host()) {
    settings()["shell"] = "host/fsn1";
    shell().on("host/fsn1", "lxc/103.conf", [this](const ShellCommand& command) {
      return node_.run(command);
    });
  }

  void want_lines(const Json& lines) { want("web", container_spec(103, with_lines(lines))); }

  Report run(const Plan& plan) {
    NoJournal journal;
    NoObserver observer;
    return aegis::apply(plan, {&container_kind(), 1}, effects(), journal, observer, {}, {1});
  }

 private:
  NodeShell node_;
};

simulator::SimulatorOptions without(const char* path) {
  simulator::SimulatorOptions options;
  options.absent_paths.emplace_back(path);
  return options;
}

}  // namespace

TEST_CASE("raw lines are written while the container is down, and only its restart is disturbing") {
  ShellRig rig;
  rig.want_lines(Json::array());
  rig.converge();
  rig.want_lines(Json::array({k_kvm, k_map}));
  const Plan plan = rig.plan();
  CHECK(operations_of(plan) == "shutdown, write_raw_lines, start");
  CHECK(difference(plan, "lxc").door == Door::root);
  CHECK(difference(plan, "lxc").disruption == Disruption::reboot_container);
  rig.converge();
  CHECK(rig.is_running(103));
  CHECK(rig.host().conf_file(103).ends_with(
      "lxc.mount.entry: /dev/kvm dev/kvm none bind,optional,create=file\n"
      "lxc.idmap: b 0 100000 65536\n"));
}

TEST_CASE("a new container gets its raw lines before its first start") {
  ShellRig rig;
  rig.want_lines(Json::array({k_map}));
  CHECK(operations_of(rig.plan()) == "create, write_raw_lines, start");
  rig.converge();
}

TEST_CASE("raw lines that no manifest speaks of are never touched") {
  ShellRig rig;
  rig.want_lines(Json::array({k_map}));
  rig.converge();
  rig.want("web", container_spec(103));
  CHECK(rig.plan().changes.empty());
  rig.want("web", container_spec(103, {{"cores", 2}}));
  rig.converge();
  CHECK(rig.host().conf_file(103).find("lxc.idmap: b 0 100000 65536") != std::string::npos);
}

TEST_CASE("what waits and what snapshots remember stays as it is in the file") {
  ShellRig rig;
  rig.want("web",
           container_spec(103, {{"lxc", Json::array({k_kvm})}, {"description", "a: b # c\nd"}}));
  rig.converge();
  rig.by_hand("POST", "/nodes/pve/lxc/103/snapshot", {{"snapname", "before"}});
  rig.clock().sleep_for(std::chrono::minutes(1));
  rig.by_hand("PUT", "/nodes/pve/lxc/103/config", {{"nameserver", "9.9.9.9"}});
  const std::string before = rig.host().conf_file(103);
  REQUIRE(before.find("[pve:pending]\nnameserver: 9.9.9.9\n\n[before]\n") != std::string::npos);
  Step step;
  step.address = {"", "container", "web"};
  step.operation = "write_raw_lines";
  step.input = {{"endpoint", "proxmox/fsn1"},
                {"node", "pve"},
                {"vmid", 103},
                {"shell", "host/fsn1"},
                {"before", Json::array({k_kvm})},
                {"after", Json::array({k_map})}};
  REQUIRE(rig.perform(step));
  std::string wanted = before;
  const std::string old_line = "lxc.mount.entry: /dev/kvm dev/kvm none bind,optional,create=file";
  wanted.replace(wanted.find(old_line), old_line.size(), "lxc.idmap: b 0 100000 65536");
  CHECK(rig.host().conf_file(103) == wanted);
  // Once more is no mistake.
  CHECK(rig.perform(step));
}

TEST_CASE("raw lines that somebody else has changed since the plan are left alone") {
  ShellRig rig;
  rig.want("web", container_spec(103, {{"lxc", Json::array({k_kvm})}, {"state", "stopped"}}));
  rig.converge();
  rig.want("web", container_spec(103, {{"lxc", Json::array({k_map})}, {"state", "stopped"}}));
  const Plan plan = rig.plan();
  const std::string theirs = rig.host().conf_file(103) + "lxc.tty.max: 4\n";
  rig.host().write_conf_file(103, theirs);
  const auto applied = rig.apply(plan);
  REQUIRE_FALSE(applied);
  CHECK(applied.error().message.find("plan again") != std::string::npos);
  CHECK(rig.host().conf_file(103) == theirs);
}

TEST_CASE("a locked container's file is waited for, and not written") {
  ShellRig rig;
  rig.want("web", container_spec(103, {{"lxc", Json::array({k_kvm})}, {"state", "stopped"}}));
  rig.converge();
  rig.want("web", container_spec(103, {{"lxc", Json::array({k_map})}, {"state", "stopped"}}));
  const Plan plan = rig.plan();
  rig.host().hold_lock(103, std::chrono::hours(1));
  const auto applied = rig.apply(plan);
  REQUIRE_FALSE(applied);
  CHECK(applied.error().code == ErrorCode::conflict);
  CHECK(rig.host().conf_file(103).find("lxc.idmap") == std::string::npos);
}

TEST_CASE("when the container does not come up with new raw lines, it gets the old ones and runs") {
  ShellRig rig(without("/etc/lxc/missing.conf"));
  rig.want_lines(Json::array({k_kvm}));
  rig.converge();
  const std::string before = rig.host().conf_file(103);
  rig.want_lines(Json::array({line("lxc.include", "/etc/lxc/missing.conf")}));
  const Report report = rig.run(rig.plan());
  CHECK(report.outcome == Outcome::rolled_back);
  CHECK(rig.host().conf_file(103) == before);
  CHECK(rig.is_running(103));
}

TEST_CASE("a raw line that Proxmox does not keep is refused, and the file is as it was") {
  ShellRig rig;
  rig.want("web", container_spec(103, {{"lxc", Json::array({k_kvm})}, {"state", "stopped"}}));
  rig.converge();
  const std::string before = rig.host().conf_file(103);
  const Json unknown = Json::array({k_kvm, line("lxc.no.such", "1")});
  rig.want("web", container_spec(103, {{"lxc", unknown}, {"state", "stopped"}}));
  const auto applied = rig.apply(rig.plan());
  REQUIRE_FALSE(applied);
  CHECK(applied.error().message.find("Proxmox does not take the lines `lxc.no.such`") !=
        std::string::npos);
  CHECK(rig.host().conf_file(103) == before);
}

TEST_CASE("without root's shell the plan says that raw lines cannot be written") {
  ContainerRig rig;
  rig.settings()["shell"] = false;
  rig.want("web", container_spec(103, with_lines(Json::array({k_map}))));
  const Plan plan = rig.plan();
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].blocked.find("Give server/fsn1 an ssh: connection") != std::string::npos);
  CHECK(plan.steps.empty());
}

TEST_CASE("raw lines that cannot be read are not taken for none") {
  ShellRig rig;
  rig.want_lines(Json::array({k_map}));
  rig.converge();
  simulator::Fault fault;
  fault.method = "GET";
  fault.path = "/lxc/103/config";
  fault.times = -1;
  fault.text = "got timeout";
  rig.host().set_faults({{fault}, {}});
  CHECK(rig.observe_failure().message.find("raw lxc lines") != std::string::npos);
}
