#include "kinds/proxmox/config_text.h"

#include <catch2/catch.hpp>

using namespace aegis;
using namespace aegis::proxmox;

TEST_CASE("a changed interface keeps its MAC address and what is not ours to know") {
  const Json net{{"bridge", "vmbr1"}, {"ip", "10.0.0.5/24"}, {"firewall", true}};
  CHECK(net_text("eth0",
                 net,
                 "name=eth0,bridge=vmbr0,gw=10.0.0.1,host-managed=1,hwaddr=BC:24:11:00:00:01,"
                 "ip=10.0.0.4/24,type=veth") ==
        "name=eth0,bridge=vmbr1,firewall=1,host-managed=1,hwaddr=BC:24:11:00:00:01,ip=10.0.0.5/24,"
        "type=veth");
}

TEST_CASE("a declared MAC address replaces the live one") {
  const Json net{{"bridge", "vmbr0"}, {"hwaddr", "BC:24:11:00:00:02"}};
  CHECK(net_text("eth0", net, "name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:01,type=veth") ==
        "name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:02,type=veth");
}

TEST_CASE("a new disk is asked for by storage and size, a present one keeps its volume") {
  const Json disk{{"storage", "local-zfs"}, {"size", "4GiB"}, {"mp", "/srv"}, {"backup", true}};
  CHECK(disk_text(disk, "") == "local-zfs:4,mp=/srv,backup=1");
  CHECK(disk_text(disk, "local-zfs:subvol-103-disk-1,mp=/srv,ro=1,size=4G") ==
        "local-zfs:subvol-103-disk-1,mp=/srv,backup=1,size=4G");
}

TEST_CASE("the text of a root disk keeps its volume, its size and unknown options") {
  const Json disk{{"storage", "local-zfs"}, {"size", "8GiB"}, {"mountoptions", {"noatime"}}};
  CHECK(disk_text(disk, "local-zfs:subvol-103-disk-0,future=1,ro=1,size=8G") ==
        "local-zfs:subvol-103-disk-0,future=1,mountoptions=noatime,size=8G");
}

TEST_CASE("a bind mount is written by its path") {
  CHECK(disk_text({{"volume", "/srv"}, {"mp", "/data"}, {"ro", true}}, "") == "/srv,mp=/data,ro=1");
}

TEST_CASE("a device is written by its path, with what is not ours to know") {
  CHECK(device_text({{"path", "/dev/net/tun"}}, "") == "/dev/net/tun");
  CHECK(device_text({{"path", "/dev/kvm"}, {"mode", "0666"}, {"gid", 108}, {"deny_write", true}},
                    "/dev/net/tun,future=1,uid=5") ==
        "/dev/kvm,deny-write=1,future=1,gid=108,mode=0666");
  CHECK(fulfils("dev0", "/dev/kvm,mode=0666", "mode=0666,path=/dev/kvm"));
  CHECK_FALSE(fulfils("dev0", "/dev/kvm", "/dev/kvm,mode=0666"));
}

TEST_CASE("another volume takes nothing over from the one before") {
  CHECK(disk_text({{"volume", "b:vol-2"}, {"mp", "/x"}}, "a:vol-1,mp=/x,size=4G") ==
        "b:vol-2,mp=/x");
}

TEST_CASE("what has Proxmox's default is deleted, never sent empty") {
  CHECK_FALSE(plain_text("onboot", {{"onboot", false}}, "1"));
  CHECK_FALSE(plain_text("features", Json::object(), "nesting=1,keyctl=1"));
  CHECK_FALSE(plain_text("nameserver", Json::object(), "1.1.1.1"));
  CHECK_FALSE(plain_text("description", Json::object(), "x"));
  CHECK_FALSE(plain_text("console", Json::object(), "0"));
  CHECK(plain_text("console", {{"console", false}}, "") == "0");
  CHECK(plain_text("memory", {{"memory", "1GiB"}}, "512") == "1024");
  CHECK(plain_text("nameserver", {{"nameserver", {"1.1.1.1", "8.8.8.8"}}}, "") ==
        "1.1.1.1 8.8.8.8");
}

TEST_CASE("features that the language does not know stay") {
  CHECK(plain_text("features", {{"features", {{"nesting", true}}}}, "future=1,keyctl=1") ==
        "future=1,nesting=1");
}

TEST_CASE("what was sent is recognised in what Proxmox made of it") {
  CHECK(fulfils("net0",
                "name=eth0,bridge=vmbr0",
                "name=eth0,bridge=vmbr0,hwaddr=BC:24:11:BE:63:4A,type=veth"));
  CHECK(fulfils("mp0", "local-zfs:4,mp=/a", "local-zfs:subvol-1-disk-0,mp=/a,size=4G"));
  CHECK(fulfils("tags", "b;A", "a;b"));
  CHECK(fulfils("nameserver", "1.1.1.1,8.8.8.8", "1.1.1.1 8.8.8.8"));
  CHECK(fulfils("description", "one", "one\n"));
  CHECK(fulfils("cpulimit", "0.5", "0.50"));
  CHECK_FALSE(fulfils("mp0", "local-zfs:4,mp=/a", "local-zfs:4,mp=/a,size=4G"));
  CHECK_FALSE(fulfils("mp0", "local-zfs:4,mp=/a", "other:subvol-1-disk-0,mp=/a,size=4G"));
  CHECK_FALSE(fulfils("net0", "name=eth0,bridge=vmbr1", "name=eth0,bridge=vmbr0"));
  CHECK_FALSE(fulfils("net0", "name=eth0,bridge=vmbr0", "name=eth0,bridge=vmbr0,firewall=1"));
  CHECK_FALSE(fulfils("rootfs", "a:v,size=8G", "a:v,quota=1,size=8G"));
  CHECK_FALSE(fulfils("memory", "1024", "512"));
  CHECK_FALSE(fulfils("hostname", "a", "b"));
}
