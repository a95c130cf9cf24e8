#include "simulator/recorded.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "base/digest.h"

namespace aegis::test {

TEST_CASE("the basic reads answer as recorded") {
  Testbed bed;
  replay(bed,
         {{"GET",
           "/version",
           "",
           200,
           R"({"release":"8.4","repoid":"2606ac850d46da29","version":"8.4.21"})"},
          {"GET",
           "/access/domains",
           "",
           200,
           R"([{"type":"pam","realm":"pam","comment":"Linux PAM standard authentication"},)"
           R"({"realm":"pve","type":"pve","comment":"Proxmox VE authentication server"}])"},
          {"GET", "/cluster/nextid", "", 200, R"("100")"},
          {"GET", "/nodes/localhost/lxc", "", 200, "[]"},
          {"GET",
           "./network",
           "",
           200,
           R"([{"autostart":1,"method":"static","type":"bridge","active":1,"bridge_fd":"0",)"
           R"("bridge_ports":"","bridge_stp":"off","netmask":"24","method6":"manual",)"
           R"("iface":"vmbr0","cidr":"10.99.0.1/24","families":["inet"],"priority":3,)"
           R"("address":"10.99.0.1"}])"},
          {"GET",
           "./lxc/4242/status/current",
           "",
           500,
           "Configuration file 'nodes/pve/lxc/4242.conf' does not exist"},
          {"GET",
           "./lxc/4242/pending",
           "",
           500,
           "Configuration file 'nodes/pve/lxc/4242.conf' does not exist"},
          {"GET",
           "./lxc/100/nosuch",
           "",
           501,
           "Method 'GET /nodes/pve/lxc/100/nosuch' not implemented"}});
}

TEST_CASE("configuration errors read as they do on a real host") {
  Testbed bed;
  bed.make_container(100);
  const std::string path = "./lxc/100/config";
  replay(bed,
         {{"PUT", path, "", 500, "no options specified"},
          {"PUT",
           path,
           "nosuch=1",
           400,
           "nosuch| property is not defined in schema and the schema does not allow additional "
           "properties"},
          {"PUT",
           path,
           "cmode=vnc  memory=abc",
           400,
           "memory| type check ('integer') failed - got 'abc'"},
          {"PUT",
           path,
           "cmode=vnc",
           400,
           "cmode| value 'vnc' does not have a value in the enumeration 'shell, console, tty'"},
          {"PUT",
           path,
           "memory=600  delete=memory",
           400,
           "delete| you can't use '-memory' and -delete memory' at the same time"},
          {"PUT", path, "delete=memory", 500, "unable to delete required option 'memory'"},
          {"PUT", path, "delete=rootfs", 500, "unable to delete required option 'rootfs'"},
          {"PUT", path, "delete=ostype", 500, "unable to delete required option 'ostype'"},
          {"PUT", path, "delete=cores"},
          {"PUT", path, "delete=nokey", 400, "delete| unknown option 'nokey'"},
          {"PUT", path, "unprivileged=1", 500, "unable to modify read-only option: 'unprivileged'"},
          {"PUT",
           path,
           "delete=unprivileged",
           500,
           "unable to delete read-only option: 'unprivileged'"},
          {"PUT", path, "dev0=/dev/nosuch", 500, "Device /dev/nosuch does not exist"},
          {"PUT",
           path,
           "hookscript=local:snippets/h.sh",
           500,
           "script 'local:snippets/h.sh' does not exist"}});
}

TEST_CASE("net strings are checked, printed anew, and get a fresh MAC when they name none") {
  Testbed bed;
  bed.make_container(100);
  const std::string path = "./lxc/100/config";
  replay(bed, {{"PUT", path, "net0=name=eth0,bridge=vmbr0"}});
  const std::string first = config_value(bed, 100, "net0");
  replay(bed, {{"PUT", path, "net0=name=eth0,bridge=vmbr0"}});
  CHECK(config_value(bed, 100, "net0") != first);
  replay(bed,
         {{"PUT",
           path,
           "net0=ip=dhcp,hwaddr=bc:24:11:aa:bb:cc,bridge=vmbr0,name=eth0,firewall=0,tag=5,rate=10,"
           "mtu=1400"}});
  CHECK(config_value(bed, 100, "net0") ==
        "name=eth0,bridge=vmbr0,firewall=0,hwaddr=bc:24:11:aa:bb:cc,ip=dhcp,mtu=1400,rate=10,tag=5,"
        "type=veth");
  const std::string bad = "net0| invalid format - format error\nnet0.";
  replay(
      bed,
      {{"PUT",
        path,
        "net0=name=eth0,bridge=vmbr0,hwaddr=01:24:11:aa:bb:cc",
        400,
        bad + "hwaddr: invalid format - value does not look like a valid unicast MAC address"},
       {"PUT",
        path,
        "net0=bridge=vmbr0",
        400,
        bad + "name: property is missing and it is not optional"},
       {"PUT",
        path,
        "net0=name=eth0,bridge=vmbr0,ip=10.0.0.5",
        400,
        bad + "ip: invalid format - value does not look like a valid ipv4 network configuration"},
       {"PUT",
        path,
        "net0=name=eth0,bridge=vmbr0,ip=10.0.0.5/24,gw=999",
        400,
        bad + "gw: invalid format - value does not look like a valid IPv4 address"},
       {"PUT",
        path,
        "net0=name=eth0,bridge=vmbr0,mtu=9000",
        500,
        "net0: MTU size '9000' is bigger than bridge MTU '1500'"},
       {"PUT", path, "net1=name=eth0,bridge=vmbr0"},
       {"PUT", path, "delete=net0,net1"}});
  CHECK(config_value(bed, 100, "net0") == "-");
}

TEST_CASE("the root disk's string is stored as it was sent") {
  Testbed bed;
  bed.make_container(100);
  for (const std::string sent : {"data:100/vm-100-disk-0.raw",
                                 "data:2",
                                 "volume=data:100/vm-100-disk-0.raw,mountoptions=noatime;discard,"
                                 "size=1G,acl=1"}) {
    replay(bed, {{"PUT", "./lxc/100/config", "rootfs=" + sent}});
    CHECK(config_value(bed, 100, "rootfs") == sent);
  }
}

TEST_CASE("disks grow and never shrink") {
  Testbed bed;
  bed.make_container(100, {{"mp0", "data:1,mp=/srv/data,backup=1"}});
  const std::string path = "./lxc/100/resize";
  replay(
      bed,
      {{"PUT", path, "disk=rootfs  size=1G", 500, "disk is already at specified size"},
       {"PUT", path, "disk=rootfs  size=512M", 500, "unable to shrink disk size"},
       {"PUT", path, "disk=rootfs  size=-1G", 400, "size| value does not match the regex pattern"},
       {"PUT", path, "disk=rootfs  size=2X", 400, "size| value does not match the regex pattern"},
       {"PUT", path, "disk=mp7  size=2G", 500, "format error"},
       {"PUT", path, "disk=rootfs  size=2G", 200, "task OK"},
       {"PUT", path, "disk=mp0  size=+1G", 200, "task OK"},
       {"PUT",
        path,
        "disk=rootfs  size=+1G  digest=f10b7c67",
        500,
        "detected modified configuration - file changed by other user? Try again."}});
  CHECK(config_value(bed, 100, "rootfs") == "data:100/vm-100-disk-0.raw,size=2G");
  CHECK(config_value(bed, 100, "mp0") ==
        "data:100/vm-100-disk-1.raw,mp=/srv/data,backup=1,size=2G");
}

TEST_CASE("values are normalised on a stopped container as recorded") {
  struct Row {
    std::string key;
    std::string sent;
    std::string read_back;
  };
  const std::vector<Row> rows{
      {"description", "one line", "one line\n"},
      {"description", "two\nlines\n\n\n", "two\nlines\n"},
      {"description", " lead and trail ", " lead and trail \n"},
      {"description", "ú ž \"quotes\" 50% a:b ; = &", "ú ž \"quotes\" 50% a:b ; = &\n"},
      {"description", "\n\nblank first", "\n\nblank first\n"},
      {"description", "a\r\nb", "a\r\nb\n"},
      {"description", "", "-"},
      {"tags", "Web;app,DB  app", "app;db;web"},
      {"tags", "b a;;b", "a;b"},
      {"tags", "a_b;c+d;e.f;0", "0;a_b;c+d;e.f"},
      {"tags", "", " "},
      {"nameserver", "1.1.1.1,8.8.8.8", "1.1.1.1 8.8.8.8"},
      {"nameserver", "1.1.1.1;2606:4700::1", "1.1.1.1 2606:4700::1"},
      {"nameserver", "", " "},
      {"searchdomain", "a.lan,b.lan", "a.lan b.lan"},
      {"startup", "up=5,order=1", "up=5,order=1"},
      {"timezone", "Europe/Prague", "Europe/Prague"},
      {"features", "nesting=yes", "nesting=yes"},
      {"features", "keyctl=1,nesting=1", "keyctl=1,nesting=1"},
      {"features", "", " "},
      {"hostname", "Host-A.Lan", "Host-A.Lan"},
      {"cpulimit", "0.5", "0.5"},
      {"cpuunits", "20000", "20000"},
      {"cpuunits", "1", "2"},
      {"memory", "0016", "16"},
      {"mp0",
       "data:1,mp=/a,backup=0,acl=0,ro=1",
       "data:100/vm-100-disk-1.raw,mp=/a,acl=0,backup=0,ro=1,size=1G"},
      {"mp0",
       "ro=1,mp=/a,data:100/vm-100-disk-1.raw",
       "data:100/vm-100-disk-1.raw,mp=/a,ro=1,size=1G"},
      {"mp0",
       "data:100/vm-100-disk-1.raw,mp=/a,size=9G",
       "data:100/vm-100-disk-1.raw,mp=/a,size=1G"},
      {"mp3", "data:0.5,mp=/half", "data:100/vm-100-disk-2.raw,mp=/half,size=512M"},
      {"mp4", "local:1,mp=/loc", "local:100/vm-100-disk-0.raw,mp=/loc,size=1G"},
      {"mp0", "data:100/vm-100-disk-9.raw,mp=/a", "data:100/vm-100-disk-9.raw,mp=/a"},
  };
  Testbed bed;
  bed.make_container(100);
  for (const Row& row : rows) {
    INFO(row.key << " = " << row.sent);
    bed.configure(100, {{row.key, row.sent}});
    CHECK(config_value(bed, 100, row.key) == row.read_back);
  }
  CHECK(config_value(bed, 100, "unused0") == "data:100/vm-100-disk-1.raw");
}

TEST_CASE("values that a real host refuses are refused in its words") {
  Testbed bed;
  bed.make_container(100);
  const std::string path = "./lxc/100/config";
  replay(
      bed,
      {{"PUT", path, "tags=á", 400, "tags| invalid format - invalid characters in tag"},
       {"PUT",
        path,
        "nameserver=host",
        400,
        "nameserver| invalid format - value does not look like a valid IP address"},
       {"PUT",
        path,
        "startup=bad",
        400,
        "startup| invalid format - unable to parse startup options"},
       {"PUT",
        path,
        "timezone=Etc/UTC",
        400,
        "timezone| invalid format - invalid time zone 'Etc/UTC'"},
       {"PUT",
        path,
        "hostname=a_b",
        400,
        "hostname| invalid format - value does not look like a valid DNS name"},
       {"PUT", path, "cpulimit=9000", 400, "cpulimit| value must have a maximum value of 8192"},
       {"PUT", path, "memory=15", 400, "memory| value must have a minimum value of 16"},
       {"PUT", path, "mp4=1,mp=/bare", 500, "unable to parse volume ID '1'"},
       {"PUT", path, "mp5=nostore:1,mp=/x", 500, "storage 'nostore' does not exist"},
       {"PUT",
        path,
        "mp5=data:1",
        400,
        "mp5| invalid format - format error\nmp5.mp: property is missing and it is not optional"}});
}

TEST_CASE(
    "a deleted mount point's disk is kept as unused, and destroyed only when that is deleted") {
  Testbed bed;
  bed.make_container(100, {{"mp0", "data:1,mp=/a"}, {"mp3", "data:0.5,mp=/half"}});
  replay(bed, {{"PUT", "./lxc/100/config", "delete=mp0,mp3"}});
  CHECK(config_value(bed, 100, "unused0") == "data:100/vm-100-disk-1.raw");
  CHECK(config_value(bed, 100, "unused1") == "data:100/vm-100-disk-2.raw");
  CHECK(bed.data("/nodes/pve/storage/data/content").size() == 3);
  replay(bed, {{"PUT", "./lxc/100/config", "delete=unused0"}});
  CHECK(config_value(bed, 100, "unused0") == "-");
  CHECK(bed.data("/nodes/pve/storage/data/content").size() == 2);
}

TEST_CASE("the digest is the SHA-1 of the configuration file and guards every write") {
  Testbed bed;
  bed.make_container(100, {{"description", "a: 50%\nb"}});
  const auto digest = [&] { return text_or(bed.data("/nodes/pve/lxc/100/config"), "digest"); };
  const std::string first = digest();
  CHECK(first == sha1_hex(bed.host().conf_file(100)));
  CHECK(bed.host().conf_file(100).starts_with("#a%3A 50%25\n#b\narch: amd64\n"));
  const std::string stale =
      "detected modified configuration - file changed by other user? Try again.";
  replay(bed,
         {{"PUT", "./lxc/100/config", "cores=1  digest=" + first},
          {"PUT", "./lxc/100/config", "cores=2  digest=" + first, 500, stale},
          {"PUT", "./lxc/100/config", "cores=2  digest=zz", 500, stale}});
  const std::string second = digest();
  replay(bed, {{"PUT", "./lxc/100/config", "cores=1  digest=" + second}});
  CHECK(digest() == second);
  replay(bed, {{"PUT", "./lxc/100/config", "cores=2  digest="}});
  CHECK(digest() != second);
}

TEST_CASE("power state errors read as they do on a real host") {
  Testbed bed;
  bed.make_container(100);
  replay(bed,
         {{"PUT", "./lxc/100/config", "mp0=data:100/vm-100-disk-9.raw,mp=/a"},
          {"POST",
           "./lxc/100/status/start",
           "",
           200,
           "task volume 'data:100/vm-100-disk-9.raw' does not exist"},
          {"PUT", "./lxc/100/config", "delete=mp0"},
          {"POST", "./lxc/100/status/start", "", 200, "task OK"},
          {"POST", "./lxc/100/status/start", "", 500, "CT 100 already running"},
          {"POST", "./lxc/100/status/reboot", "", 200, "task OK"},
          {"POST", "./lxc/100/status/stop", "", 200, "task OK"},
          {"POST", "./lxc/100/status/stop", "", 500, "CT 100 not running"},
          {"POST", "./lxc/100/status/shutdown", "", 500, "CT 100 not running"},
          {"POST", "./lxc/100/status/reboot", "", 500, "VM 100 not running"}});
}

TEST_CASE("a lock refuses writes in the call and power changes in their task") {
  Testbed bed;
  bed.make_container(100);
  bed.make_running(105);
  replay(bed,
         {{"PUT", "./lxc/100/config", "lock=backup"},
          {"POST", "./lxc/100/status/start", "", 200, "task CT is locked (backup)"},
          {"PUT", "./lxc/100/config", "delete=lock", 500, "CT is locked (backup)"},
          {"PUT", "./lxc/100/config", "cores=1", 500, "CT is locked (backup)"},
          {"PUT", "./lxc/100/resize", "disk=rootfs  size=+1G", 500, "CT is locked (backup)"},
          {"PUT", "./lxc/105/config", "lock=backup"},
          {"POST", "./lxc/105/status/stop", "", 200, "task CT is locked (backup)"},
          {"POST", "./lxc/105/status/reboot", "", 200, "task startup for container '105' failed"}});
  const Json status = bed.data("/nodes/pve/lxc/105/status/current");
  CHECK(text_or(status, "status") == "stopped");
  CHECK(text_or(status, "lock") == "backup");
}

TEST_CASE("snapshots are possible when every disk's storage can make them") {
  Testbed bed;
  bed.make_container(100);
  bed.make_container(101, {{"mp0", "/srv,mp=/srv"}});
  bed.make_container(102, {{"rootfs", "local:1"}});
  const Testbed::Form snapshot{{"feature", "snapshot"}};
  CHECK(get(bed.data("/nodes/pve/lxc/100/feature", snapshot), "hasFeature") == 1);
  CHECK(get(bed.data("/nodes/pve/lxc/101/feature", snapshot), "hasFeature") == 0);
  CHECK(get(bed.data("/nodes/pve/lxc/102/feature", snapshot), "hasFeature") == 0);
  CHECK(text_or(bed.data("/nodes/pve/lxc/100/snapshot")[0], "name") == "current");
}

TEST_CASE("pools are created once, take a container once, and are deleted when empty") {
  Testbed bed;
  bed.make_container(100);
  replay(bed,
         {{"POST", "/pools", "poolid=lock  comment=held by a"},
          {"POST", "/pools", "poolid=lock", 500, "create pool failed: pool 'lock' already exists"},
          {"GET", "/pools/lock", "", 200, R"({"comment":"held by a","members":[]})"},
          {"GET", "/pools", "", 200, R"([{"poolid":"lock","comment":"held by a"}])"},
          {"PUT", "/pools/lock", "comment=held by b"},
          {"PUT", "/pools", "poolid=lock  vms=100"},
          {"PUT",
           "/pools/lock",
           "vms=100",
           500,
           "update pools failed: VM 100 is already a pool member"},
          {"DELETE", "/pools/lock", "", 500, "delete pool failed: pool 'lock' is not empty"},
          {"PUT", "/pools/lock", "vms=100  delete=1"},
          {"DELETE", "/pools", "poolid=lock"},
          {"GET", "/pools/lock", "", 500, "pool 'lock' does not exist"}});
}

}  // namespace aegis::test
