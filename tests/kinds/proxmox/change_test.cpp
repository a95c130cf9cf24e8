#include <catch2/catch.hpp>

#include "kinds/proxmox/rig.h"

using namespace aegis;
using namespace aegis::test;

namespace {

/// One attribute: a value, another one, and whether a running container has to restart for it.
struct Attribute {
  std::string name;
  Json set;
  Json changed;
  bool reboots = false;
};

std::vector<Attribute> attributes() {
  const auto net = [](Json net) { return Json{{"network", {{"eth0", std::move(net)}}}}; };
  const auto device = [](Json device) { return Json{{"devices", {{"dev0", std::move(device)}}}}; };
  const auto disk = [](Json disk) { return Json{{"mount_points", {{"mp0", std::move(disk)}}}}; };
  return {
      {"cores", {{"cores", 2}}, {{"cores", 4}}},
      {"cpulimit", {{"cpulimit", 0.5}}, {{"cpulimit", 2}}},
      {"cpuunits", {{"cpuunits", 200}}, {{"cpuunits", 300}}},
      {"memory", {{"memory", "1GiB"}}, {{"memory", "2048MiB"}}},
      {"swap", {{"swap", "0B"}}, {{"swap", "1GiB"}}},
      {"hostname", {{"hostname", "a.lan"}}, {{"hostname", "b.lan"}}},
      {"onboot", {{"onboot", true}}, {{"onboot", false}}},
      {"startup", {{"startup", {{"order", 1}}}}, {{"startup", {{"order", 2}, {"up", 5}}}}},
      {"tags", {{"tags", {"web", "A"}}}, {{"tags", {"db"}}}},
      {"description", {{"description", "one: 50%\n\ntwo\n"}}, {{"description", "ú = ; & +"}}},
      {"protection", {{"protection", true}}, {{"protection", false}}},
      {"nameserver", {{"nameserver", "1.1.1.1"}}, {{"nameserver", {"8.8.8.8", "::1"}}}, true},
      {"searchdomain", {{"searchdomain", {"a.lan"}}}, {{"searchdomain", "b.lan c.lan"}}, true},
      {"timezone", {{"timezone", "UTC"}}, {{"timezone", "Europe/Prague"}}, true},
      {"nesting", {{"features", {{"nesting", true}}}}, {{"features", {{"nesting", false}}}}, true},
      {"features",
       {{"features", {{"keyctl", true}, {"mount", {"nfs", "cifs"}}}}},
       {{"features", {{"fuse", true}}}},
       true},
      {"bridge", net({{"bridge", "vmbr0"}}), net({{"bridge", "vmbr1"}})},
      {"address",
       net({{"bridge", "vmbr0"}, {"ip", "10.0.0.5/24"}, {"gw", "10.0.0.1"}}),
       net({{"bridge", "vmbr0"}, {"ip", "dhcp"}, {"ip6", "auto"}})},
      {"hwaddr",
       net({{"bridge", "vmbr0"}, {"hwaddr", "bc:24:11:aa:bb:cc"}}),
       net({{"bridge", "vmbr0"}, {"hwaddr", "BC:24:11:AA:BB:CD"}})},
      {"net options",
       net({{"bridge", "vmbr0"}, {"firewall", true}, {"mtu", 1400}, {"rate", 10}, {"tag", 5}}),
       net({{"bridge", "vmbr0"}, {"trunks", {2, 3}}, {"link_down", true}, {"rate", 2.5}})},
      {"rootfs options",
       {{"rootfs", {{"mountoptions", {"noatime", "discard"}}}}},
       {{"rootfs", {{"acl", true}, {"replicate", false}, {"shared", true}}}},
       true},
      {"device", device({{"path", "/dev/net/tun"}}), device({{"path", "/dev/fuse"}}), true},
      {"device options",
       device({{"path", "/dev/dri/card0"}, {"mode", "0666"}, {"uid", 0}, {"gid", 44}}),
       device({{"path", "/dev/dri/card0"}, {"uid", 1000}, {"deny_write", true}}),
       true},
      {"hookscript",
       {{"hookscript", "local:snippets/a.sh"}},
       {{"hookscript", "local:snippets/b.sh"}}},
      {"console", {{"console", false}}, {{"console", true}}, true},
      {"cmode", {{"cmode", "shell"}}, {{"cmode", "console"}}, true},
      {"tty", {{"tty", 0}}, {{"tty", 6}}, true},
      {"mount point options",
       disk({{"storage", "local-zfs"}, {"size", "1GiB"}, {"mp", "/a"}}),
       disk(
           {{"storage", "local-zfs"}, {"size", "1GiB"}, {"mp", "/b"}, {"backup", true}, {"ro", 1}}),
       true},
      {"bind mount",
       disk({{"volume", "/srv/a"}, {"mp", "/a"}}),
       disk({{"volume", "/srv/b"}, {"mp", "/a"}, {"ro", true}}),
       true},
  };
}

}  // namespace

