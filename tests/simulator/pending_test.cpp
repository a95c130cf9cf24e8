#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "simulator/recorded.h"

namespace aegis::test {
namespace {

const std::string k_path = "./lxc/101/config";

Testbed running_container() {
  Testbed bed;
  bed.make_running(101,
                   {{"net0", "name=eth0,bridge=vmbr0,hwaddr=BC:24:11:FA:91:BE,ip=10.99.0.50/24"},
                    {"mp0", "data:1,mp=/srv/data,backup=1"}});
  return bed;
}

}  // namespace

TEST_CASE("what a running container takes at once leaves nothing pending") {
  struct Row {
    std::string key;
    std::string sent;
    std::string read_back;
  };
  Testbed bed = running_container();
  for (const Row& row : std::vector<Row>{{"memory", "300", "300"},
                                         {"swap", "100", "100"},
                                         {"cores", "1", "1"},
                                         {"cpulimit", "0.5", "0.5"},
                                         {"cpuunits", "20000", "20000"},
                                         {"hostname", "new.lan", "new.lan"},
                                         {"tags", "B;a", "a;b"},
                                         {"description", "x", "x\n"},
                                         {"onboot", "1", "1"},
                                         {"startup", "2", "2"},
                                         {"protection", "1", "1"}}) {
    INFO(row.key);
    bed.configure(101, {{row.key, row.sent}});
    CHECK(pending_of(bed, 101, row.key).is_null());
    CHECK(config_value(bed, 101, row.key) == row.read_back);
    CHECK(config_value(bed, 101, row.key, true) == row.read_back);
  }
  for (const std::string key : {"swap", "cpulimit", "cpuunits", "cores", "onboot", "startup"}) {
    INFO(key);
    bed.configure(101, {{"delete", key}});
    CHECK(pending_of(bed, 101, key).is_null());
    CHECK(config_value(bed, 101, key) == "-");
  }
}

TEST_CASE("what needs a restart waits in pending, is shown by GET, and is not in force") {
  struct Row {
    std::string key;
    std::string sent;
    std::string entry;
    std::string current;
  };
  Testbed bed = running_container();
  for (const Row& row : std::vector<Row>{
           {"nameserver", "10.99.0.1,10.99.0.2", R"({"pending":"10.99.0.1 10.99.0.2"})", "-"},
           {"searchdomain", "a.lan b.lan", R"({"pending":"a.lan b.lan"})", "-"},
           {"timezone", "Europe/Prague", R"({"pending":"Europe/Prague"})", "-"},
           {"features", "nesting=1", R"({"pending":"nesting=1"})", "-"},
           {"tty", "3", R"({"pending":3})", "-"},
           {"console", "0", R"({"pending":0})", "-"},
           {"cmode", "shell", R"({"pending":"shell"})", "-"},
           {"dev0", "/dev/null", R"({"pending":"/dev/null"})", "-"},
           {"ostype", "debian", R"({"pending":"debian","value":"alpine"})", "alpine"},
           {"arch", "arm64", R"({"pending":"arm64","value":"amd64"})", "amd64"},
           {"debug", "1", R"({"pending":1})", "-"}}) {
    INFO(row.key);
    bed.configure(101, {{row.key, row.sent}});
    CHECK(pending_of(bed, 101, row.key) == *parse_json(row.entry));
    CHECK(config_value(bed, 101, row.key, true) == row.current);
    CHECK(config_value(bed, 101, row.key) ==
          as_text(get(pending_of(bed, 101, row.key), "pending")));
  }
  bed.configure(101, {{"revert", "ostype,arch,debug,console,tty,cmode,dev0,features,timezone"}});
  CHECK(pending_of(bed, 101, "features").is_null());
  CHECK(config_value(bed, 101, "ostype") == "alpine");
}

TEST_CASE("deleting is not reverting") {
  Testbed bed = running_container();
  bed.configure(101, {{"features", "nesting=1"}});
  bed.configure(101, {{"delete", "features"}});
  CHECK(pending_of(bed, 101, "features") == *parse_json(R"({"pending":"nesting=1"})"));

  bed.exit_status(bed.post("/nodes/pve/lxc/101/status/reboot"));
  CHECK(config_value(bed, 101, "features", true) == "nesting=1");
  bed.configure(101, {{"features", "nesting=1,keyctl=1"}});
  bed.configure(101, {{"delete", "features"}});
  CHECK(pending_of(bed, 101, "features") ==
        *parse_json(R"({"value":"nesting=1","pending":"nesting=1,keyctl=1","delete":1})"));
  CHECK(config_value(bed, 101, "features") == "-");
  CHECK(config_value(bed, 101, "features", true) == "nesting=1");

  bed.configure(101, {{"features", "nesting=1"}});
  CHECK(pending_of(bed, 101, "features").is_null());
  bed.configure(101, {{"delete", "features"}});
  CHECK(pending_of(bed, 101, "features") == *parse_json(R"({"value":"nesting=1","delete":1})"));
  bed.configure(101, {{"revert", "features"}});
  CHECK(pending_of(bed, 101, "features").is_null());
}

TEST_CASE("a restart makes pending changes so, and any stop does") {
  Testbed bed = running_container();
  bed.configure(101, {{"features", "nesting=1"}, {"nameserver", "9.9.9.9"}});
  CHECK(bed.host().conf_file(101).find("\n[pve:pending]\nfeatures: nesting=1\n") !=
        std::string::npos);
  CHECK(bed.exit_status(bed.post("/nodes/pve/lxc/101/status/reboot")) == "OK");
  CHECK(config_value(bed, 101, "features", true) == "nesting=1");
  bed.configure(101, {{"timezone", "UTC"}, {"delete", "nameserver"}});
  CHECK(bed.exit_status(bed.post("/nodes/pve/lxc/101/status/shutdown")) == "OK");
  CHECK(config_value(bed, 101, "timezone", true) == "UTC");
  CHECK(config_value(bed, 101, "nameserver", true) == "-");
}

TEST_CASE("a failed hot-plug answers 400 and writes nothing of the whole call") {
  Testbed bed = running_container();
  const std::string before = bed.host().conf_file(101);
  replay(bed,
         {{"PUT",
           k_path,
           "net0=name=eth0,bridge=vmbr77,hwaddr=BC:24:11:FA:91:BE",
           400,
           "net0| unable to hotplug net0: interface vmbr77 does not exist"},
          {"PUT",
           k_path,
           "net1=name=eth1,bridge=vmbr77  description=both",
           400,
           "net1| unable to hotplug net1: bridge 'vmbr77' does not exist"},
          {"PUT",
           k_path,
           "mp5=/nosuch,mp=/x  memory=1024",
           400,
           "mp5| unable to hotplug mp5: directory '/nosuch' does not exist"}});
  CHECK(bed.host().conf_file(101) == before);
}

TEST_CASE("nets change and go while the container runs, except the tenth and later ones") {
  Testbed bed = running_container();
  bed.configure(101,
                {{"net0", "name=eth0,bridge=vmbr0,ip=10.99.0.51/24,hwaddr=BC:24:11:FA:91:BE"},
                 {"net10", "name=eth10,bridge=vmbr0"}});
  CHECK(config_value(bed, 101, "net0", true) ==
        "name=eth0,bridge=vmbr0,hwaddr=BC:24:11:FA:91:BE,ip=10.99.0.51/24,type=veth");
  bed.configure(101, {{"delete", "net0,net10"}});
  CHECK(config_value(bed, 101, "net0", true) == "-");
  CHECK(get(pending_of(bed, 101, "net10"), "delete") == 1);
}

TEST_CASE("mount points are plugged in live and changed or removed only by a restart") {
  Testbed bed = running_container();
  bed.configure(101, {{"mp1", "data:1,mp=/srv/two"}});
  const std::string live = "data:101/vm-101-disk-2.raw,mp=/srv/two,size=1G";
  CHECK(config_value(bed, 101, "mp1", true) == live);
  const std::string reordered = "data:101/vm-101-disk-2.raw,size=1G,mp=/srv/two";
  bed.configure(101, {{"mp1", reordered}});
  CHECK(get(pending_of(bed, 101, "mp1"), "pending") == reordered);
  bed.configure(101, {{"mp1", "data:2,mp=/srv/two"}});
  CHECK(get(pending_of(bed, 101, "mp1"), "pending") == "data:2,mp=/srv/two");
  CHECK(bed.data("/nodes/pve/storage/data/content").size() == 3);
  bed.configure(101, {{"revert", "mp1"}});
  bed.configure(101, {{"delete", "mp1"}});
  CHECK(pending_of(bed, 101, "mp1") == Json({{"value", live}, {"delete", 1}}));
  CHECK(bed.exit_status(bed.post("/nodes/pve/lxc/101/status/stop")) == "OK");
  CHECK(config_value(bed, 101, "unused0") == "data:101/vm-101-disk-2.raw");
}

TEST_CASE("protection keeps disks as they are but lets them grow") {
  Testbed bed = running_container();
  bed.configure(101, {{"protection", "1"}});
  replay(bed,
         {{"PUT",
           k_path,
           "mp0=data:101/vm-101-disk-1.raw,mp=/srv/data,ro=1",
           500,
           "can't update CT 101 drive 'mp0' - protection mode enabled"},
          {"PUT",
           k_path,
           "delete=mp0",
           500,
           "can't remove CT 101 drive 'mp0' - protection mode enabled"},
          {"PUT", "./lxc/101/resize", "disk=rootfs  size=+1G", 200, "task OK"}});
}

}  // namespace aegis::test
