#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "simulator/recorded.h"

namespace aegis::test {
namespace {

const std::string k_snapshots = "./lxc/105/snapshot";

Json listed(Testbed& bed, const std::string& name) {
  for (Json item : bed.data("/nodes/pve/lxc/105/snapshot")) {
    if (text_or(item, "name") != name) continue;
    for (const char* key : {"digest", "snaptime", "name"}) item.erase(key);
    return item;
  }
  return nullptr;
}

void make_app(Testbed& bed) {
  bed.make_running(105,
                   {{"hostname", "app"},
                    {"net0", "name=eth0,bridge=vmbr0,ip=10.99.0.55/24"},
                    {"features", "nesting=1"},
                    {"tags", "x"},
                    {"description", "d1"}});
}

}  // namespace

TEST_CASE("snapshots are made, listed and rolled back as recorded") {
  Testbed bed;
  make_app(bed);
  const Json before = config_of(bed, 105);
  const auto reserved = [](std::string_view name) {
    return fmt::format("unable to use snapshot name '{}' (reserved name)", name);
  };
  const auto bad = [](std::string_view name) {
    return fmt::format("snapname| invalid format - invalid configuration ID '{}'", name);
  };
  replay(bed,
         {{"POST", k_snapshots, "snapname=before", 200, "task OK"},
          {"POST", k_snapshots, "snapname=before", 200, "task snapshot name 'before' already used"},
          {"POST", k_snapshots, "snapname=current", 500, reserved("current")},
          {"POST", k_snapshots, "snapname=vzdump", 500, reserved("vzdump")},
          {"POST", k_snapshots, "snapname=1a", 400, bad("1a")},
          {"POST", k_snapshots, "snapname=a.b", 400, bad("a.b")},
          {"POST",
           k_snapshots,
           "snapname=" + std::string(41, 'x'),
           400,
           "snapname| value may only be 40 characters long"},
          {"PUT", "./lxc/105/config", "memory=300  description=d2  nameserver=9.9.9.9"},
          {"POST", k_snapshots, "snapname=second  description=s2\nline", 200, "task OK"},
          {"GET", k_snapshots + "/before", "", 200, R"([{"cmd":"rollback"},{"cmd":"config"}])"}});
  CHECK(listed(bed, "before") == *parse_json(R"({"description":""})"));
  CHECK(listed(bed, "second") == *parse_json(R"({"parent":"before","description":"s2\nline\n"})"));
  CHECK(listed(bed, "current") ==
        *parse_json(R"({"description":"You are here!","parent":"second","running":1})"));
  Json kept = bed.data("/nodes/pve/lxc/105/snapshot/before/config");
  CHECK(kept.erase("snaptime") == 1);
  Json expected = before;
  expected.erase("description");
  CHECK(kept == expected);

  replay(bed, {{"POST", k_snapshots + "/before/rollback", "", 200, "task OK"}});
  expected["description"] = "d2\n";
  expected["parent"] = "before";
  CHECK(config_of(bed, 105) == expected);
  CHECK(pending_of(bed, 105, "nameserver").is_null());
  CHECK(listed(bed, "current")["running"] == 0);
}

TEST_CASE("a snapshot is a section of the configuration file") {
  Testbed bed;
  make_app(bed);
  bed.post("/nodes/pve/lxc/105/snapshot", {{"snapname", "before"}});
  const std::string conf = bed.host().conf_file(105);
  CHECK(conf.find("\nparent: before\n") != std::string::npos);
  CHECK(conf.find("\n[before]\narch: amd64\n") != std::string::npos);
}

TEST_CASE("a removed snapshot leaves no gap in the line of ancestors") {
  Testbed bed;
  make_app(bed);
  for (const std::string name : {"one", "two", "three"}) {
    replay(bed, {{"POST", k_snapshots, "snapname=" + name, 200, "task OK"}});
  }
  replay(bed,
         {{"DELETE", k_snapshots + "/two", "", 200, "task OK"},
          {"DELETE", k_snapshots + "/two", "", 200, "task snapshot 'two' does not exist"},
          {"POST", k_snapshots + "/two/rollback", "", 200, "task snapshot 'two' does not exist"},
          {"GET", k_snapshots + "/two/config", "", 500, "snapshot 'two' does not exist"},
          {"GET", "./lxc/105/config", "snapshot=two", 500, "snapshot 'two' does not exist"}});
  CHECK(listed(bed, "three")["parent"] == "one");
  replay(bed, {{"DELETE", k_snapshots + "/three", "", 200, "task OK"}});
  CHECK(listed(bed, "current")["parent"] == "one");
  replay(bed, {{"DELETE", k_snapshots + "/one", "", 200, "task OK"}});
  CHECK_FALSE(listed(bed, "current").contains("parent"));
}

TEST_CASE("bind mounts and storages that cannot make snapshots make them impossible") {
  Testbed bed;
  bed.make_container(105, {{"mp0", "/srv,mp=/srv"}});
  bed.make_container(106, {{"rootfs", "local:1"}});
  replay(bed,
         {{"POST", k_snapshots, "snapname=s1", 200, "task snapshot feature is not available"},
          {"POST",
           "./lxc/106/snapshot",
           "snapname=s1",
           200,
           "task snapshot feature is not available"}});
}

TEST_CASE("a lock stops every work on snapshots, in the task") {
  Testbed bed;
  make_app(bed);
  replay(bed,
         {{"POST", k_snapshots, "snapname=s1", 200, "task OK"},
          {"PUT", "./lxc/105/config", "lock=backup"},
          {"POST", k_snapshots, "snapname=s2", 200, "task CT is locked (backup)"},
          {"DELETE", k_snapshots + "/s1", "", 200, "task CT is locked (backup)"},
          {"POST", k_snapshots + "/s1/rollback", "", 200, "task CT is locked (backup)"},
          {"PUT", k_snapshots + "/s1/config", "description=x", 500, "CT is locked (backup)"}});
}

TEST_CASE("ZFS goes back to the newest snapshot alone, and volumes made since become unused") {
  simulator::SimulatorOptions options = recorded_options();
  options.storages.push_back({"tank", "zfspool", "rootdir", std::int64_t{1} << 40});
  Testbed bed(options);
  bed.make_container(105, {{"rootfs", "tank:1"}});
  replay(bed,
         {{"POST", k_snapshots, "snapname=old", 200, "task OK"},
          {"POST", k_snapshots, "snapname=new", 200, "task OK"},
          {"PUT", "./lxc/105/config", "mp0=tank:1,mp=/x"},
          {"PUT", "./lxc/105/resize", "disk=rootfs  size=+1G", 200, "task OK"},
          {"POST",
           k_snapshots + "/old/rollback",
           "",
           200,
           "task can't rollback, 'old' is not most recent snapshot on "
           "'tank:subvol-105-disk-0'"},
          {"POST", k_snapshots + "/new/rollback", "start=1", 200, "task OK"}});
  CHECK(config_value(bed, 105, "unused0") == "tank:subvol-105-disk-1");
  CHECK(config_value(bed, 105, "rootfs") == "tank:subvol-105-disk-0,size=1G");
  CHECK(bed.data("/nodes/pve/lxc/105/status/current")["status"] == "running");
}

TEST_CASE("rolling back needs one right, making another") {
  Testbed bed;
  make_app(bed);
  bed.post("/access/roles", {{"roleid", "Back"}, {"privs", "VM.Snapshot.Rollback"}});
  const std::string reader = bed.make_token("reader@pve", "PVEAuditor", "/");
  const std::string back = bed.make_token("back@pve", "Back", "/");
  replay(bed, {{"POST", k_snapshots, "snapname=s1", 200, "task OK"}});
  bed.as(reader);
  replay(bed,
         {{"POST",
           k_snapshots,
           "snapname=rd",
           403,
           "Permission check failed (/vms/105, VM.Snapshot)"}});
  bed.as(back);
  CHECK(bed.post("/nodes/pve/lxc/105/snapshot/s1/rollback").status == 200);
}

TEST_CASE("a clone is a new container with new addresses and disks of its own") {
  Testbed bed;
  make_app(bed);
  const std::string clone = "./lxc/105/clone";
  replay(bed,
         {{"POST",
           clone,
           "newid=106  hostname=cl",
           500,
           "Cannot do full clones on a running container without snapshots"},
          {"POST", k_snapshots, "snapname=second", 200, "task OK"},
          {"POST", clone, "newid=106  hostname=cl  snapname=second", 200, "task OK"},
          {"POST", clone, "newid=106  snapname=second", 500, "CT 106 already exists on node 'pve'"},
          {"POST", clone, "newid=107  snapname=none", 500, "snapshot 'none' does not exist"}});
  CHECK(config_value(bed, 106, "hostname") == "cl");
  CHECK(config_value(bed, 106, "rootfs") == "data:106/vm-106-disk-0.raw,size=1G");
  CHECK(config_value(bed, 106, "net0") != config_value(bed, 105, "net0"));
  CHECK(config_value(bed, 106, "parent") == "-");
  CHECK(config_value(bed, 105, "lock") == "-");
  bed.make_container(108, {{"mp0", "/srv,mp=/srv"}});
  replay(bed,
         {{"POST",
           "./lxc/108/clone",
           "newid=109",
           500,
           "unable to clone mountpoint 'mp0' (type bind)"}});
}

TEST_CASE("a container is migrated by a restart, or not at all") {
  simulator::SimulatorOptions options = recorded_options();
  options.other_nodes = {"pve2", "pve3"};
  options.unreachable_servers = {"pve3"};
  Testbed bed(options);
  make_app(bed);
  const std::string migrate = "./lxc/105/migrate";
  replay(bed,
         {{"POST", migrate, "target=pve", 400, "target| target is local node."},
          {"POST", migrate, "target=pve9", 500, "no such cluster node 'pve9'"},
          {"POST",
           migrate,
           "target=pve2",
           500,
           "can't migrate running container without --online or --restart"},
          {"POST",
           migrate,
           "target=pve2  online=1",
           200,
           "task lxc live migration is currently not implemented"},
          {"POST", migrate, "target=pve3  restart=1", 200, "task migration aborted"},
          {"POST", migrate, "target=pve2  restart=1", 200, "task OK"},
          {"POST",
           migrate,
           "target=pve2",
           500,
           "Configuration file 'nodes/pve/lxc/105.conf' does not exist"}});
}

}  // namespace aegis::test