TEST_CASE("every attribute that is set, changed and taken away again leaves nothing to do") {
  for (const std::string state : {"started", "stopped"}) {
    for (const Attribute& attribute : attributes()) {
      INFO(attribute.name << ", " << state);
      const Json base = container_spec(103, {{"state", state}});
      const auto with = [&](const Json& more) {
        Json spec = base;
        spec.merge_patch(more);
        return spec;
      };
      ContainerRig rig(with_files({"local:snippets/a.sh", "local:snippets/b.sh"}));
      rig.want("web", with(attribute.set));
      rig.converge();
      const bool running = state == "started";
      REQUIRE(rig.is_running(103) == running);
      rig.want("web", with(attribute.changed));
      const std::string steps = operations_of(rig.plan());
      CHECK((steps.find("reboot") != std::string::npos) == (attribute.reboots && running));
      rig.converge();
      rig.want("web", base);
      rig.converge();
      // From nothing to something, on what is there already.
      rig.want("web", with(attribute.set));
      rig.converge();
      CHECK(rig.is_running(103) == running);
    }
  }
}

TEST_CASE("a container is made with all that was asked for, and started after that") {
  ContainerRig rig;
  rig.want("web",
           container_spec(103,
                          {{"memory", "1GiB"},
                           {"password", rig.vault().seal("hunter2secret")},
                           {"ssh_public_keys", {"ssh-ed25519 AAAA a", "ssh-ed25519 AAAA b"}},
                           {"mount_points",
                            {{"mp0", {{"storage", "local-zfs"}, {"size", "4GiB"}, {"mp", "/a"}}}}},
                           {"network", {{"eth0", {{"bridge", "vmbr1"}}}}}}));
  const Plan plan = rig.plan();
  CHECK(operations_of(plan) == "create, start");
  for (const Step& step : plan.steps) {
    CHECK(dump_json(step.input).find("hunter2secret") == std::string::npos);
  }
  rig.converge();
  CHECK(rig.config(103, "tags") == "aegisctl");
  CHECK(rig.config(103, "unprivileged") == "1");
  CHECK(rig.config(103, "mp0") == "local-zfs:subvol-103-disk-1,mp=/a,size=4G");
  CHECK(rig.is_running(103));
}

TEST_CASE("disks grow in place and keep their options") {
  ContainerRig rig;
  rig.want("web", container_spec(103));
  rig.converge();
  rig.want("web",
           container_spec(103, {{"rootfs", {{"size", "16GiB"}, {"mountoptions", {"noatime"}}}}}));
  CHECK(operations_of(rig.plan()) == "resize, configure, reboot");
  rig.converge();
  CHECK(rig.config(103, "rootfs") == "local-zfs:subvol-103-disk-0,mountoptions=noatime,size=16G");
  rig.want("web",
           container_spec(103, {{"rootfs", {{"size", "20GiB"}, {"mountoptions", {"noatime"}}}}}));
  CHECK(operations_of(rig.plan()) == "resize");
  rig.converge();
}

TEST_CASE("a disk that waits for a restart with its old size grows for good") {
  ContainerRig rig;
  rig.want("web", container_spec(103));
  rig.converge();
  const std::string rootfs = rig.config(103, "rootfs");
  rig.by_hand("PUT", "/nodes/pve/lxc/103/config", {{"rootfs", rootfs + ",mountoptions=noatime"}});
  rig.want("web",
           container_spec(103, {{"rootfs", {{"size", "16GiB"}, {"mountoptions", {"noatime"}}}}}));
  rig.converge();
  CHECK(rig.config(103, "rootfs").find("size=16G") != std::string::npos);
}

TEST_CASE("a disk cannot shrink, and a storage cannot change in place") {
  ContainerRig rig;
  const Json disk{{"storage", "local-zfs"}, {"size", "4GiB"}, {"mp", "/a"}};
  rig.want("web", container_spec(103, {{"mount_points", {{"mp0", disk}}}}));
  rig.converge();
  SECTION("the root disk shrinks") {
    rig.want(
        "web",
        container_spec(103, {{"rootfs", {{"size", "4GiB"}}}, {"mount_points", {{"mp0", disk}}}}));
    CHECK(rig.plan().changes.front().blocked.find("cannot shrink") != std::string::npos);
  }
  SECTION("a mount point moves") {
    Json moved = disk;
    moved["storage"] = "other";
    rig.want("web", container_spec(103, {{"mount_points", {{"mp0", moved}}}}));
    CHECK(rig.plan().changes.front().blocked.find("pct move-volume 103 mp0 other") !=
          std::string::npos);
  }
  SECTION("the root disk moves") {
    rig.want("web",
             container_spec(
                 103, {{"rootfs", {{"storage", "other"}}}, {"mount_points", {{"mp0", disk}}}}));
    CHECK(difference(rig.plan(), "rootfs.storage").forces_replace);
  }
  CHECK(rig.plan().steps.empty());
}

