#include <catch2/catch.hpp>

#include "simulator/recorded.h"

namespace aegis::test {
namespace {

const std::string k_tmpl = std::string("ostemplate=") + std::string(k_template);

std::string net_without_mac(std::string net) {
  const std::size_t at = net.find("hwaddr=");
  const std::size_t end = net.find(',', at);
  return net.erase(at, end == std::string::npos ? end : end - at + 1);
}

}  // namespace

TEST_CASE("a fresh container's configuration holds what a real one holds") {
  Testbed bed;
  replay(
      bed,
      {{"POST", "./lxc", "vmid=100  " + k_tmpl + "  rootfs=data:1  unprivileged=1", 200, "task OK"},
       {"GET",
        "./lxc/100/config",
        "",
        200,
        R"({"arch":"amd64","hostname":"CT100","memory":512,"ostype":"alpine",)"
        R"("rootfs":"data:100/vm-100-disk-0.raw,size=1G","swap":512,"unprivileged":1})"},
       {"POST", "./lxc", "vmid=102  " + k_tmpl + "  rootfs=data:1  hostname=priv", 200, "task OK"},
       {"GET",
        "./lxc/102/config",
        "",
        200,
        R"({"arch":"amd64","hostname":"priv","memory":512,"ostype":"alpine",)"
        R"("rootfs":"data:102/vm-102-disk-0.raw,size=1G","swap":512})"}});
}

TEST_CASE("a create call may size disks with bare numbers and start the container") {
  Testbed bed;
  replay(bed,
         {{"POST",
           "./lxc",
           "vmid=101  " + k_tmpl +
               "  storage=data  unprivileged=1  hostname=web.lan  "
               "net0=name=eth0,bridge=vmbr0,ip=10.99.0.50/24,gw=10.99.0.1  "
               "mp0=data:1,mp=/srv/data,backup=1  rootfs=1  password=secret1  start=1",
           200,
           "task OK"}});
  Json config = config_of(bed, 101);
  CHECK(net_without_mac(text_or(config, "net0")) ==
        "name=eth0,bridge=vmbr0,gw=10.99.0.1,ip=10.99.0.50/24,type=veth");
  CHECK(text_or(config, "net0").find("hwaddr=BC:24:11:") != std::string::npos);
  CHECK(text_or(config, "rootfs") == "data:101/vm-101-disk-0.raw,size=1G");
  CHECK(text_or(config, "mp0") == "data:101/vm-101-disk-1.raw,mp=/srv/data,backup=1,size=1G");
  CHECK_FALSE(config.contains("password"));
  const Json status = bed.data("/nodes/pve/lxc/101/status/current");
  CHECK(text_or(status, "status") == "running");
  CHECK(text_or(status, "name") == "web.lan");
  CHECK(get(status, "maxmem") == 536870912);
  CHECK(get(get(status, "ha"), "managed") == 0);
}

TEST_CASE("create and parameter errors read as they do on a real host") {
  Testbed bed;
  bed.make_container(100);
  const std::string enumeration =
      "'debian, devuan, ubuntu, centos, fedora, opensuse, archlinux, alpine, gentoo, nixos, "
      "unmanaged'";
  replay(
      bed,
      {{"POST",
        "./lxc",
        "vmid=100  " + k_tmpl + "  rootfs=data:1",
        500,
        "CT 100 already exists on node 'pve'"},
       {"POST",
        "./lxc",
        "vmid=110  ostemplate=local:vztmpl/none.tar.zst  rootfs=data:1",
        200,
        "task unable to create CT 110 - volume 'local:vztmpl/none.tar.zst' does not exist"},
       {"GET",
        "./lxc/110/config",
        "",
        500,
        "Configuration file 'nodes/pve/lxc/110.conf' does not exist"},
       {"POST",
        "./lxc",
        "vmid=110  " + k_tmpl + "  rootfs=nostore:1",
        500,
        "storage 'nostore' does not exist"},
       {"POST",
        "./lxc",
        "vmid=110  " + k_tmpl + "  storage=nostore",
        500,
        "storage 'nostore' does not exist"},
       {"POST",
        "./lxc",
        "vmid=110  " + k_tmpl + "  rootfs=data:1  net0=name=eth0,bridge=vmbr77  unprivileged=1",
        200,
        "task OK"},
       {"POST", "./lxc/110/status/start", "", 200, "task bridge 'vmbr77' does not exist"},
       {"DELETE", "./lxc/110", "", 200, "task OK"},
       {"POST",
        "./lxc",
        "vmid=110  " + k_tmpl + "  mp0=data:1,mp=/x",
        500,
        "mount points configured, but 'rootfs' not set - aborting"},
       {"POST",
        "./lxc",
        "vmid=110  " + k_tmpl + "  rootfs=data:1  features=bogus=1",
        400,
        "features| invalid format - format error\nfeatures.bogus: property is not defined in "
        "schema "
        "and the schema does not allow additional properties"},
       {"POST",
        "./lxc",
        "vmid=110  " + k_tmpl + "  rootfs=data:1  ostype=windows",
        400,
        "ostype| value 'windows' does not have a value in the enumeration " + enumeration},
       {"POST",
        "./lxc",
        "vmid=110  " + k_tmpl + "  rootfs=data:1  cores=two  onboot=true",
        400,
        "onboot| type check ('boolean') failed - got 'true'"},
       {"POST", "./lxc", "vmid=110", 400, "ostemplate| property is missing and it is not optional"},
       {"POST", "./lxc", k_tmpl, 400, "vmid| property is missing and it is not optional"},
       {"POST",
        "./lxc",
        "vmid=99  " + k_tmpl,
        400,
        "vmid| invalid format - value does not look like a valid VM ID"},
       {"POST",
        "./lxc",
        "vmid=109  " + k_tmpl + "  unique=1",
        400,
        "restore| missing property - 'unique' requires this property"},
       {"GET", "/cluster/nextid", "vmid=100", 400, "vmid| VM 100 already exists"},
       {"GET", "/cluster/nextid", "vmid=555", 200, R"("555")"},
       {"GET", "/cluster/nextid", "", 200, R"("101")"},
       {"GET",
        "/nodes/nonode/lxc",
        "",
        500,
        "hostname lookup 'nonode' failed - failed to get address info for: nonode: Temporary "
        "failure in name resolution"}});
}

TEST_CASE("destroying gives back the disks and the place in the pool") {
  Testbed bed;
  bed.post("/pools", {{"poolid", "web"}});
  bed.make_container(100, {{"pool", "web"}, {"mp0", "data:2,mp=/srv"}});
  CHECK(bed.data("/nodes/pve/storage/data/content").size() == 2);
  CHECK(get(bed.data("/pools/web"), "members").size() == 1);
  replay(bed, {{"DELETE", "./lxc/100", "purge=1", 200, "task OK"}});
  CHECK(bed.data("/nodes/pve/storage/data/content").empty());
  CHECK(get(bed.data("/pools/web"), "members").empty());
  CHECK(bed.data("/nodes/pve/lxc").empty());
}

TEST_CASE("a running, locked or protected container is not destroyed") {
  Testbed bed;
  bed.make_running(100);
  replay(bed,
         {{"DELETE", "./lxc/100", "", 500, "unable to destroy CT 100 - container is running"},
          {"PUT", "./lxc/100/config", "protection=1"},
          {"DELETE", "./lxc/100", "force=1", 500, "can't remove CT 100 - protection mode enabled"},
          {"PUT", "./lxc/100/config", "protection=0"},
          {"PUT", "./lxc/100/config", "lock=backup"},
          {"DELETE", "./lxc/100", "force=1", 500, "CT is locked (backup)"}});
  bed.make_running(101);
  replay(bed, {{"DELETE", "./lxc/101", "force=1", 200, "task OK"}});
}

TEST_CASE("a template can be downloaded from the index, and then containers made of it") {
  Testbed bed;
  const std::string file = "debian-12-standard_12.7-1_amd64.tar.zst";
  replay(bed,
         {{"POST", "./aplinfo", "storage=local  template=" + file, 200, "task OK"},
          {"POST",
           "./lxc",
           "vmid=100  ostemplate=local:vztmpl/" + file + "  rootfs=data:1",
           200,
           "task OK"}});
  CHECK(config_value(bed, 100, "ostype") == "debian");
}

}  // namespace aegis::test