TEST_CASE("a mount point that is taken away leaves its volume as an unused disk") {
  ContainerRig rig;
  const Json disk{{"storage", "local-zfs"}, {"size", "4GiB"}, {"mp", "/a"}};
  rig.want("web", container_spec(103, {{"mount_points", {{"mp3", disk}}}}));
  rig.converge();
  rig.want("web", container_spec(103));
  const Plan plan = rig.plan();
  CHECK(difference(plan, "mount_points.mp3.mp").note.find("volume is kept") != std::string::npos);
  CHECK_FALSE(plan.changes.front().destroys_data);
  rig.converge();
  CHECK(rig.config(103, "unused0") == "local-zfs:subvol-103-disk-1");
  rig.want("web", container_spec(103, {{"memory", "1GiB"}}));
  rig.converge();
  CHECK(rig.config(103, "unused0") == "local-zfs:subvol-103-disk-1");
}

TEST_CASE("an address that moves from one interface to another arrives") {
  ContainerRig rig;
  const Json first{{"bridge", "vmbr0"}, {"ip", "10.0.0.5/24"}};
  rig.want("web", container_spec(103, {{"network", {{"eth0", first}}}}));
  rig.converge();
  rig.want("web", container_spec(103, {{"network", {{"lan0", first}}}}));
  rig.converge();
  CHECK(rig.config(103, "net0").empty());
  CHECK(rig.config(103, "net1").find("name=lan0") == 0);
}

TEST_CASE("an interface beyond the tenth is taken away by a restart") {
  ContainerRig rig;
  Json network = Json::object();
  for (int i = 10; i <= 20; ++i) network["eth" + std::to_string(i)] = {{"bridge", "vmbr0"}};
  rig.want("web", container_spec(103, {{"network", network}}));
  rig.converge();
  network.erase("eth20");
  rig.want("web", container_spec(103, {{"network", network}}));
  CHECK(operations_of(rig.plan()) == "configure, reboot");
  rig.converge();
}

TEST_CASE("a change of one thing sends nothing else and keeps the MAC address") {
  ContainerRig rig;
  rig.want("web", container_spec(103, {{"network", {{"eth0", {{"bridge", "vmbr0"}}}}}}));
  rig.converge();
  const std::string mac = rig.config(103, "net0");
  rig.want("web",
           container_spec(103, {{"network", {{"eth0", {{"bridge", "vmbr0"}, {"ip", "dhcp"}}}}}}));
  const Plan plan = rig.plan();
  REQUIRE(plan.steps.size() == 1);
  CHECK(plan.steps[0].input["set"].size() == 1);
  CHECK(plan.steps[0].disruption == Disruption::reload);
  rig.converge();
  const std::size_t start = mac.find("hwaddr=");
  CHECK(rig.config(103, "net0").find(mac.substr(start, 24)) != std::string::npos);
}

TEST_CASE("keys that a manifest cannot name are left alone") {
  ContainerRig rig;
  rig.want("web", container_spec(103));
  rig.converge();
  rig.by_hand("PUT", "/nodes/pve/lxc/103/config", {{"debug", "1"}, {"ostype", "ubuntu"}});
  CHECK(rig.plan().changes.empty());
  rig.want("web", container_spec(103, {{"timezone", "UTC"}}));
  rig.converge();
  CHECK(rig.config(103, "debug") == "1");
  CHECK(rig.config(103, "ostype") == "ubuntu");
}

TEST_CASE("a change by hand that waits for a restart is visible and is restarted for") {
  ContainerRig rig;
  rig.want("web", container_spec(103));
  rig.converge();
  rig.want("web", container_spec(103, {{"timezone", "UTC"}}));
  rig.by_hand("PUT", "/nodes/pve/lxc/103/config", {{"timezone", "UTC"}});
  const Plan plan = rig.plan();
  CHECK(difference(plan, "restart_required").disruption == Disruption::reboot_container);
  CHECK(operations_of(plan) == "reboot");
  rig.converge();
}

TEST_CASE("a wish that waits and is not ours is withdrawn without a restart") {
  ContainerRig rig;
  rig.want("web", container_spec(103, {{"features", {{"nesting", true}}}}));
  rig.converge();
  rig.by_hand("PUT",
              "/nodes/pve/lxc/103/config",
              {{"features", "nesting=1,keyctl=1"}, {"nameserver", "9.9.9.9"}});
  const Plan plan = rig.plan();
  CHECK(operations_of(plan) == "configure");
  CHECK(plan.changes.front().disruption == Disruption::none);
  rig.converge();
  CHECK(rig.config(103, "features") == "nesting=1");
}

TEST_CASE("a disk that was to go away and is wanted again stays the same disk") {
  ContainerRig rig;
  const Json disk{{"storage", "local-zfs"}, {"size", "4GiB"}, {"mp", "/a"}};
  rig.want("web", container_spec(103, {{"mount_points", {{"mp0", disk}}}}));
  rig.converge();
  const std::string before = rig.config(103, "mp0");
  rig.by_hand("PUT", "/nodes/pve/lxc/103/config", {{"delete", "mp0"}});
  rig.converge();
  CHECK(rig.config(103, "mp0") == before);
}

TEST_CASE("power follows the manifest") {
  ContainerRig rig;
  rig.want("web", container_spec(103));
  rig.converge();
  rig.want("web", container_spec(103, {{"state", "stopped"}, {"timezone", "UTC"}}));
  CHECK(operations_of(rig.plan()) == "shutdown, configure");
  rig.converge();
  CHECK_FALSE(rig.is_running(103));
  rig.want("web", container_spec(103, {{"timezone", "Europe/Prague"}}));
  const Plan plan = rig.plan();
  CHECK(operations_of(plan) == "configure, start");
  CHECK(plan.changes.front().disruption == Disruption::none);
  rig.converge();
}

TEST_CASE("a protected disk does not change unless the protection goes first") {
  ContainerRig rig;
  rig.want("web", container_spec(103, {{"protection", true}}));
  rig.converge();
  const Json options{{"mountoptions", {"noatime"}}};
  rig.want("web", container_spec(103, {{"protection", true}, {"rootfs", options}}));
  CHECK(rig.plan().changes.front().blocked.find("protection") != std::string::npos);
  rig.want("web", container_spec(103, {{"rootfs", options}}));
  rig.converge();
  rig.want("web",
           container_spec(103, {{"protection", true}, {"rootfs", {{"mountoptions", {"nodev"}}}}}));
  rig.converge();
  // Growing is allowed all the time.
  rig.want("web",
           container_spec(103,
                          {{"protection", true},
                           {"rootfs", {{"size", "9GiB"}, {"mountoptions", {"nodev"}}}}}));
  rig.converge();
}

TEST_CASE("an existing container is taken over with its differences") {
  ContainerRig rig;
  rig.by_hand("POST",
              "/nodes/pve/lxc",
              {{"vmid", "103"},
               {"ostemplate", std::string(k_image)},
               {"rootfs", "local-zfs:8"},
               {"unprivileged", "1"},
               {"tags", "old"}});
  rig.want("web", container_spec(103, {{"tags", {"old"}}}));
  const Plan plan = rig.plan();
  CHECK(plan.changes.front().action == Action::adopt);
  CHECK(plan.steps.empty());
  PlanOptions options;
  options.adopts = {"container/web"};
  rig.converge(options);
  CHECK(rig.config(103, "tags") == "aegisctl;old");
}

TEST_CASE("a container that nobody names any more is shut down and destroyed") {
  ContainerRig rig;
  rig.want("web", container_spec(103));
  rig.converge();
  rig.want_nothing();
  PlanOptions options;
  options.prune = true;
  const Plan plan = rig.plan(options);
  CHECK(operations_of(plan) == "shutdown, destroy");
  CHECK(plan.steps.back().destroys_data);
  rig.converge(options);
  CHECK(rig.get("/nodes/pve/lxc").empty());
}

TEST_CASE("a replacement looks for its template before anything is destroyed") {
  ContainerRig rig;
  rig.want("web", container_spec(103));
  rig.converge();
  PlanOptions options;
  options.replaces = {"container/web"};
  SECTION("there") {
    rig.want("web", container_spec(103, {{"unprivileged", false}}));
    CHECK(operations_of(rig.plan(options)) == "check_template, shutdown, destroy, create, start");
    const auto applied = rig.apply(rig.plan(options));
    REQUIRE(applied);
    CHECK(rig.config(103, "unprivileged").empty());
  }
  SECTION("not there") {
    rig.want(
        "web",
        container_spec(103, {{"unprivileged", false}, {"template", "local:vztmpl/none.tar.zst"}}));
    const auto applied = rig.apply(rig.plan(options));
    REQUIRE_FALSE(applied);
    CHECK(applied.error().message.find("nothing was destroyed") != std::string::npos);
    CHECK(rig.is_running(103));
  }
}

TEST_CASE("less memory is said to be dangerous") {
  ContainerRig rig;
  rig.want("web", container_spec(103, {{"memory", "1GiB"}}));
  rig.converge();
  rig.want("web", container_spec(103));
  CHECK(difference(rig.plan(), "memory").note.find("processes") != std::string::npos);
}
